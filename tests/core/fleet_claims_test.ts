import { strict as assert } from "node:assert";
import { type ClaimAction, FleetClaims, TAKE_OVER_MS } from "../../src/core/fleet_claims.ts";
import { Museum } from "./fleet_museum.ts";
import { type BeatNumber, compareBeats } from "../../src/core/beat_number.ts";
import type { ToldRecord } from "../../src/core/told_log.ts";

/** What was told of a host: one line for each identity, in the order of the first telling. */
function outagesTold(museum: Museum, host: string): Map<string, string[]> {
  const told = new Map<string, string[]>();
  for (const { id, kind, host: about } of museum.told) {
    if (about !== host) continue;
    told.set(id, [...told.get(id) ?? [], kind === "lost" ? kind : "over"]);
  }
  return told;
}

for (const stewards of [1, 3, 8]) {
  Deno.test(`FleetClaims: without faults ${stewards} stewards tell each outage and its end once`, () => {
    const museum = new Museum(stewards, stewards, 10);
    while (museum.now < 3_600_000) museum.step(false);
    for (const host of museum.hosts) host.changeAt = Infinity;
    const stopped = museum.now;
    while (museum.now < stopped + 60_000) museum.step(false);
    for (const { name, outages, isAlive } of museum.hosts) {
      const told = [...outagesTold(museum, name).values()];
      assert.equal(told.length, outages.length, name);
      const last = isAlive ? ["lost", "over"] : ["lost"];
      assert.deepEqual(
        told,
        outages.map((_, index) => index === outages.length - 1 ? last : ["lost", "over"]),
      );
    }
  });
}

const SEEDS = Number(Deno.env.get("PULSEBOX_CLAIM_SEEDS") ?? 12);

Deno.test("FleetClaims: through losses, repeats and restarts none is missed, and a repeat has its id", () => {
  let repeats = 0;
  let outagesInAll = 0;
  for (let seed = 1; seed <= SEEDS; seed++) {
    const museum = new Museum(seed, 3, 10);
    while (museum.now < 3_600_000) museum.step(true);
    // Everything calms down; what was begun is finished.
    for (const host of museum.hosts) host.changeAt = Infinity;
    const stopped = museum.now;
    while (museum.now < stopped + 3_600_000) museum.step(false);
    for (const { name, outages, isAlive } of museum.hosts) {
      outagesInAll += outages.length;
      const told = outagesTold(museum, name);
      // Whoever missed beats may call a host lost that is not; nobody else may tell more.
      assert.ok(
        told.size >= outages.length,
        `seed ${seed}: ${name} was lost ${outages.length} times, told ${told.size} times`,
      );
      // A message may be delivered late, so the log alone says which outage is the last.
      const last = museum.log.findLast(({ host, record: { kind, id } }) =>
        host === name && kind === "lost" && told.has(id)
      )?.record.id;
      for (const [id, kinds] of told) {
        const about = `seed ${seed}: ${name} ${id}: ${kinds}`;
        assert.equal(kinds[0], "lost", about);
        assert.equal(kinds.includes("over"), id !== last || isAlive, about);
        repeats += kinds.length - new Set(kinds).size;
      }
    }
  }
  console.log(`${outagesInAll} outages, ${repeats} repeats`);
});

Deno.test("FleetClaims: another steward takes over after a minute, with the same identity", () => {
  const heard = { beat: { epoch: 1, n: 9 }, isThere: false, at: 0 };
  const make = (steward: string) =>
    new FleetClaims({ steward, hear: () => heard, newId: () => `of-${steward}` });
  const [one, other] = [make("one"), make("other")];
  let number = 0;
  const pass = (from: FleetClaims, now: number) => {
    const due = from.due(now);
    for (const action of due) {
      if (action.act !== "append") continue;
      number++;
      for (const each of [one, other]) each.take(action.host, action.record, number, now);
    }
    return due.filter(({ act }) => act === "deliver");
  };
  one.lost("foyer", 0);
  other.lost("foyer", 0);
  pass(one, 0);
  assert.deepEqual(pass(other, 0), []);
  assert.equal(other.tells("foyer"), false);
  const [delivery] = pass(one, 1);
  assert.deepEqual(delivery, {
    act: "deliver",
    host: "foyer",
    id: "of-one",
    kind: "lost",
    readAt: 0,
  });
  assert.deepEqual(pass(other, TAKE_OVER_MS - 1), [], "one has a minute");
  pass(other, TAKE_OVER_MS);
  assert.deepEqual(pass(other, TAKE_OVER_MS + 1), [{ ...delivery, readAt: TAKE_OVER_MS }]);
  other.delivered("of-one", "lost");
  pass(other, TAKE_OVER_MS + 2);
  assert.equal(other.toldId("foyer"), "of-one");
  assert.deepEqual([one, other].map((each) => each.isSpeakerOf("foyer")), [false, true]);
});

