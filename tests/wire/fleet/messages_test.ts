import { strict as assert } from "node:assert";
import { fc } from "../../packages/fast_check.ts";
import { CONDITIONS, VERDICT_WORDS } from "../../../src/core/verdict.ts";
import { type Beat, BEAT_BYTES_MAX, decodeBeat, encodeBeat } from "../../../src/wire/fleet/beat.ts";
import { isFleetViolation } from "../../../src/wire/fleet/fields.ts";
import {
  decodeDocument,
  decodeDocumentHead,
  DOCUMENT_BYTES_MAX,
  type DocumentMember,
  encodeDocument,
  type HostDocument,
} from "../../../src/wire/fleet/host_document.ts";
import { decodeTold, encodeTold, TOLD_BYTES_MAX } from "../../../src/wire/fleet/told_record.ts";
import { TOLD_KINDS, TOLD_PHASES, type ToldRecord } from "../../../src/core/told_log.ts";
import {
  FLEET_CHANNELS,
  fleetSubject,
  hostOfSubject,
  isFleetToken,
} from "../../../src/wire/fleet/subjects.ts";

const PLAIN = { noNullPrototype: true };
const count = fc.nat(Number.MAX_SAFE_INTEGER);
const counts = fc.record(
  Object.fromEntries(CONDITIONS.map((condition) => [condition, fc.nat(100_000)])),
  PLAIN,
) as unknown as fc.Arbitrary<Beat["counts"]>;
const beats: fc.Arbitrary<Beat> = fc.record({
  epoch: count,
  n: count,
  seq: count,
  ageMs: count,
  verdict: fc.constantFrom(...VERDICT_WORDS),
  counts,
  tells: fc.boolean(),
}, PLAIN);
const text = fc.string({ unit: "binary", maxLength: 100 });
const members: fc.Arbitrary<DocumentMember> = fc.record({
  id: text,
  name: text,
  station: fc.option(text),
  state: fc.constantFrom(...CONDITIONS),
  forMs: fc.nat(),
}, PLAIN);
const documents: fc.Arbitrary<HostDocument> = fc.record({
  epoch: count,
  seq: count,
  version: text,
  url: fc.option(text),
  label: fc.option(text),
  verdict: fc.constantFrom(...VERDICT_WORDS),
  headline: text,
  counts,
  members: fc.array(members, { maxLength: 20 }),
}, PLAIN);

const token = fc.stringMatching(/^[A-Za-z0-9_-]{1,63}$/);
const records: fc.Arbitrary<ToldRecord> = fc.record({
  kind: fc.constantFrom(...TOLD_KINDS),
  id: fc.uuid(),
  steward: token,
  phase: fc.constantFrom(...TOLD_PHASES),
  beat: fc.record({ epoch: count, n: count }, PLAIN),
  claim: count,
}, PLAIN);

Deno.test("a beat is read as it was written, in at most 512 bytes", () => {
  fc.assert(fc.property(beats, (beat) => {
    const bytes = encodeBeat(beat);
    assert.ok(bytes.length <= BEAT_BYTES_MAX, `${bytes.length} bytes`);
    assert.deepEqual(decodeBeat(bytes), beat);
  }));
});

Deno.test("a record of what was told is read as it was written, in at most 512 bytes", () => {
  fc.assert(fc.property(records, (record) => {
    const bytes = encodeTold(record);
    assert.ok(bytes.length <= TOLD_BYTES_MAX, `${bytes.length} bytes`);
    assert.deepEqual(decodeTold(bytes), record);
  }));
});

Deno.test("records that are none are refused", () => {
  const record = {
    v: 1,
    kind: "lost",
    id: "a",
    steward: "desk",
    phase: "lost",
    beat: { epoch: 1, n: 1 },
    claim: 0,
  };
  assert.ok(!isFleetViolation(decodeTold(json(record))));
  for (
    const wrong of [
      { kind: "found" },
      { phase: "lost?" },
      { id: "" },
      { id: "<b>" },
      { id: "x".repeat(65) },
      { steward: "a.b" },
      { steward: 1 },
      { beat: null },
      { beat: { epoch: -1, n: 0 } },
      { beat: { epoch: 1 } },
      { claim: 0.5 },
      { v: 2 },
    ]
  ) {
    const read = decodeTold(json({ ...record, ...wrong }));
    assert.ok(isFleetViolation(read), JSON.stringify(wrong));
  }
});

