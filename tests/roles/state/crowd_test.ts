import { strict as assert } from "node:assert";
import { torture } from "../../../scripts/torture/game_crowd.ts";

/** Far fewer than the 500 of `scripts/torture/game_crowd.ts`, and for seconds instead of a minute. */
const CLIENTS = 60;
const SECONDS = 3;

Deno.test("StateRole tells a crowd of clients nothing that is for somebody else, and drops none", async () => {
  const { heartbeats, refused, unanswered, foreign, bombs } = await torture(CLIENTS, SECONDS);
  assert.ok(heartbeats >= CLIENTS * SECONDS);
  assert.deepEqual({ refused, unanswered, foreign, bombs }, {
    refused: 0,
    unanswered: 0,
    foreign: 0,
    bombs: 0,
  });
});
