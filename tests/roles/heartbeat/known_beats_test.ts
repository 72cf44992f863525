import { strict as assert } from "node:assert";
import fc from "fast-check";
import type { Member } from "../../../src/core/member.ts";
import {
  KNOWN_BEAT_BYTES_MAX,
  KNOWN_BEATS_MAX,
  type KnownBeat,
  KnownBeats,
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

function known(beats: KnownBeats, target: string, hostname = "127.0.0.1"): KnownBeat | undefined {
  // Somewhere in a buffer, between other bytes.
  const bytes = bytesOf(`GET ${target} HTTP/1.1`);
  return beats.find(bytes, 4, 4 + target.length, hostname);
}

const target = (name: string | number) => `/a?1&appid=${name}`;

const BEAT: KnownBeat = {
  hostname: "127.0.0.1",
  member: {} as Member,
  promiseMs: 1,
  reply: { outcome: "done", body: "" },
};

Deno.test("KnownBeats knows a beat by peer and by target up to the cache buster after the name", () => {
  const beats = new KnownBeats();
  assert.equal(known(beats, "/a?1&appid=b"), undefined);
  beats.keep("/a?1&appid=b&cache_buster=1", BEAT, 1);
  beats.keep("/c?1&cache_buster=1&appid=d", BEAT, 1);
  beats.keep("/a&appid=b?1&cache_buster=1", BEAT, 1);
  for (const extra of ["&cache_buster=2", "&cache_buster=", "", "&cache_buster=1&appid=c"]) {
    assert.equal(known(beats, `/a?1&appid=b${extra}`), BEAT, extra);
  }
  for (
    const other of [
      "/a?1&appid=b&",
      "/a?1&appid=b&cache_bust=1",
      "/a?1&appid=",
      "/a?1&appid=B",
      "/c?1&cache_buster=1&appid=d",
      "/c?1",
      "/a&appid=b?1",
      "",
    ]
  ) assert.equal(known(beats, other), undefined, other);
  assert.equal(known(beats, "/a?1&appid=b", "127.0.0.2"), undefined);
  const other = { ...BEAT, hostname: "127.0.0.2" };
  beats.keep("/a?1&appid=b", other, 1);
  assert.equal(known(beats, "/a?1&appid=b", "127.0.0.2"), other);
  assert.equal(known(beats, "/a?1&appid=b"), BEAT, "one of another host takes nobody's place");
  const again = { ...BEAT, promiseMs: 2 };
  beats.keep("/a?1&appid=b", again, 1);
  assert.equal(known(beats, "/a?1&appid=b&cache_buster=3"), again);
});

/** FNV-1a of 32 bits, the hash of the cache. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5 | 0;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash;
}

/** Two texts with the same hash; of 2^18 numbered ones about eight pairs have. */
function colliding(make: (index: number) => string): [string, string] {
  const seen = new Map<number, string>();
  for (let index = 0; index < 2 ** 18; index++) {
    const text = make(index);
    const other = seen.get(hashOf(text));
    if (other !== undefined) return [other, text];
    seen.set(hashOf(text), text);
  }
  throw new Error("Cannot test: no two texts have the same hash");
}

Deno.test("KnownBeats tells beats apart whose hashes are the same", () => {
  const beats = new KnownBeats();
  const [one, other] = colliding((index) => `/hb_ping?500&appid=${(index * 7_919).toString(36)}`);
  beats.keep(one, { ...BEAT, hostname: "" }, 1);
  assert.equal(known(beats, one, "")?.member, BEAT.member);
  assert.equal(known(beats, other, ""), undefined);
  const [host, stranger] = colliding((index) =>
    `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`
  );
  beats.keep("/hb_ping?500&appid=a", { ...BEAT, hostname: host }, 1);
  assert.equal(known(beats, "/hb_ping?500&appid=a", host)?.member, BEAT.member);
  assert.equal(known(beats, "/hb_ping?500&appid=a", stranger), undefined);
});

Deno.test("KnownBeats keeps nearly as many as it has places, and the newest always", () => {
  const beats = new KnownBeats();
  const kept = KNOWN_BEATS_MAX / 2;
  for (let index = 0; index < kept; index++) {
    beats.keep(target(index), BEAT, 1);
    assert.equal(known(beats, target(index)), BEAT);
  }
  let found = 0;
  for (let index = 0; index < kept; index++) if (known(beats, target(index)) === BEAT) found++;
  assert(found > 0.95 * kept, `${found} of ${kept}`);
  for (let index = 0; index < 4 * KNOWN_BEATS_MAX; index++) {
    beats.keep(target(`x${index}`), BEAT, 1);
  }
  found = 0;
  for (let index = 0; index < 4 * KNOWN_BEATS_MAX; index++) {
    if (known(beats, target(`x${index}`)) === BEAT) found++;
  }
  assert(found > 0.9 * KNOWN_BEATS_MAX && found <= KNOWN_BEATS_MAX, `${found}`);
});

Deno.test("KnownBeats keeps none that are too long, and none of too large a crowd", () => {
  const beats = new KnownBeats();
  const longest = target("x".repeat(KNOWN_BEAT_BYTES_MAX - target("").length));
  beats.keep(longest, BEAT, KNOWN_BEATS_MAX);
  beats.keep(`${longest}x`, BEAT, 1);
  beats.keep(target("crowd"), BEAT, KNOWN_BEATS_MAX + 1);
  assert.equal(known(beats, longest), BEAT);
  assert.equal(known(beats, `${longest}x`), undefined);
  assert.equal(known(beats, target("crowd")), undefined);
});
