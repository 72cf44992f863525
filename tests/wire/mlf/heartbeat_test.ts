import { strict as assert } from "node:assert";
import { fc } from "../../packages/fast_check.ts";
import { encodeGameHeartbeat, parseGameHeartbeat } from "../../../src/wire/mlf/heartbeat.ts";
import { HEARTBEAT_CASES } from "./cases.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

for (const { name, body, id, state, wrong } of HEARTBEAT_CASES) {
  Deno.test(`parseGameHeartbeat reads ${name}`, () => {
    const result = parseGameHeartbeat(bytes(body));
    if ("clientId" in result) {
      assert.equal(wrong, undefined, "it should have been refused");
      assert.equal(result.clientId, id);
      assert.equal(result.clientState, state);
      // What is written is the same heartbeat, spelled as the original client spells it.
      assert.deepEqual(parseGameHeartbeat(bytes(encodeGameHeartbeat(result))), result);
    } else {
      assert.deepEqual(result.map(({ loc }) => loc.at(-1)), wrong);
      for (const { msg } of result) assert.match(msg, /^Cannot read .+: it .+[^.]$/);
    }
  });
}

Deno.test("encodeGameHeartbeat writes what the original client writes", () => {
  const [{ body } = { body: "" }] = HEARTBEAT_CASES;
  const heartbeat = parseGameHeartbeat(bytes(body));
  assert.ok("clientId" in heartbeat);
  assert.equal(encodeGameHeartbeat(heartbeat), body);
});

Deno.test("parseGameHeartbeat survives any bytes", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (body) => {
    assert.ok(!("clientId" in parseGameHeartbeat(body)));
  }));
  fc.assert(fc.property(fc.json(), (body) => {
    assert.ok(!("clientId" in parseGameHeartbeat(bytes(body))));
  }));
});
