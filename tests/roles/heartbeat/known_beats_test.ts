import { strict as assert } from "node:assert";
import { fc } from "../../packages/fast_check.ts";
import { Member } from "../../../src/core/member.ts";
import { Addresses } from "../../../src/roles/heartbeat/addresses.ts";
import { fnv1a } from "../../../src/roles/heartbeat/fnv1a.ts";
import {
  KNOWN_BEAT_BYTES_MAX,
  KNOWN_BEATS_MAX,
  type KnownBeat,
  KnownBeats,
  UNKNOWN_BEAT,
} from "../../../src/roles/heartbeat/known_beats.ts";
import { bytesOf } from "../../support/tcp.ts";
import { answerAsHttp, stationAndService } from "./virtual_station.ts";

/** What happens to a station: a request of a peer, or time goes by, or its operator does something. */
type Step =
  | { command: string; name: string; hostname: string }
  | { passMs: number }
  | { operator: "advance" | "pause" | "resume" | "host-pause" | "host-resume" };

const STEP: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: requestStep() },
  { weight: 3, arbitrary: fc.record({ passMs: fc.constantFrom(1, 700, 3_000, 20_000) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      operator: fc.constantFrom(
        "advance",
        "advance",
        "pause",
        "resume",
        "host-pause",
        "host-resume",
      ),
    }),
  },
);

function requestStep(): fc.Arbitrary<Step> {
  return fc.record({
    command: fc.constantFrom(
      "hb_ping?500&appid=",
      "hb_ping?900&appid=",
      // Whoever takes this for one target mixes the names up.
      "hb_ping?500&cache_buster=1&appid=",
      "x&appid=c/hb_ping?500&cache_buster=1&appid=",
      "hb_init?500&appid=",
      "hb_done?appid=",
    ),
    name: fc.constantFrom("a", "b"),
    hostname: fc.constantFrom("127.0.0.1", "192.0.2.7"),
  });
}

Deno.test("HeartbeatService does the same for a beat that it knows as for one that it takes apart", () => {
  const property = fc.property(
    fc.array(STEP, { maxLength: 60 }),
    fc.constantFrom("announced" as const, "learned" as const),
    (steps, waiting) => {
      const knowing = play(steps, waiting, () => "");
      // No target is sent twice, so that none can be known.
      const strange = play(steps, waiting, (index) => `&nonce=${index}`);
      assert.deepEqual(knowing, strange);
      assert.deepEqual(play(steps, waiting, (index) => `&cache_buster=1_${index}`), strange);
    },
  );
  fc.assert(property, { numRuns: 500 });
});

function play(
  steps: readonly Step[],
  waiting: "announced" | "learned",
  extra: (index: number) => string,
): unknown[] {
  const { station, service } = stationAndService({ waiting });
  const seen: unknown[] = [];
  for (const [index, step] of steps.entries()) {
    if ("passMs" in step) station.nowMs += step.passMs;
    else if ("operator" in step) operate(step.operator);
    else {
      const { command, name, hostname } = step;
      seen.push(answerAsHttp(service, `/${command}${name}${extra(index)}`, hostname));
    }
    for (const { id, state, beats, promiseMs, heardAt } of service.roster.values()) {
      seen.push([id, state, beats, promiseMs, heardAt]);
    }
  }
  station.members.advance(station.nowMs);
  seen.push(station.takeEvents(), station.misuses, station.wakes, service.counters.samples());
  return seen;

  function operate(action: string): void {
    const pause = { reason: "", until: station.nowMs + 5_000 };
    const member = service.roster.get("a @ 127.0.0.1");
    if (action === "advance") station.members.advance(station.nowMs);
    if (action === "host-pause") station.members.pauseAll(pause, station.nowMs);
    if (action === "host-resume") station.members.resumeAll("operator", station.nowMs);
    if (member === undefined) return;
    if (action === "pause") service.roster.pause(member, pause, station.nowMs);
    if (action === "resume") service.roster.resume(member, "operator", station.nowMs);
  }
}

