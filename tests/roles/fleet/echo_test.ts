import { strict as assert } from "node:assert";
import { Echo } from "../../../src/roles/fleet/echo.ts";
import type { Beat } from "../../../src/wire/fleet/beat.ts";

const OWN = { epoch: 7, n: 5 };
const beat = (epoch: number, n: number) => ({ epoch, n }) as Beat;

Deno.test("Echo: a host is deaf when its own words have not come back in time, and hears again", () => {
  const echo = new Echo();
  assert.equal(echo.isDeaf(1e9), false, "nothing was said");
  echo.sent(0);
  echo.sent(2_000);
  assert.equal(echo.isDeaf(2_500), false);
  assert.equal(echo.isDeaf(2_501), true, "the first word counts, not the last");
  echo.heard(beat(7, 1), OWN, 3_000);
  assert.equal(echo.isDeaf(1e9), false);
  assert.equal(echo.heardAt, 3_000);
});

Deno.test("Echo: another's words under our name are no proof that we hear ourselves", () => {
  const echo = new Echo();
  echo.sent(0);
  echo.heard(beat(8, 1), OWN, 100);
  assert.equal(echo.isDeaf(5_000), true);
});

Deno.test("Echo: a later run under our name is another host", () => {
  const echo = new Echo();
  echo.heard(beat(8, 1), OWN, 100);
  assert.equal(echo.isCloned(100), true);
  assert.equal(echo.isCloned(60_099), true);
  assert.equal(echo.isCloned(60_101), false, "it has gone");
});

Deno.test("Echo: an earlier run is another host only if it goes on", () => {
  const echo = new Echo();
  // What a broker kept of our own earlier run comes at once.
  for (let n = 1; n <= 20; n++) echo.heard(beat(6, n), OWN, 100 + n);
  assert.equal(echo.isCloned(200), false);
  const other = new Echo();
  for (const [n, at] of [[1, 0], [2, 5_000], [3, 10_000]] as const) {
    other.heard(beat(6, n), OWN, at);
  }
  assert.equal(other.isCloned(10_000), true);
  const repeated = new Echo();
  for (const at of [0, 5_000, 10_000, 15_000]) repeated.heard(beat(6, 1), OWN, at);
  assert.equal(repeated.isCloned(15_000), false, "one beat that comes again and again");
});

Deno.test("Echo: another host that outranks us is gone after its silence, and once", () => {
  const echo = new Echo();
  assert.equal(echo.takeGoneRival(1e9), undefined, "there was none");
  echo.heard(beat(6, 1), OWN, 50);
  assert.equal(echo.takeGoneRival(1e9), undefined, "an earlier run does not outrank us");
  echo.heard(beat(9, 1), OWN, 100);
  echo.heard(beat(8, 1), OWN, 5_100);
  assert.equal(echo.takeGoneRival(17_599), undefined);
  assert.equal(echo.takeGoneRival(17_600), 9, "the larger of two, since the later");
  assert.equal(echo.takeGoneRival(1e9), undefined, "it was taken");
});

Deno.test("Echo: what we have not said yet is another host's", () => {
  const echo = new Echo();
  echo.sent(0);
  echo.heard(beat(7, 6), OWN, 100);
  assert.equal(echo.isCloned(100), true);
  assert.equal(echo.isDeaf(5_000), true);
});
