/**
 * A museum whose consoles tell people of lost hosts, on virtual time: every fault comes from a seed.
 *
 * @module
 */

import { type ClaimAction, FleetClaims } from "../../src/core/fleet_claims.ts";
import { FleetGathering } from "../../src/core/fleet_gathering.ts";
import type { BeatNumber } from "../../src/core/beat_number.ts";
import type { ToldRecord } from "../../src/core/told_log.ts";

const BEAT_MS = 5_000;
const LATE_MS = 10_000;
const LOST_MS = 20_000;
/** How long each steward leaves new outages to those before it. */
const TURN_MS = 2_000;
const STEP_MS = 1_000;
/** How long it may take to read the log to its end, in steps. */
const READ_STEPS_MAX = 3;

/** A host that beats while it is well. */
export interface SimulatedHost {
  readonly name: string;
  /** When it beats, within the interval of its beats. */
  readonly phaseMs: number;
  beat: BeatNumber;
  isAlive: boolean;
  /** Outages that were long enough to be noticed by everybody, by the beat before them. */
  readonly outages: BeatNumber[];
  changeAt: number;
}

/** What people were told of one host. */
export interface Message {
  /** Of the message, which may tell of several hosts. */
  readonly message: string;
  /** Of the outage. */
  readonly id: string;
  readonly kind: string;
  readonly host: string;
}

/** Everybody reads one log; each steward hears, writes and reads late, and some of it not at all. */
export class Museum {
  readonly log: { host: string; record: ToldRecord }[] = [];
  readonly told: Message[] = [];
  readonly stewards: Steward[];
  readonly hosts: SimulatedHost[];
  now = 0;
  hasQuorum = true;
  readonly random: () => number;
  /** How long the log was at the begin of this step and of those before it, the newest first. */
  lengths: number[] = [0];
  ids = 0;
  messages = 0;

  constructor(seed: number, stewards: number, hosts: number) {
    this.random = randomOf(seed);
    this.hosts = Array.from({ length: hosts }, (_, index) => ({
      name: `h${index}`,
      phaseMs: Math.floor(this.random() * BEAT_MS / STEP_MS) * STEP_MS,
      beat: { epoch: 1, n: 1 },
      isAlive: true,
      outages: [],
      changeAt: 30_000 + this.random() * 200_000,
    }));
    this.stewards = Array.from({ length: stewards }, (_, index) => new Steward(this, `s${index}`));
  }

  /** A host dies, or comes back. */
  change(host: SimulatedHost): void {
    host.isAlive = !host.isAlive;
    if (!host.isAlive) host.outages.push(host.beat);
    else if (this.random() < 0.3) host.beat = { epoch: host.beat.epoch + 1, n: 0 };
  }

  /** @param chaos Whether stewards, brokers and messages fail. */
  step(chaos: boolean): void {
    this.now += STEP_MS;
    this.lengths = [this.log.length, ...this.lengths.slice(0, READ_STEPS_MAX - 1)];
    if (chaos && this.random() < 0.004) this.hasQuorum = false;
    if (!chaos || this.random() < 0.05) this.hasQuorum = true;
    for (const host of this.hosts) {
      if (this.now >= host.changeAt) {
        this.change(host);
        // Long enough to be lost to all, and heard by all.
        host.changeAt = this.now + 60_000 + this.random() * 300_000;
      }
      if (host.isAlive && (this.now + host.phaseMs) % BEAT_MS === 0) {
        host.beat = { ...host.beat, n: host.beat.n + 1 };
        for (const steward of this.stewards) {
          if (!chaos || this.random() > 0.1) steward.hear(host);
        }
      }
    }
    // None of them is always the first.
    for (const steward of shuffled(this.stewards, this.random)) {
      if (chaos && this.random() < 0.002) steward.restart();
      steward.step(chaos);
    }
  }
}

/** A console that tells people. */
class Steward {
  #claims: FleetClaims;
  #read = 0;
  #heard = new Map<string, { beat: BeatNumber; at: number; isLost: boolean }>();
  /** What is being delivered, and when it will have arrived. */
  #outbox: { messages: readonly Message[]; at: number }[] = [];
  #gathering = new FleetGathering<Extract<ClaimAction, { act: "deliver" }>>();
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
    this.#gathering = new FleetGathering();
    for (const [host, each] of this.#heard) {
      each.at = this.#downUntil;
      if (each.isLost) this.#claims.silent(host, this.#downUntil);
    }
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
      for (const message of each.messages) {
        museum.told.push(message);
        this.#claims.delivered(message.id, message.kind === "lost" ? "lost" : "over");
      }
    }
    this.#outbox = this.#outbox.filter(({ at }) => at > museum.now);
    if (museum.hasQuorum) this.#decide(chaos);
    const hosts = [...this.#heard.values()];
    const outlook = {
      isSomebodyLate: hosts.some(({ at, isLost }) => !isLost && museum.now - at >= LATE_MS),
      isSomebodyLost: hosts.some(({ isLost }) => isLost),
      isClaimWaiting: this.#claims.waiting > 0,
      isEndWaiting: this.#claims.isEndWaiting,
    };
    for (const group of this.#gathering.due(museum.now, outlook)) this.#send(group, chaos);
  }

  #decide(chaos: boolean): void {
    const { museum } = this;
    // The log grows while it is read.
    const before = museum.lengths[Math.floor(museum.random() * museum.lengths.length)];
    const end = chaos && museum.random() < 0.3 ? before ?? 0 : museum.log.length;
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
    this.#gathering.add(action, now);
  }

  #send(group: readonly Extract<ClaimAction, { act: "deliver" }>[], chaos: boolean): void {
    const { now, random } = this.museum;
    const message = `m${this.museum.messages++}`;
    const slow = chaos && random() < 0.05 ? 200_000 : 2_000;
    const messages = group.map(({ id, kind, host }) => ({ message, id, kind, host }));
    this.#outbox.push({ messages, at: now + random() * slow });
  }

  #begin(): FleetClaims {
    return new FleetClaims({
      steward: this.name,
      newId: () => `id-${this.museum.ids++}`,
      turnMs: () => TURN_MS * this.museum.stewards.indexOf(this),
      hear: (host) => {
        const heard = this.#heard.get(host);
        if (heard === undefined) return undefined;
        return { beat: heard.beat, isThere: !heard.isLost, at: heard.at };
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
