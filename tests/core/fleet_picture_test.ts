import { strict as assert } from "node:assert";
import { fc } from "../packages/fast_check.ts";
import {
  type DocumentHead,
  FLEET_HOSTS_MAX,
  FleetPicture,
  type HeardBeat,
} from "../../src/core/fleet_picture.ts";
import { CONDITIONS } from "../../src/core/verdict.ts";

const COUNTS = Object.fromEntries(
  CONDITIONS.map((condition) => [condition, 0]),
) as HeardBeat["counts"];

function beat(epoch: number, n: number, seq = 0, ageMs = 0): HeardBeat {
  return { epoch, n, seq, ageMs, verdict: "well", counts: COUNTS, tells: false };
}

function head(epoch: number, seq: number): DocumentHead {
  const texts = { version: "1", url: null, label: null, headline: "" };
  return { epoch, seq, ...texts, verdict: "well", counts: COUNTS };
}

const bytes = Uint8Array.of(1);

Deno.test("FleetPicture keeps a document without the rest of what came with it", () => {
  const picture = new FleetPicture();
  const read = new Uint8Array(65_536).fill(7);
  picture.document("a", head(1, 1), read.subarray(100, 200), 0);
  const kept = picture.get("a")?.document?.bytes ?? assert.fail();
  assert.equal(kept.byteLength, 100);
  assert.ok(kept.buffer.byteLength <= 1_024, `${kept.buffer.byteLength} bytes`);
  read.fill(0);
  assert.ok(kept.every((byte) => byte === 7), "whoever read it may use its buffer again");
});

Deno.test("FleetPicture keeps a host's next document where the one before was", () => {
  const picture = new FleetPicture();
  const memory = new Set<ArrayBufferLike>();
  for (let seq = 1; seq <= 100; seq++) {
    const text = new Uint8Array(7_000 + seq).fill(seq);
    picture.document("a", head(1, seq), text, 0);
    const kept = picture.get("a")?.document?.bytes ?? assert.fail();
    assert.deepEqual(kept, text);
    memory.add(kept.buffer);
  }
  assert.equal(memory.size, 1);
  // A host that lists its members no more does not keep their room.
  picture.document("a", head(2, 1), new Uint8Array(10), 0);
  const kept = picture.get("a")?.document?.bytes ?? assert.fail();
  assert.deepEqual([kept.byteLength, kept.buffer.byteLength], [10, 1_024]);
});

Deno.test("FleetPicture: whatever the order and however often, the newest of each host is left", () => {
  const messages = fc.array(
    fc.record({
      host: fc.constantFrom("a", "b", "c"),
      kind: fc.constantFrom("beat", "document"),
      epoch: fc.nat(3),
      number: fc.nat(5),
    }),
    { maxLength: 60 },
  );
  fc.assert(fc.property(messages, (list) => {
    const picture = new FleetPicture();
    const taken = new Map<string, string[]>();
    list.forEach(({ host, kind, epoch, number }, now) => {
      const merged = kind === "beat"
        ? picture.beat(host, beat(epoch, number), now)
        : picture.document(host, head(epoch, number), bytes, now);
      const key = `${host} ${kind}`;
      if (merged === "taken") taken.set(key, [...taken.get(key) ?? [], `${epoch}.${number}`]);
    });
    for (const kind of ["beat", "document"]) {
      for (const host of ["a", "b", "c"]) {
        const all = list.filter((one) => one.host === host && one.kind === kind)
          .map(({ epoch, number }) => `${epoch}.${number}`).sort();
        const known = picture.get(host);
        const { epoch, n } = known?.beat ?? {};
        const found = kind === "beat"
          ? (known?.beat && `${epoch}.${n}`)
          : (known?.document && `${known.document.epoch}.${known.document.seq}`);
        assert.equal(found, all.at(-1), `${host} ${kind}`);
        // Each that was taken was newer than the one before.
        const steps = taken.get(`${host} ${kind}`) ?? [];
        assert.deepEqual(steps, [...new Set(steps)].sort());
      }
    }
  }));
});

Deno.test("FleetPicture: a repeated or earlier beat proves nothing", () => {
  const picture = new FleetPicture();
  assert.equal(picture.beat("a", beat(5, 2), 0), "taken");
  assert.equal(picture.beat("a", beat(5, 2), 1), "old");
  assert.equal(picture.beat("a", beat(5, 1), 2), "old");
  assert.equal(picture.beat("a", beat(4, 9), 3), "old");
  assert.equal(picture.beat("a", beat(6, 1), 4), "taken");
});