Deno.test("a document is read as it was written, and its head without the rest", () => {
  fc.assert(fc.property(documents, (document) => {
    const bytes = encodeDocument(document);
    assert.deepEqual(decodeDocument(bytes), document);
    const { members: _, ...head } = document;
    assert.deepEqual(decodeDocumentHead(bytes), head);
  }));
});

Deno.test("the head of a document is the same wherever its members stand, and whatever texts say", () => {
  const said = ',"members":[';
  const texts = { label: said, headline: `${said}{}]`, version: "," };
  const { members, ...rest } = { ...DOCUMENT, ...texts, counts: { ok: 1 } };
  const expected = { ...DOCUMENT_HEAD, ...texts };
  for (
    const [what, document] of Object.entries({
      last: { ...rest, members },
      first: { members, ...rest },
    })
  ) {
    const read = decodeDocumentHead(json(document));
    assert.deepEqual(read, { ...expected, counts: { ...NO_COUNTS, ok: 1 } }, what);
  }
});

Deno.test("the head of a document is read whatever its last part, the members, is", () => {
  for (const members of [[{}], new Array(5_000).fill(0), [{ id: 1 }]]) {
    const document = json({ ...DOCUMENT, members });
    assert.ok(isFleetViolation(decodeDocument(document)));
    assert.deepEqual(decodeDocumentHead(document), { ...DOCUMENT_HEAD, counts: NO_COUNTS });
  }
});

Deno.test("a document keeps as many members as fit into 64 KiB, the first ones", () => {
  for (const total of [1, 400, 1_000, 3_000]) {
    for (const length of [1, 60, 500]) {
      const all = Array.from({ length: total }, (_, index): DocumentMember => ({
        id: `hilbert/${"é".repeat(length)}${index} @ 10.0.0.1`,
        name: "é".repeat(length),
        station: "Hall <b>1</b>",
        state: "lost",
        forMs: 1,
      }));
      const base = { epoch: 1, seq: 1, version: "1", url: null, label: null, headline: "" };
      const zero = Object.fromEntries(CONDITIONS.map((one) => [one, 0])) as Beat["counts"];
      const bytes = encodeDocument({ ...base, verdict: "lost", counts: zero, members: all });
      assert.ok(bytes.length <= DOCUMENT_BYTES_MAX);
      const read = decodeDocument(bytes);
      assert.ok(!isFleetViolation(read));
      assert.deepEqual(read.members, all.slice(0, read.members.length));
      // One more would not have fit.
      const each = bytes.length / Math.max(read.members.length, 1);
      const isFull = read.members.length === Math.min(total, 1_000) ||
        bytes.length + 2 * each > DOCUMENT_BYTES_MAX;
      assert.ok(isFull, `${read.members.length} of ${total} in ${bytes.length} bytes`);
    }
  }
});

const DECODERS = [decodeBeat, decodeDocument, decodeDocumentHead, decodeTold];
const encoder = new TextEncoder();
const json = (value: unknown) => encoder.encode(JSON.stringify(value));
const BEAT = { v: 1, epoch: 1, n: 1, seq: 0, ageMs: 0, verdict: "well", counts: {} };
const DOCUMENT = {
  v: 1,
  epoch: 1,
  seq: 1,
  version: "1",
  verdict: "well",
  headline: "",
  counts: {},
  members: [],
};

const NO_COUNTS = Object.fromEntries(CONDITIONS.map((one) => [one, 0]));
const DOCUMENT_HEAD = {
  epoch: 1,
  seq: 1,
  version: "1",
  url: null,
  label: null,
  verdict: "well",
  headline: "",
};