Deno.test("FleetClaims: of two who take over, the first in the log does", () => {
  const claims = ["one", "two", "three"].map((steward) =>
    new FleetClaims({ steward, hear: () => undefined, newId: () => `of-${steward}` })
  );
  let number = 0;
  const write = (actions: readonly ClaimAction[], now: number) => {
    for (const action of actions) {
      if (action.act !== "append") continue;
      number++;
      for (const each of claims) each.take(action.host, action.record, number, now);
    }
  };
  const [one, two, three] = claims as [FleetClaims, FleetClaims, FleetClaims];
  one.lost("foyer", 0);
  write(one.due(0), 0);
  // Both decide before either reads what the other has written.
  const decided = [...two.due(TAKE_OVER_MS), ...three.due(TAKE_OVER_MS)];
  assert.equal(decided.length, 2);
  write(decided, TAKE_OVER_MS);
  assert.deepEqual(claims.map((each) => each.tells("foyer")), [false, true, false]);
});

Deno.test("FleetClaims: a host that came back unheard and is lost again is told by whoever misses it", () => {
  let beat: BeatNumber = { epoch: 1, n: 1 };
  const claims = new FleetClaims({
    steward: "two",
    hear: () => ({ beat, isThere: false, at: 0 }),
    newId: () => "mine",
  });
  const told = (kind: ToldRecord["kind"], n: number, number: number, phase: ToldRecord["phase"]) =>
    claims.take(
      "foyer",
      { kind, id: "theirs", steward: "one", phase, beat: { epoch: 1, n }, claim: 0 },
      number,
      0,
    );
  claims.lost("foyer", 0);
  told("lost", 1, 1, "lost");
  told("sent", 1, 2, "lost");
  told("recovered", 2, 3, "over");
  told("sent", 2, 4, "over");
  assert.deepEqual(claims.due(TAKE_OVER_MS - 1), [], "it may be heard yet");
  const [action] = claims.due(TAKE_OVER_MS).filter(({ act }) => act === "append");
  assert.ok(action?.act === "append");
  assert.deepEqual(action.record.beat, { epoch: 1, n: 2 });
  assert.equal(action.record.kind, "lost");
  // What is heard later ends it as any other.
  claims.take("foyer", action.record, 5, TAKE_OVER_MS);
  beat = { epoch: 1, n: 3 };
  assert.ok(compareBeats(beat, action.record.beat) > 0);
});

Deno.test("FleetClaims: an outage waits until it is in the log, and is written again into another log", () => {
  const claims = new FleetClaims({
    steward: "one",
    hear: () => ({ beat: { epoch: 1, n: 1 }, isThere: false, at: 0 }),
    newId: () => "mine",
  });
  claims.lost("foyer", 0);
  assert.deepEqual([claims.waiting, claims.waitingHosts()], [1, ["foyer"]]);
  const [action] = claims.due(0);
  assert.ok(action?.act === "append");
  // From when it is read, nothing waits: who asks later must not hear that nobody was told.
  claims.take("foyer", action.record, 1, 0);
  assert.equal(claims.waiting, 0);
  claims.restart();
  assert.deepEqual(claims.waitingHosts(), ["foyer"]);
  // Somebody forgets the host: nothing of it is left to be told.
  claims.ended("foyer");
  assert.equal(claims.waiting, 0);
  assert.deepEqual(claims.due(1), []);
});

Deno.test("FleetClaims: a host that begins again with smaller numbers has come back, and is lost again", () => {
  let heard = { beat: { epoch: 9_000, n: 5 }, isThere: false, at: 0 };
  let ids = 0;
  const newId = () => `outage-${++ids}`;
  const claims = new FleetClaims({ steward: "one", hear: () => heard, newId });
  let number = 0;
  /** Writes what is to be written. @return What people are told. */
  const pass = (now: number) => {
    const kinds: string[] = [];
    for (let due = claims.due(now); due.length > 0; due = claims.due(now)) {
      for (const action of due) {
        if (action.act === "append") claims.take(action.host, action.record, ++number, now);
        else {
          kinds.push(action.kind);
          claims.delivered(action.id, action.kind === "lost" ? "lost" : "over");
        }
      }
    }
    return kinds;
  };
  claims.lost("foyer", 0);
  assert.deepEqual(pass(0), ["lost"]);
  // Its clock was set back. Until it was heard for long enough, that may be what a broker had kept.
  heard = { beat: { epoch: 8_000, n: 3 }, isThere: true, at: TAKE_OVER_MS - 1 };
  assert.deepEqual(pass(TAKE_OVER_MS - 1), []);
  heard = { beat: { epoch: 8_000, n: 4 }, isThere: true, at: TAKE_OVER_MS };
  assert.deepEqual(pass(TAKE_OVER_MS), ["recovered"]);
  heard = { ...heard, isThere: false };
  claims.lost("foyer", 3 * TAKE_OVER_MS);
  assert.deepEqual(pass(3 * TAKE_OVER_MS), ["lost"]);
});
