import { strict as assert } from "node:assert";
import { CONDITIONS } from "../../../src/core/verdict.ts";
import { JOIN_MS_MIN } from "../../../src/roles/fleet/options.ts";
import { type HostDescription, Teller } from "../../../src/roles/fleet/teller.ts";
import { decodeBeat } from "../../../src/wire/fleet/beat.ts";
import { decodeDocument } from "../../../src/wire/fleet/host_document.ts";

const COUNTS = Object.fromEntries(CONDITIONS.map((condition) => [condition, 0]));
const DESCRIPTION = {
  verdict: "well",
  headline: "All is well",
  counts: COUNTS,
  members: [],
} as unknown as HostDescription;

/** A host's teller, its time and what it has to tell. */
function host() {
  const state = { now: 1_000_000, description: DESCRIPTION };
  const teller = new Teller({
    ...{ version: "1", url: () => null, label: null, tells: false },
    now: () => state.now,
    describe: () => state.description,
  });
  return { state, teller };
}

Deno.test("Teller says nothing before it knows the number of its run", () => {
  const { teller } = host();
  assert.deepEqual([teller.beat(), teller.probe(), teller.document()], [
    undefined,
    undefined,
    undefined,
  ]);
});

Deno.test("Teller has news when something changed, and tells the same again after a long time", () => {
  const { state, teller } = host();
  teller.begin(7);
  const has = () => [teller.hasNews, teller.isStale];
  assert.deepEqual(has(), [true, true], "nothing was told yet");
  teller.document();
  assert.deepEqual(has(), [false, false]);
  state.now += 20_000;
  assert.deepEqual(has(), [false, false], "nothing happened for 20 s");
  state.description = { ...DESCRIPTION, headline: "One is late" };
  assert.deepEqual(has(), [true, false]);
  teller.document();
  assert.deepEqual(has(), [false, false]);
  state.description = { ...state.description, counts: { ...state.description.counts, late: 1 } };
  assert.deepEqual(has(), [true, false]);
  teller.document();
  state.now += 3_600_000;
  assert.deepEqual(has(), [false, true], "whoever missed it hears it again");
});

Deno.test("Teller numbers beats and documents, and a probe repeats the last beat", () => {
  const { state, teller } = host();
  teller.begin(7);
  const document = decodeDocument(teller.document() ?? new Uint8Array());
  assert.ok("seq" in document);
  assert.deepEqual([document.epoch, document.seq], [7, 1]);
  state.now += 1_500;
  const beats = [teller.beat(), teller.probe(), teller.beat()].map((bytes) => {
    const beat = decodeBeat(bytes ?? new Uint8Array());
    assert.ok("n" in beat);
    return [beat.n, beat.seq, beat.ageMs];
  });
  assert.deepEqual(beats, [[1, 1, 1_500], [1, 1, 1_500], [2, 1, 1_500]]);
});

Deno.test("Teller waits longer for changes the closer they follow each other, and forgets it in a pause", () => {
  const { state, teller } = host();
  teller.begin(7);
  const waitMs = () => {
    const ms = teller.joinMs();
    state.now += ms;
    teller.document();
    return ms / JOIN_MS_MIN;
  };
  assert.deepEqual([1, 2, 3, 4, 5].map(waitMs), [1, 2, 4, 8, 8], "up to two seconds");
  state.now += 60_000;
  assert.equal(waitMs(), 1);
});

Deno.test("Teller does not wait longer because it tells the same again", () => {
  const { state, teller } = host();
  teller.begin(7);
  for (let change = 0; change < 10; change++) {
    assert.equal(teller.joinMs(), JOIN_MS_MIN, `change ${change}`);
    for (let again = 0; again < 15; again++) {
      state.now += 1_000;
      teller.document();
    }
  }
});
