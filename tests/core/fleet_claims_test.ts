import { strict as assert } from "node:assert";
import { type ClaimAction, FleetClaims, TAKE_OVER_MS } from "../../src/core/fleet_claims.ts";
import { type BeatNumber, compareBeats, type ToldRecord } from "../../src/core/told_log.ts";

const BEAT_MS = 5_000;
const LOST_MS = 20_000;
const STEP_MS = 1_000;

/** A host that beats while it is well. */
interface SimulatedHost {
  readonly name: string;
  beat: BeatNumber;
  isAlive: boolean;
  /** Outages that were long enough to be noticed by everybody, by the beat before them. */
  readonly outages: BeatNumber[];
  changeAt: number;
}

interface Message {
  readonly id: string;
  readonly kind: string;
  readonly host: string;
}

/** Everybody reads one log; each steward hears, writes and reads late, and some of it not at all. */
class Museum {
  readonly log: { host: string; record: ToldRecord }[] = [];
  readonly told: Message[] = [];
  readonly stewards: Steward[];
  readonly hosts: SimulatedHost[];
  now = 0;
  hasQuorum = true;
  readonly random: () => number;
  ids = 0;

  constructor(seed: number, stewards: number, hosts: number) {
    this.random = randomOf(seed);
    this.hosts = Array.from({ length: hosts }, (_, index) => ({
      name: `h${index}`,
      beat: { epoch: 1, n: 1 },
      isAlive: true,
      outages: [],
      changeAt: 30_000 + this.random() * 200_000,
    }));
    this.stewards = Array.from({ length: stewards }, (_, index) => new Steward(this, `s${index}`));
  }

  /** @param chaos Whether stewards, brokers and messages fail. */
  step(chaos: boolean): void {
    this.now += STEP_MS;
    if (chaos && this.random() < 0.004) this.hasQuorum = false;
    if (!chaos || this.random() < 0.05) this.hasQuorum = true;
    for (const host of this.hosts) {
      if (this.now >= host.changeAt) {
        host.isAlive = !host.isAlive;
        // Long enough to be lost to all, and heard by all.
        host.changeAt = this.now + 60_000 + this.random() * 300_000;
        if (!host.isAlive) host.outages.push(host.beat);
        else if (this.random() < 0.3) host.beat = { epoch: host.beat.epoch + 1, n: 0 };
      }
      if (host.isAlive && this.now % BEAT_MS === 0) {
        host.beat = { ...host.beat, n: host.beat.n + 1 };
        for (const steward of this.stewards) {
          if (!chaos || this.random() > 0.1) steward.hear(host);
        }
      }
    }
    for (const steward of this.stewards) {
      if (chaos && this.random() < 0.002) steward.restart();
      steward.step(chaos);
    }
  }
}

class Steward {
  #claims: FleetClaims;
  #read = 0;
  #heard = new Map<string, { beat: BeatNumber; at: number; isLost: boolean }>();
  /** What is being delivered, and when it will have arrived. */
  #outbox: { message: Message; at: number }[] = [];
  #downUntil = 0;

  constructor(readonly museum: Museum, readonly name: string) {
    this.#claims = this.#begin();
  }

  hear(host: SimulatedHost): void {
    if (this.museum.now < this.#downUntil) return;
    this.#heard.set(host.name, { beat: host.beat, at: this.museum.now, isLost: false });
  }

  /** Killed: what it knew is in its members' database and in the log. */
  restart(): void {
    this.#downUntil = this.museum.now + 5_000 + this.museum.random() * 90_000;
    this.#read = 0;
    this.#outbox = this.#outbox.filter(() => this.museum.random() < 0.5);
    this.#claims = this.#begin();
    for (const each of this.#heard.values()) each.at = this.#downUntil;
  }

  step(chaos: boolean): void {
    const { museum } = this;
    if (museum.now < this.#downUntil) return;
    for (const [host, heard] of this.#heard) {
      if (heard.isLost || museum.now - heard.at < LOST_MS) continue;
      heard.isLost = true;
      this.#claims.lost(host, museum.now);
    }
    for (const each of this.#outbox.filter(({ at }) => at <= museum.now)) {
      museum.told.push(each.message);
      this.#claims.delivered(each.message.id, each.message.kind === "lost" ? "lost" : "over");
    }
    this.#outbox = this.#outbox.filter(({ at }) => at > museum.now);
    if (!museum.hasQuorum) return;
    // It reads late.
    const end = chaos && museum.random() < 0.3
      ? this.#read + Math.floor((museum.log.length - this.#read) / 2)
      : museum.log.length;
    for (; this.#read < end; this.#read++) {
      const { host, record } = museum.log[this.#read] as Museum["log"][number];
      this.#claims.take(host, record, this.#read + 1, museum.now);
    }
    for (const action of shuffled(this.#claims.due(museum.now), museum.random)) {
      this.#act(action, chaos);
    }
  }

  #act(action: ClaimAction, chaos: boolean): void {
    const { log, now, random } = this.museum;
    if (action.act === "append") {
      const { host, record } = action;
      if (chaos && random() < 0.1) return;
      log.push({ host, record });
      // Written twice, because the answer was lost.
      if (chaos && random() < 0.1) log.push({ host, record });
      return;
    }
    const { id, kind, host } = action;
    const slow = chaos && random() < 0.05 ? 200_000 : 2_000;
    this.#outbox.push({ message: { id, kind, host }, at: now + random() * slow });
  }

  #begin(): FleetClaims {
    return new FleetClaims({
      steward: this.name,
      newId: () => `id-${this.museum.ids++}`,
      hear: (host) => {
        const heard = this.#heard.get(host);
        return heard === undefined ? undefined : { beat: heard.beat, isThere: !heard.isLost };
      },
    });
  }
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  return items.map((item) => [random(), item] as const).sort(([one], [other]) => one - other)
    .map(([, item]) => item);
}

/** Mulberry32. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = state + 0x6d2b79f5 | 0;
    let mixed = Math.imul(state ^ state >>> 15, 1 | state);
    mixed = mixed + Math.imul(mixed ^ mixed >>> 7, 61 | mixed) ^ mixed;
    return ((mixed ^ mixed >>> 14) >>> 0) / 4_294_967_296;
  };
}

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
  const heard = { beat: { epoch: 1, n: 9 }, isThere: false };
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
    hear: () => ({ beat, isThere: false }),
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
    hear: () => ({ beat: { epoch: 1, n: 1 }, isThere: false }),
    newId: () => "mine",
  });
  claims.lost("foyer", 0);
  assert.deepEqual([claims.waiting, claims.waitingHosts()], [1, ["foyer"]]);
  const [action] = claims.due(0);
  assert.ok(action?.act === "append");
  claims.take("foyer", action.record, 1, 0);
  claims.due(0);
  assert.equal(claims.waiting, 0);
  claims.restart();
  assert.deepEqual(claims.waitingHosts(), ["foyer"]);
  // Somebody forgets the host: nothing of it is left to be told.
  claims.ended("foyer");
  assert.equal(claims.waiting, 0);
  assert.deepEqual(claims.due(1), []);
});
