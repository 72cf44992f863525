import { strict as assert } from "node:assert";
import { WAIT_REPLIES_MAX, WaitReplies } from "../../../src/roles/heartbeat/reply.ts";

Deno.test("WaitReplies tells each wait in whole numbers, whatever was asked for before", () => {
  const replies = new WaitReplies();
  for (let time = 0; time < 2; time++) {
    for (let wait = 0.5; wait < 2 * WAIT_REPLIES_MAX; wait += 0.5) {
      assert.deepEqual(replies.reply(wait), { outcome: "done", body: String(Math.ceil(wait)) });
    }
  }
  assert.equal(replies.reply(6_000), replies.reply(6_000), "one for all");
});