const REFUSED: readonly (readonly [what: string, bytes: Uint8Array, problem: string])[] = [
  ["nothing", new Uint8Array(), "not JSON"],
  ["half of a message", json(BEAT).subarray(0, 20), "not JSON"],
  ["bytes that are no text", Uint8Array.of(0x7b, 0xff, 0x7d), "not JSON"],
  ["a list", json([]), "malformed"],
  ["null", json(null), "malformed"],
  ["no version", json({ ...BEAT, v: undefined }), "malformed"],
  ["a version that is no number", json({ ...BEAT, v: "1" }), "malformed"],
  ["a newer version", json({ ...BEAT, v: 2 }), "newer version"],
  ["an epoch below zero", json({ ...BEAT, ...DOCUMENT, epoch: -1 }), "malformed"],
  ["an epoch that is no whole number", json({ ...BEAT, ...DOCUMENT, epoch: 1.5 }), "malformed"],
  ["an epoch beyond what is exact", json({ ...BEAT, ...DOCUMENT, epoch: 2 ** 53 }), "malformed"],
  ["an unknown verdict", json({ ...BEAT, ...DOCUMENT, verdict: "fine" }), "malformed"],
  ["counts that are none", json({ ...BEAT, ...DOCUMENT, counts: { ok: "many" } }), "malformed"],
  ["counts of a prototype", json({ ...BEAT, ...DOCUMENT, counts: [] }), "malformed"],
  ["too much", json({ ...BEAT, more: "x".repeat(DOCUMENT_BYTES_MAX) }), "too large"],
];

for (const [what, bytes, problem] of REFUSED) {
  Deno.test(`fleet messages: ${what} is refused as ${problem}`, () => {
    for (const decode of DECODERS) {
      const read = decode(bytes);
      assert.ok(isFleetViolation(read), decode.name);
      assert.equal(read.problem, problem, decode.name);
    }
  });
}

Deno.test("fleet documents: members that are none are refused", () => {
  const member = { id: "hilbert/a", name: "a", forMs: 1 };
  for (
    const wrong of [
      1,
      null,
      [],
      { ...member, id: 1 },
      { ...member, name: undefined },
      { ...member, state: "asleep" },
      { ...member, station: 7 },
      { ...member, forMs: -1 },
      { ...member, name: "x".repeat(513) },
    ]
  ) {
    const read = decodeDocument(json({ ...DOCUMENT, members: [member, wrong] }));
    assert.ok(isFleetViolation(read), JSON.stringify(wrong).slice(0, 60));
  }
  const many = Array.from({ length: 1_001 }, () => member);
  assert.ok(isFleetViolation(decodeDocument(json({ ...DOCUMENT, members: many }))));
});

Deno.test("fleet messages: fields that are not known are ignored", () => {
  assert.ok(!isFleetViolation(decodeBeat(json({ ...BEAT, colour: "blue" }))));
  assert.ok(!isFleetViolation(decodeDocument(json({ ...DOCUMENT, colour: "blue" }))));
  // Whatever its name: nothing that a message holds makes it a refusal.
  assert.deepEqual(
    decodeDocument(json({ ...DOCUMENT, problem: "blue" })),
    decodeDocument(json(DOCUMENT)),
  );
  assert.deepEqual(decodeBeat(json({ ...BEAT, problem: "blue" })), decodeBeat(json(BEAT)));
});

Deno.test("fleet decoders take any bytes without throwing", () => {
  const near = fc.oneof(
    fc.uint8Array({ maxLength: 700 }),
    fc.json().map((one) => encoder.encode(one)),
    fc.tuple(fc.constantFrom(BEAT, DOCUMENT), fc.json(), fc.constantFrom(...Object.keys(DOCUMENT)))
      .map(([base, value, key]) => json({ ...base, [key]: JSON.parse(value) })),
  );
  fc.assert(
    fc.property(near, (bytes) => {
      for (const decode of DECODERS) {
        const read = decode(bytes);
        if (isFleetViolation(read)) assert.ok(read.detail.length < 200);
      }
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("fleet subjects name hosts, and nothing else does", () => {
  for (const channel of FLEET_CHANNELS) {
    for (const other of FLEET_CHANNELS) {
      const host = hostOfSubject(fleetSubject("museum", other, "pi-7"), channel);
      assert.equal(host, other === channel ? "pi-7" : undefined, `${other} as ${channel}`);
    }
  }
  for (
    const wrong of ["", "pulsebox.museum.beat", "pulsebox.museum.beat.a.b", "other.museum.beat.a"]
      .concat("pulsebox.museum.beat.*", "pulsebox.museum.beat.>", "pulsebox.museum.bet.a")
  ) {
    assert.equal(hostOfSubject(wrong, "beat"), undefined, wrong);
  }
  for (const wrong of ["", "a b", "a.b", "*", ">", "é", "x".repeat(64)]) {
    assert.equal(isFleetToken(wrong), false, wrong);
  }
});