Deno.test("HeartbeatService greets a known beat of an application that was gone as a new one", () => {
  const { station, service } = stationAndService();
  const beat = () => answerAsHttp(service, "/hb_ping?500&appid=a", "127.0.0.1");
  beat();
  beat();
  assert.equal(service.counters.misuses["ping-without-init"], 1);
  station.nowMs = 20_000;
  station.members.advance(station.nowMs);
  assert.equal(service.roster.get("a @ 127.0.0.1")?.state, "gone");
  beat();
  assert.equal(service.counters.misuses["ping-without-init"], 2);
});

Deno.test("HeartbeatService takes a name after the cache buster for no beat without a name", () => {
  const { service } = stationAndService();
  const ids = () => [...service.roster.values()].map(({ id, beats }) => [id, beats]);
  answerAsHttp(service, "/hb_ping?500", "127.0.0.1");
  answerAsHttp(service, "/hb_ping?500&cache_buster=1&appid=b", "127.0.0.1");
  answerAsHttp(service, "/hb_ping?500&cache_buster=2", "127.0.0.1");
  assert.deepEqual(ids(), [[" @ 127.0.0.1", 2], ["b @ 127.0.0.1", 1]]);
});

const ADDRESSES = new Addresses();

function known(beats: KnownBeats, target: string, hostname = "127.0.0.1"): KnownBeat | undefined {
  // Somewhere in a buffer, between other bytes.
  const bytes = bytesOf(`GET ${target} HTTP/1.1`);
  const beat = beats.find(bytes, 4, 4 + target.length, ADDRESSES.of(hostname));
  return beat < 0 ? undefined : { member: beats.member(beat), promiseMs: beats.promiseMs(beat) };
}

function keep(beats: KnownBeats, target: string, beat: KnownBeat, members = 1): void {
  beats.keep(target, ADDRESSES.of(beat.member.address), beat, members);
}

const target = (name: string | number) => `/a?1&appid=${name}`;

function beatFrom(address: string, promiseMs = 1): KnownBeat {
  return { member: new Member({ id: "", name: "", address }, promiseMs, 0), promiseMs };
}

const BEAT = beatFrom("127.0.0.1");

Deno.test("KnownBeats knows a beat by peer and by target up to the cache buster after the name", () => {
  const beats = new KnownBeats();
  assert.equal(known(beats, "/a?1&appid=b"), undefined);
  keep(beats, "/a?1&appid=b&cache_buster=1", BEAT);
  keep(beats, "/c?1&cache_buster=1&appid=d", BEAT);
  keep(beats, "/a&appid=b?1&cache_buster=1", BEAT);
  for (let time = 0; time < 3; time++) {
    for (const extra of ["&cache_buster=2", "&cache_buster=", "", "&cache_buster=1&appid=c"]) {
      assert.deepEqual(known(beats, `/a?1&appid=b${extra}`), BEAT, extra);
    }
    for (
      const other of [
        "/a?1&appid=b&",
        "/a?1&appid=b&cache_bust=1",
        "/a?1&appid=bb",
        "/a?1&appid=",
        "/a?1&appid=B",
        "/c?1&cache_buster=1&appid=d",
        "/c?1",
        "/a&appid=b?1",
        "",
      ]
    ) assert.equal(known(beats, other), undefined, other);
    assert.equal(known(beats, "/a?1&appid=b", "127.0.0.2"), undefined);
    const bytes = bytesOf("/a?1&appid=b");
    const cut = beats.find(bytes, 0, bytes.length - 1, ADDRESSES.of("127.0.0.1"));
    assert.equal(cut, UNKNOWN_BEAT, "what follows a target is not looked at");
  }
  const other = beatFrom("127.0.0.2");
  keep(beats, "/a?1&appid=b", other);
  assert.deepEqual(known(beats, "/a?1&appid=b", "127.0.0.2"), other);
  assert.deepEqual(known(beats, "/a?1&appid=b"), BEAT, "one of another host takes nobody's place");
  const again = { ...BEAT, promiseMs: 2.5 };
  keep(beats, "/a?1&appid=b", again);
  assert.deepEqual(known(beats, "/a?1&appid=b&cache_buster=3"), again);
});

