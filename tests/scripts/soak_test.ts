import { strict as assert } from "node:assert";
import { Display } from "../../scripts/soak/display.ts";
import { growthOf } from "../../scripts/soak/figures.ts";
import { LawBook } from "../../scripts/soak/law_book.ts";
import { PayloadJournal } from "../../scripts/soak/payload_journal.ts";
import { reportText } from "../../scripts/soak/report.ts";
import { soak } from "../../scripts/soak/run.ts";
import { type Reading, slopeOf } from "../../scripts/soak/slope.ts";
import { randomFrom } from "../../scripts/torture/random.ts";
import { readRecordingFile } from "../../src/store/recordings.ts";
import { encodeNulPacket, KEEPALIVE_PACKET } from "../../src/wire/hev/nul_packet.ts";
import { readRecording } from "../../src/wire/hev/recording.ts";
import { eventually } from "../support/eventually.ts";

const HOUR_MS = 3_600_000;
const EVERY_MS = 10_000;

/** Readings of one life of an hour. */
function readings(life: number, valueAt: (hours: number, index: number) => number): Reading[] {
  return Array.from({ length: HOUR_MS / EVERY_MS }, (_, index) => {
    const atMs = index * EVERY_MS;
    return { life, atMs: life * HOUR_MS + atMs, value: valueAt(atMs / HOUR_MS, index) };
  });
}

Deno.test("slopeOf() finds growth under noise, and says how sure it is", () => {
  const random = randomFrom(1);
  const slope = slopeOf(readings(0, (hours) => 1_000 + 50 * hours + 20 * (random() - 0.5)));
  assert.ok(slope !== undefined);
  assert.ok(Math.abs(slope.perHour - 50) < slope.bandPerHour, `${slope.perHour}`);
  assert.ok(slope.bandPerHour < 5, `${slope.bandPerHour}`);
});

Deno.test("slopeOf() takes the levels of different lives for no growth", () => {
  const lives = [0, 1, 2, 3].flatMap((life) =>
    readings(life, (_, index) => 100 * life + index % 2)
  );
  const slope = slopeOf(lives);
  assert.ok(slope !== undefined && Math.abs(slope.perHour) <= slope.bandPerHour);
  const growing = [0, 1, 2, 3].flatMap((life) => readings(life, (hours) => 9 - life + 7 * hours));
  const found = slopeOf(growing)?.perHour ?? NaN;
  assert.ok(Math.abs(found - 7) < 1e-6, `${found}`);
});

Deno.test("slopeOf() is less sure of readings that follow each other in waves", () => {
  const waves = slopeOf(readings(0, (_, index) => Math.floor(index / 30) % 2));
  const noise = slopeOf(readings(0, (_, index) => index % 2));
  assert.ok(waves !== undefined && noise !== undefined);
  assert.ok(waves.bandPerHour > 3 * noise.bandPerHour);
});

Deno.test("slopeOf() tells nothing from too few readings", () => {
  assert.equal(slopeOf([]), undefined);
  assert.equal(slopeOf(readings(0, () => 1).slice(0, 3)), undefined);
});

Deno.test("growthOf() tells growth from noise, and from what was observed for minutes only", () => {
  const random = randomFrom(2);
  const noisy = (perHour: number) =>
    readings(0, (hours) => 100 + perHour * hours + 4 * (random() - 0.5));
  assert.equal(growthOf(noisy(6), 4), "grows");
  assert.equal(growthOf(noisy(0), 4), "flat");
  assert.equal(growthOf(noisy(6).slice(0, 60), 4), "too short to tell");
  const waves = readings(0, (_, index) => 90 * (Math.floor(index / 60) % 2));
  assert.equal(growthOf(waves, 4), "too short to tell");
});

Deno.test("LawBook keeps the first breach of a law, and takes no number for a breach", () => {
  const book = new LawBook();
  assert.deepEqual(book.check([{ law: "a", value: 1, atLeast: 1, atMost: 2 }]), []);
  assert.deepEqual(book.check([{ law: "a", value: 3, atMost: 2 }]), ["a: 3, must be <= 2"]);
  assert.deepEqual(
    book.check([{ law: "a", value: NaN, atLeast: 1, atMost: 2, detail: "why" }]),
    ["a: NaN, must be >= 1 and <= 2 (why)"],
  );
  assert.deepEqual(book.rows, [{ law: "a", checks: 3, broken: 2, breach: "a: 3, must be <= 2" }]);
});

