import { strict as assert } from "node:assert";
import { membersMeant, severalMeant } from "../../src/core/member_names.ts";

const STATIONS = new Map([["192.0.2.1", "hall"]]);

function member(name: string, address: string, protocol = "") {
  return { id: `${protocol}${name} @ ${address}`, name, address };
}

const TETRIS = member("tetris", "192.0.2.1", "a/");
const OTHER_TETRIS = member("tetris", "192.0.2.2", "b/");
const PONG = member("pong", "192.0.2.2", "c/");
/** A name that looks like a member in full. */
const TRAP = member("tetris @ hall", "192.0.2.3");

function meant(text: string, members = [TETRIS, OTHER_TETRIS, PONG]) {
  return membersMeant(text, members, ({ address }) => STATIONS.get(address));
}

Deno.test("membersMeant finds members by identity, by name and place, and by name", () => {
  const cases = [
    ["a/tetris @ 192.0.2.1", [TETRIS]],
    ["tetris @ 192.0.2.2", [OTHER_TETRIS]],
    ["tetris @ hall", [TETRIS]],
    ["pong", [PONG]],
    ["tetris", [TETRIS, OTHER_TETRIS]],
    ["tetris @ attic", []],
    ["pong @ hall", []],
    ["tetris @ undefined", []],
    ["192.0.2.1", []],
    ["", []],
  ] as const;
  for (const [text, members] of cases) assert.deepEqual(meant(text), members, text);
});

Deno.test("membersMeant prefers a name with its place to a name that looks like one", () => {
  assert.deepEqual(meant("tetris @ hall", [TRAP, TETRIS]), [TETRIS]);
  assert.deepEqual(meant("tetris @ hall", [TRAP, PONG]), [TRAP]);
});

Deno.test("severalMeant lists at most ten candidates and counts the others", () => {
  const names = Array.from({ length: 12 }, (_, index) => `m${index}`);
  const quoted = names.map((name) => `"${name}"`);
  const sentence = (count: number) => severalMeant("m", names.slice(0, count));
  const start = (count: number) => `"m" is the name of ${count} members: write one of `;
  assert.equal(sentence(2), `${start(2)}"m0", "m1"`);
  assert.equal(sentence(10), start(10) + quoted.slice(0, 10).join(", "));
  assert.equal(sentence(11), `${start(11)}${quoted.slice(0, 10).join(", ")} and 1 more`);
  assert.equal(sentence(12), `${start(12)}${quoted.slice(0, 10).join(", ")} and 2 more`);
});