/** Beats that come again and again in nearly the same order, as applications beat. */
const ROUNDS = fc.tuple(
  fc.array(
    fc.record({
      // Of which some begin like others.
      name: fc.constantFrom("", "a", "ab", "abc", "a&", "a&cache_buster", "b", "c"),
      address: fc.constantFrom("127.0.0.1", "192.0.2.7"),
      extra: fc.constantFrom("", "", "&cache_buster=", "&cache_buster=1_2", "&cache_bust"),
    }),
    { minLength: 1, maxLength: 12 },
  ),
  fc.integer({ min: 1, max: 6 }),
  fc.array(fc.nat(71), { maxLength: 6 }),
);

Deno.test("KnownBeats finds what was kept of each target, in whatever order they come", () => {
  const property = fc.property(ROUNDS, ([round, rounds, left]) => {
    const beats = new KnownBeats();
    const model = new Map<string, KnownBeat>();
    for (let at = 0; at < round.length * rounds; at++) {
      // Some are left out, so that others come sooner than they are expected.
      if (left.includes(at)) continue;
      const { name, address, extra } = round[at % round.length] as typeof round[number];
      const text = target(name) + extra;
      const key = `${address} ${text.split("&cache_buster=")[0]}`;
      assert.deepEqual(known(beats, text, address), model.get(key), text);
      if (model.has(key)) continue;
      const beat = beatFrom(address, at + 1);
      model.set(key, beat);
      keep(beats, text, beat);
    }
  });
  fc.assert(property, { numRuns: 2000 });
});

/** Two texts with the same hash; of 2^18 numbered ones about eight pairs have. */
function colliding(make: (index: number) => string): [string, string] {
  const seen = new Map<number, string>();
  for (let index = 0; index < 2 ** 18; index++) {
    const text = make(index);
    const other = seen.get(fnv1a(text));
    if (other !== undefined) return [other, text];
    seen.set(fnv1a(text), text);
  }
  throw new Error("Cannot test: no two texts have the same hash");
}

Deno.test("KnownBeats tells beats apart whose hashes are the same", () => {
  const beats = new KnownBeats();
  const nowhere = beatFrom("");
  const [one, other] = colliding((index) => `/hb_ping?500&appid=${(index * 7_919).toString(36)}`);
  keep(beats, one, nowhere);
  assert.deepEqual(known(beats, one, ""), nowhere);
  assert.equal(known(beats, other, ""), undefined);
  const [host, stranger] = colliding((index) =>
    `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`
  );
  const beat = beatFrom(host);
  keep(beats, "/hb_ping?500&appid=a", beat);
  assert.deepEqual(known(beats, "/hb_ping?500&appid=a", host), beat);
  assert.equal(known(beats, "/hb_ping?500&appid=a", stranger), undefined);
});

Deno.test("KnownBeats keeps nearly as many as it has places, and the newest always", () => {
  const beats = new KnownBeats();
  const kept = KNOWN_BEATS_MAX / 2;
  const isKnown = (name: string | number) => known(beats, target(name))?.member === BEAT.member;
  for (let index = 0; index < kept; index++) {
    keep(beats, target(index), BEAT);
    assert(isKnown(index));
  }
  let found = 0;
  for (let index = 0; index < kept; index++) if (isKnown(index)) found++;
  assert(found > 0.95 * kept, `${found} of ${kept}`);
  for (let index = 0; index < 4 * KNOWN_BEATS_MAX; index++) keep(beats, target(`x${index}`), BEAT);
  found = 0;
  for (let index = 0; index < 4 * KNOWN_BEATS_MAX; index++) if (isKnown(`x${index}`)) found++;
  assert(found > 0.9 * KNOWN_BEATS_MAX && found <= KNOWN_BEATS_MAX, `${found}`);
});

Deno.test("KnownBeats keeps none that are too long, and none of too large a crowd", () => {
  const beats = new KnownBeats();
  const longest = target("x".repeat(KNOWN_BEAT_BYTES_MAX - target("").length));
  keep(beats, longest, BEAT, KNOWN_BEATS_MAX);
  keep(beats, `${longest}x`, BEAT);
  keep(beats, target("crowd"), BEAT, KNOWN_BEATS_MAX + 1);
  assert.deepEqual(known(beats, longest), BEAT);
  assert.equal(known(beats, `${longest}x`), undefined);
  assert.equal(known(beats, target("crowd")), undefined);
});