for (
  const [what, forged] of [
    ["of a run that can have none after it", beat(Number.MAX_SAFE_INTEGER, 1, 1)],
    ["with the last number of the host's own run", beat(5, Number.MAX_SAFE_INTEGER, 9)],
  ] as const
) {
  Deno.test(`FleetPicture: a forged beat ${what} silences a host for less than a loss`, () => {
    const picture = new FleetPicture();
    picture.beat("a", beat(5, 1, 1), 0);
    picture.document("a", head(5, 1), bytes, 0);
    picture.document("a", head(forged.epoch, forged.seq), bytes, 1);
    assert.equal(picture.beat("a", forged, 1), "taken");
    const merged = [5_000, 10_000, 15_000].map((at, index) =>
      picture.beat("a", beat(5, 2 + index, 1), at)
    );
    assert.deepEqual(merged, ["old", "old", "taken"]);
    assert.equal(picture.get("a")?.document, undefined, "the forged document goes with it");
    assert.equal(picture.lacksDocument("a"), true);
    assert.equal(picture.document("a", head(5, 1), bytes, 15_001), "taken");
  });
}

Deno.test("FleetPicture: of two hosts with one name, the one that counts goes on counting", () => {
  const picture = new FleetPicture();
  for (let n = 1; n < 20; n++) {
    assert.equal(picture.beat("a", beat(6, n), 5_000 * n), "taken");
    assert.equal(picture.beat("a", beat(5, n), 5_000 * n + 2_000), "old");
  }
});

Deno.test("FleetPicture: what a broker kept of an earlier run is none that goes on", () => {
  const picture = new FleetPicture();
  picture.beat("a", beat(6, 1), 0);
  for (let n = 1; n < 20; n++) assert.equal(picture.beat("a", beat(5, n), 18_000 + n), "old");
});

Deno.test("FleetPicture gives up a document that its host does not know", () => {
  const picture = new FleetPicture();
  picture.document("a", head(Number.MAX_SAFE_INTEGER, 1), bytes, 0);
  for (const [n, at] of [[1, 0], [2, 5_000]] as const) picture.beat("a", beat(5, n, 3), at);
  assert.ok(picture.get("a")?.document, "a beat may have been on its way");
  picture.beat("a", beat(5, 3, 3), 10_000);
  assert.equal(picture.get("a")?.document, undefined);
  assert.equal(picture.document("a", head(5, 3), bytes, 10_001), "taken");
});

Deno.test("FleetPicture knows which document is missing", () => {
  const picture = new FleetPicture();
  assert.equal(picture.lacksDocument("a"), false);
  picture.beat("a", beat(5, 1, 0), 0);
  assert.equal(picture.lacksDocument("a"), false, "it has none");
  picture.beat("a", beat(5, 2, 3), 0);
  assert.equal(picture.lacksDocument("a"), true);
  picture.document("a", head(5, 2), bytes, 0);
  assert.equal(picture.lacksDocument("a"), true, "an older one");
  picture.document("a", head(5, 3), bytes, 0);
  assert.equal(picture.lacksDocument("a"), false);
  picture.beat("a", beat(6, 1, 1), 0);
  assert.equal(picture.lacksDocument("a"), true, "of an earlier run");
});

Deno.test("FleetPicture: a document is as old as its host says, whichever comes first", () => {
  const picture = new FleetPicture();
  picture.document("a", head(5, 3), bytes, 100_000);
  assert.equal(picture.get("a")?.document?.writtenAt, 100_000);
  picture.beat("a", beat(5, 1, 3, 60_000), 101_000);
  assert.equal(picture.get("a")?.document?.writtenAt, 41_000);
  picture.beat("b", beat(5, 1, 3, 60_000), 101_000);
  picture.document("b", head(5, 3), bytes, 101_000);
  assert.equal(picture.get("b")?.document?.writtenAt, 41_000);
});

Deno.test("FleetPicture has room for a number of hosts, and for another once one is forgotten", () => {
  const picture = new FleetPicture(2);
  picture.beat("a", beat(1, 1), 0);
  picture.document("b", head(1, 1), bytes, 0);
  assert.equal(picture.beat("c", beat(1, 1), 0), "full");
  assert.equal(picture.document("c", head(1, 1), bytes, 0), "full");
  assert.equal(picture.size, 2);
  picture.forget("a");
  assert.equal(picture.beat("c", beat(1, 1), 0), "taken");
  for (const wrong of [0, -1, 1.5, NaN, FLEET_HOSTS_MAX + 1]) {
    assert.throws(() => new FleetPicture(wrong), RangeError, String(wrong));
  }
});
