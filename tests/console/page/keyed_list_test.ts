/**
 * Children of an element in a new order, with few moves.
 */

import { strict as assert } from "node:assert";
import { arrange } from "../../../src/console/page/keyed_list.ts";

/** As much of an element as a list needs. */
class Part {
  readonly name: string;
  readonly children: Part[] = [];
  parent: Part | undefined;
  moves = 0;

  constructor(name: string) {
    this.name = name;
  }

  get firstElementChild(): Part | null {
    return this.children[0] ?? null;
  }

  get nextElementSibling(): Part | null {
    const others = this.parent?.children ?? [];
    return others[others.indexOf(this) + 1] ?? null;
  }

  remove(): void {
    this.parent?.children.splice(this.parent.children.indexOf(this), 1);
    this.parent = undefined;
  }

  insertBefore(part: Part, next: Part | null): void {
    this.moves++;
    part.remove();
    const place = next === null ? this.children.length : this.children.indexOf(next);
    this.children.splice(place, 0, part);
    part.parent = this;
  }
}

/** A list of parts in one order, brought into another. */
function arranged(before: string, after: string): { names: string; moves: number } {
  const parts = new Map([...before + after].map((name) => [name, new Part(name)]));
  const list = new Part("list");
  const partsOf = (names: string) => [...names].flatMap((name) => parts.get(name) ?? []);
  for (const part of partsOf(before)) list.insertBefore(part, null);
  list.moves = 0;
  arrange(list, partsOf(after));
  return { names: list.children.map(({ name }) => name).join(""), moves: list.moves };
}

Deno.test("arrange brings any children into any order", () => {
  let seed = 1;
  const random = (below: number) => (seed = seed * 48_271 % 2_147_483_647) % below;
  const some = () => {
    const all = [..."abcdefghij"];
    return Array.from({ length: random(11) }, () => all.splice(random(all.length), 1)).join("");
  };
  for (let round = 0; round < 500; round++) {
    const [before, after] = [some(), some()];
    assert.equal(arranged(before, after).names, after, `${before} to ${after}`);
  }
});

Deno.test("arrange moves one child if one has another place", () => {
  for (const after of ["abcdef", "fabcde", "bcdefa", "acdebf", "aebcdf", "bcdef", "xabcdef"]) {
    assert.ok(arranged("abcdef", after).moves <= 1, after);
  }
});
