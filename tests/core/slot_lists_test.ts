import { strict as assert } from "node:assert";
import { fc } from "../packages/fast_check.ts";
import { NONE, SlotLists } from "../../src/core/slot_lists.ts";

function entries(lists: SlotLists, slot: number): number[] {
  const found: number[] = [];
  for (let entry = lists.head(slot); entry !== NONE; entry = lists.next(entry)) found.push(entry);
  return found;
}

Deno.test("SlotLists agrees with one array for each slot", () => {
  const turn = fc.tuple(fc.nat({ max: 39 }), fc.nat({ max: 63 }));
  fc.assert(fc.property(fc.array(turn, { maxLength: 300 }), (turns) => {
    const lists = new SlotLists(64, 20);
    lists.grow(40);
    const model: number[][] = Array.from({ length: 64 }, () => []);
    const home = new Map<number, number>();
    for (const [entry, slot] of turns) {
      const old = home.get(entry);
      if (old !== undefined) {
        lists.unlink(entry, old);
        model[old] = model[old]?.filter((other) => other !== entry) ?? [];
        home.delete(entry);
      } else {
        lists.link(entry, slot);
        model[slot]?.unshift(entry);
        home.set(entry, slot);
      }
    }
    for (const [slot, expected] of model.entries()) {
      assert.deepEqual(entries(lists, slot), expected);
    }
    for (let slot = 0; slot < 64; slot++) {
      let distance = 0;
      while (distance < 64 && model[(slot + distance) % 64]?.length === 0) distance++;
      const expected = distance < 64 ? distance : NONE;
      assert.equal(lists.distanceToOccupied(slot, 64), expected);
      assert.equal(lists.distanceToOccupied(slot, distance), NONE);
      if (distance < 64) assert.equal(lists.distanceToOccupied(slot, distance + 1), distance);
    }
  }));
});

Deno.test("SlotLists keeps its lists when it grows", () => {
  const lists = new SlotLists(32, 2);
  lists.link(0, 31);
  lists.link(1, 31);
  lists.grow(4);
  lists.link(3, 31);
  lists.unlink(1, 31);
  assert.deepEqual(entries(lists, 31), [3, 0]);
});
