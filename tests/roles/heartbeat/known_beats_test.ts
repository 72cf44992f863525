import { strict as assert } from "node:assert";
import fc from "fast-check";
import type { Member } from "../../../src/core/member.ts";
import {
  KNOWN_BEATS_MAX,
  type KnownBeat,
  KnownBeats,
} from "../../../src/roles/heartbeat/known_beats.ts";
import { stationAndService } from "./virtual_station.ts";

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
      seen.push(service.answer(`/${command}${name}${extra(index)}`, hostname));
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
  const { station, service, ask } = stationAndService();
  ask("/hb_ping?500&appid=a");
  ask("/hb_ping?500&appid=a");
  assert.equal(service.counters.misuses["ping-without-init"], 1);
  station.nowMs = 20_000;
  station.members.advance(station.nowMs);
  assert.equal(service.roster.get("a @ 127.0.0.1")?.state, "gone");
  ask("/hb_ping?500&appid=a");
  assert.equal(service.counters.misuses["ping-without-init"], 2);
});

Deno.test("KnownBeats keeps as many as it may, and none that are too long", () => {
  const beats = new KnownBeats();
  const beat: KnownBeat = {
    hostname: "127.0.0.1",
    member: {} as Member,
    promiseMs: 1,
    reply: { outcome: "done", body: "" },
  };
  for (let index = 0; index < KNOWN_BEATS_MAX; index++) beats.keep(`/${index}`, beat, 1);
  assert.equal(beats.find("/0", "127.0.0.1"), beat);
  assert.equal(beats.find("/0", "127.0.0.2"), undefined);
  beats.keep("/new", beat, 1);
  assert.equal(beats.find("/0", "127.0.0.1"), undefined);
  assert.equal(beats.find("/new", "127.0.0.1"), beat);
  beats.keep("x".repeat(300), beat, 1);
  beats.keep("/crowd", beat, KNOWN_BEATS_MAX + 1);
  assert.equal(beats.find("x".repeat(300), "127.0.0.1"), undefined);
  assert.equal(beats.find("/crowd", "127.0.0.1"), undefined);
});
