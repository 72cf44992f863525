import { strict as assert } from "node:assert";
import { seldom } from "../../src/appliance/seldom.ts";

Deno.test("seldom tells each text once a minute, whatever comes between", () => {
  let now = 0;
  const told: string[] = [];
  const tell = seldom(() => now, (text) => void told.push(`${now} ${text}`));
  for (; now < 150_000; now += 1_000) {
    tell("a peer at the wrong port");
    if (now === 30_000) tell("another");
  }
  assert.deepEqual(told, [
    "0 a peer at the wrong port",
    "30000 another",
    "60000 a peer at the wrong port",
    "120000 a peer at the wrong port",
  ]);
});

Deno.test("seldom remembers a bounded number of texts", () => {
  const told: string[] = [];
  const tell = seldom(() => 0, (text) => void told.push(text));
  for (let index = 0; index < 250; index++) tell(`text ${index}`);
  assert.equal(told.length, 250);
  // What was forgotten is told again; what was not, is not.
  tell("text 249");
  assert.equal(told.length, 250);
});