/** Lets a display hear payloads by their numbers in the recording; negative ones nobody has sent. */
async function faultsOf(heard: readonly number[]): Promise<Display["faults"]> {
  const recording = readRecording(readRecordingFile("dump-AA-20200526.dump"));
  assert.ok(!("reason" in recording));
  const journal = new PayloadJournal(4);
  const watched = journal.watch(recording);
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  const places = { hevNative: port, hevQuery: port, hevWeb: port } as never;
  await using display = new Display("native", places, journal, new AbortController().signal);
  using conn = await listener.accept();
  // Two controllers of ten payloads; the host has acknowledged all but two of the first one's.
  for (let number = 0; number < 10; number++) watched.step(number, 0);
  journal.unplugged(2);
  for (let number = 10; number < 20; number++) watched.step(number, 0);
  const packets = heard.map((number) => {
    const { payload } = number < 0 ? recording.step(-number, 1) : recording.step(number, 0);
    return encodeNulPacket(payload, []);
  });
  for (const packet of [...packets, KEEPALIVE_PACKET]) await conn.write(packet);
  await eventually("packet", () => display.packets === heard.length + 1);
  return display.faults;
}

Deno.test("a display that gets each payload once and in order has no faults", async () => {
  const whole = { missing: 0, repeated: 0, invented: 0, first: "" };
  // What greets it may be any payload; the last ones of an unplugged controller may be missing.
  assert.deepEqual(await faultsOf([0, 4, 5, 6, 7, 10, 11]), whole);
  assert.deepEqual(await faultsOf([3, 4, 5, 6, 7, 8, 9, 10]), whole);
  assert.deepEqual(await faultsOf([3, 6, 7, 8, 10, 11]), whole);
});

Deno.test("a display counts payloads that it misses, gets again or that nobody sent", async () => {
  const counted = async (heard: readonly number[]) => {
    const { missing, repeated, invented } = await faultsOf(heard);
    return { missing, repeated, invented };
  };
  const none = { missing: 0, repeated: 0, invented: 0 };
  assert.deepEqual(await counted([0, 1, 3, 5, 7]), { ...none, missing: 3 });
  assert.deepEqual(await counted([0, 4, 5, 10, 11]), { ...none, missing: 2 });
  assert.deepEqual(await counted([0, 1, 2, 2, 3]), { ...none, repeated: 1 });
  assert.deepEqual(await counted([0, 1, 2, 4, 3]), { ...none, missing: 1, repeated: 1 });
  assert.deepEqual(await counted([0, 1, 2, -5, 3]), { ...none, invented: 1 });
});

/** A busy machine needs longer until everything has happened. In milliseconds. */
const SOAKS_MS = [9_000, 20_000, 40_000];
const HAPPENINGS = [
  "outages told",
  "publications that were dropped for it",
  "SIGHUP",
  "payloads that displays got in order",
];

Deno.test("a soak of some seconds, with a kill, ends well and has looked at every law", async () => {
  let missing: string[] = [];
  for (const forMs of SOAKS_MS) {
    missing = await soakWell(forMs);
    if (missing.length === 0) break;
  }
  assert.deepEqual(missing, []);
});

/** What a soak that ended well has not looked at. */
async function soakWell(forMs: number): Promise<string[]> {
  const lines: string[] = [];
  const report = await soak({
    forMs,
    sampleMs: 500,
    lifeMs: 6_000,
    seed: 1,
    applications: 4,
    pace: {
      beatMs: 300,
      delayMs: 0,
      leaseMs: 3_000,
      timebombMs: 4_000,
      tellingMs: 30_000,
      actMs: 800,
      chaosMs: 400,
    },
    signal: new AbortController().signal,
    onLine: (line) => lines.push(line),
  });
  assert.ok(report.isWell, `${lines.join("\n")}\n${reportText(report)}`);
  assert.match(reportText(report), /\nwell$/);
  const unseen = report.laws.filter(({ checks }) => checks === 0).map(({ law }) => law);
  const missing = HAPPENINGS.filter((what) => !report.counts[what]);
  return [...unseen, ...missing, ...(report.kills >= 1 ? [] : ["a kill"])];
}
