import { strict as assert } from "node:assert";
import { fc } from "../../packages/fast_check.ts";
import { NONE } from "../../../src/core/slot_lists.ts";
import { ClientKeys, doorOf, portOf, socketOf } from "../../../src/roles/trigger/client_keys.ts";

Deno.test("doorOf is taken apart again", () => {
  fc.assert(fc.property(fc.nat(63), fc.nat(65_535), (socket, port) => {
    const door = doorOf(socket, port);
    assert.deepEqual([socketOf(door), portOf(door)], [socket, port]);
  }));
});

Deno.test("ClientKeys does what a map does", () => {
  const step = fc.record({
    remove: fc.boolean(),
    address: fc.nat(7),
    door: fc.oneof(fc.nat(7), fc.constantFrom(doorOf(1, 3), doorOf(63, 65_535))),
  });
  fc.assert(
    fc.property(fc.integer(), fc.array(step, { maxLength: 200 }), (seed, steps) => {
      const keys = new ClientKeys(4, seed);
      const model = new Map<string, number>();
      for (const { remove, address, door } of steps) {
        const key = `${address}/${door}`;
        const entry = keys.find(address, door);
        assert.equal(entry, model.get(key) ?? NONE);
        if (remove && entry !== NONE) {
          keys.release(entry);
          model.delete(key);
        } else if (entry === NONE) {
          if (keys.size === keys.capacity) keys.grow();
          const taken = keys.take(address, door);
          assert.ok(![...model.values()].includes(taken), "an entry has one key");
          model.set(key, taken);
        }
        assert.equal(keys.size, model.size);
        for (const [other, number] of model) {
          const [otherAddress, otherDoor] = other.split("/").map(Number);
          assert.equal(keys.find(otherAddress ?? NaN, otherDoor ?? NaN), number);
          assert.equal(keys.address(number), otherAddress);
          assert.equal(keys.door(number), otherDoor);
        }
      }
    }),
    { numRuns: 60 },
  );
});
