import { strict as assert } from "node:assert";
import type { MemberInfo } from "../../src/clients/console_answers.ts";
import { matchMember } from "../../src/cli/member_match.ts";

function member(name: string, address: string): MemberInfo {
  return {
    id: `hilbert/${name} @ ${address}`,
    name,
    address,
    station: address === "10.0.0.1" ? "Foyer" : null,
    state: "ok",
    silentMs: 0,
    promiseMs: 1,
    deadlineInMs: 1,
    beats: 1,
    pause: null,
  };
}

const MEMBERS = [
  member("tetris", "127.0.0.1"),
  member("pong", "10.0.0.1"),
  member("pong", "10.0.0.2"),
];

const CASES: Record<string, string> = {
  "tetris": "hilbert/tetris @ 127.0.0.1",
  "pong @ 10.0.0.2": "hilbert/pong @ 10.0.0.2",
  "hilbert/pong @ 10.0.0.2": "hilbert/pong @ 10.0.0.2",
  "zelda @ 10.0.0.9": 'No member is named "zelda @ 10.0.0.9"; pulsebox members lists them',
  "pong @ Foyer": "hilbert/pong @ 10.0.0.1",
  "pong @ Nowhere": 'No member is named "pong @ Nowhere"; pulsebox members lists them',
  "pong": '"pong" is the name of 2 members: write one of "pong @ 10.0.0.1", "pong @ 10.0.0.2"',
  "tetrsi": 'No member is named "tetrsi": did you mean tetris?',
  "planetarium": 'No member is named "planetarium"; pulsebox members lists them',
};

for (const [typed, expected] of Object.entries(CASES)) {
  Deno.test(`matchMember answers ${typed}`, () => {
    const match = matchMember(typed, MEMBERS);
    assert.equal("id" in match ? match.id : match.problem, expected);
  });
}

Deno.test("matchMember takes somebody who was never heard if he is expected", () => {
  const idOf = (typed: string) => matchMember(typed, MEMBERS, "expected");
  assert.deepEqual(idOf("zelda @ Foyer"), { id: "hilbert/zelda @ Foyer" });
  assert.deepEqual(idOf("zelda"), { id: "hilbert/zelda @ 127.0.0.1" });
  assert.deepEqual(idOf("tetris"), { id: "hilbert/tetris @ 127.0.0.1" });
  assert.ok("problem" in idOf("pong"));
});
