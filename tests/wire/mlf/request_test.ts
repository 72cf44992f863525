import { strict as assert } from "node:assert";
import { parseGameRequest } from "../../../src/wire/mlf/request.ts";

const ask = (...words: string[]) =>
  parseGameRequest(words.map((word) => new TextEncoder().encode(word)));

Deno.test("parseGameRequest reads each request", () => {
  assert.deepEqual(ask("GetClientState", "1"), { command: "get", clientId: "1" });
  assert.deepEqual(ask("ListClients"), { command: "list" });
  const set = { command: "set", clientId: "1", state: "RUNNING" };
  assert.deepEqual(ask("SetClientState", "1", "RUNNING"), set);
  assert.deepEqual(ask("SetClientState\0", "1\0", "3\0"), set);
});

Deno.test("parseGameRequest answers everything else with one sentence", () => {
  const wrong = [
    ask(),
    ask("GetClientState"),
    ask("GetClientState", "a b"),
    ask("SetClientState", "", "RUNNING"),
    ask("SetClientState", "1", "UP"),
    ask("\x1b[31mred"),
    ask("x".repeat(1_000)),
  ];
  for (const request of wrong) {
    assert.equal(request.command, "error");
    assert.match("message" in request ? request.message : "", /^Cannot [\x20-\x7e]{5,200}[^.]$/);
  }
});

Deno.test("parseGameRequest shows 80 characters of a word that it does not know", () => {
  const messageOf = (length: number) => {
    const request = ask("x".repeat(length));
    return "message" in request ? request.message : "";
  };
  const known = "known are GetClientState, SetClientState, ListClients";
  for (const length of [79, 80]) {
    assert.equal(messageOf(length), `Cannot answer "${"x".repeat(length)}": ${known}`);
  }
  assert.equal(messageOf(81), messageOf(80));
});
