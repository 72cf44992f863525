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

Deno.test("seldom tells a bounded number of different texts a minute, and counts the others", () => {
  let now = 0;
  const told: string[] = [];
  const tell = seldom(() => now, (text) => void told.push(text));
  for (let index = 0; index < 250; index++) tell(`text ${index}`);
  assert.equal(told.length, 30);
  now = 60_000;
  tell("text 249");
  assert.deepEqual(told.slice(30), ["220 more messages of this sort were not logged", "text 249"]);
});

Deno.test("seldom tells one text of each kind, whatever its details", () => {
  const told: string[] = [];
  const tell = seldom(() => 0, (text) => void told.push(text));
  for (let index = 0; index < 250; index++) tell(`not JSON: ${index} bytes`, "hall not JSON");
  tell("not JSON: 1 bytes", "foyer not JSON");
  assert.deepEqual(told, ["not JSON: 0 bytes", "not JSON: 1 bytes"]);
});
