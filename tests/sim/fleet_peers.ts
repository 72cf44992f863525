/**
 * Other hosts of a fleet: what they say through the brokers.
 *
 * @module
 */

import { NONSENSE } from "./fleet_nonsense.ts";
import type { Cluster } from "./nats_broker.ts";
import type { Random } from "./random.ts";

/** Name of the simulated fleet. */
export const FLEET = "museum";
/** How often a host beats, in milliseconds. */
export const BEAT_MS = 5_000;
/** How often a host tells its document although nothing has changed, in milliseconds. */
const RETELL_MS = 60_000;
/** Names in use; all are as a subject may have them. */
const NAMES = ["foyer", "hall-1", "Hall_2", "kino", "9".repeat(63)];
/** The epoch of somebody whose clock is far ahead. */
const CLONE_EPOCH = 99_999_999_999_999;
const TEXTS = ["well", "<img src=x onerror=alert(1)>", "Größe \u202e & \"'", "x".repeat(512)];
const STATES = ["lost", "late", "maintenance", "ok"] as const;
const WORDS = ["problem", "alarm", "lost", "late", "starting", "maintenance", "well"] as const;

/** What a message means. */
export type Meaning =
  | {
    readonly kind: "beat";
    readonly host: string;
    readonly epoch: number;
    readonly n: number;
    readonly seq: number;
    readonly verdict: string;
  }
  | {
    readonly kind: "document";
    readonly host: string;
    readonly epoch: number;
    readonly seq: number;
    readonly verdict: string;
    readonly headline: string;
    readonly label: string | null;
    readonly members: readonly ToldMember[];
  }
  /** Nobody can use it, for the reason that the console's metrics name. */
  | { readonly kind: "nonsense"; readonly reason: string; readonly host: string | undefined };

/** A member of a host, as the host tells it. */
export interface ToldMember {
  readonly id: string;
  readonly name: string;
  readonly state: typeof STATES[number];
}

/** One host that is played. */
export interface Peer {
  readonly name: string;
  epoch: number;
  n: number;
  seq: number;
  /** When it beats next, in milliseconds of monotonic time; `Infinity` while it is dead. */
  nextAt: number;
  /** Whether its cable is out: it goes on, and nobody hears it. */
  isCutOff: boolean;
  verdict: string;
  headline: string;
  label: string | null;
  members: readonly ToldMember[];
  /** When its document was told last, and when it changed. */
  toldAt: number;
  wroteAt: number;
  /** Whether brokers keep its document. */
  isKept: boolean;
  /** Whether it says that it may notify people. It never does: others have to wait for it. */
  readonly tells: boolean;
}

/** Somebody with the name of another. */
interface Clone {
  readonly name: string;
  readonly epoch: number;
  n: number;
  nextAt: number;
  beatsLeft: number;
}

/** All other hosts. */
export class FleetPeers {
  /** What each message means, by its bytes. */
  readonly meanings = new WeakMap<Uint8Array, Meaning>();
  readonly all: Peer[] = [];
  /** Names that two have had. */
  readonly cloned = new Set<string>();
  readonly #clones = new Set<Clone>();
  readonly #cluster: Cluster;
  readonly #now: () => number;
  /** Beats that were sent once. */
  readonly #old: { readonly subject: string; readonly bytes: Uint8Array }[] = [];

  constructor(cluster: Cluster, now: () => number) {
    this.#cluster = cluster;
    this.#now = now;
  }

  nextAt(): number {
    return Math.min(Infinity, ...[...this.all, ...this.#clones].map(({ nextAt }) => nextAt));
  }

  /** Whoever's turn it is beats. */
  act(): void {
    for (const peer of this.all) {
      if (peer.nextAt <= this.#now()) this.beat(peer);
    }
    for (const clone of this.#clones) {
      if (clone.nextAt <= this.#now()) this.#beatAs(clone);
    }
  }

  /** Time went on, and nobody could act. */
  catchUp(): void {
    const now = this.#now();
    for (const one of [...this.all, ...this.#clones]) one.nextAt = Math.max(one.nextAt, now);
  }

  /** Somebody gives signs of life under a name that is taken. */
  clone(name: string, random: Random): void {
    this.cloned.add(name);
    const epoch = random.pick([1, CLONE_EPOCH, CLONE_EPOCH]);
    const beatsLeft = random.whole(1, 12);
    this.#clones.add({ name, epoch, n: 0, nextAt: this.#now(), beatsLeft });
  }

  /** A new host comes; undefined if there are enough. */
  join(random: Random): Peer | undefined {
    const name = NAMES.find((one) => !this.all.some((peer) => peer.name === one));
    if (name === undefined) return undefined;
    const peer: Peer = {
      name,
      epoch: random.pick([1, 1_778_565_600_000, 32_503_680_000_000]),
      n: 0,
      seq: 0,
      nextAt: this.#now(),
      isCutOff: false,
      verdict: "well",
      headline: "",
      label: random.pick([null, "East", "<b>West</b>"]),
      members: [],
      toldAt: 0,
      wroteAt: 0,
      isKept: false,
      tells: random.chance(0.3),
    };
    this.all.push(peer);
    this.change(peer, random);
    return peer;
  }

  /** A dead host starts again; its clock may show anything. */
  restart(peer: Peer, random: Random): void {
    peer.epoch += random.pick([1, 1_000, 31_536_000_000]);
    peer.n = 0;
    peer.seq = 0;
    peer.nextAt = this.#now();
    peer.isCutOff = false;
    this.change(peer, random);
  }

  /** Something changes on a host. */
  change(peer: Peer, random: Random): void {
    const count = random.pick([0, 1, 2, 5, 40]);
    peer.members = Array.from({ length: count }, (_, index) => ({
      id: `hilbert/${random.pick(["tetris", "<i>x</i>", "ü"])}${index}`,
      name: random.pick(TEXTS),
      state: random.pick(STATES),
    }));
    peer.verdict = random.pick(WORDS);
    peer.headline = random.pick(TEXTS);
    peer.seq++;
    peer.wroteAt = this.#now();
    this.tell(peer);
  }

  /** Tells a host's document. */
  tell(peer: Peer): void {
    const { name, epoch, seq, verdict, headline, label, members } = peer;
    const content = {
      v: 1,
      epoch,
      seq,
      version: "0.1.0",
      ...(label === null ? {} : { label }),
      verdict,
      headline,
      counts: countsOf(members),
      members: members.map(({ state, ...member }) => ({
        ...member,
        ...(state === "ok" ? {} : { state }),
        forMs: 0,
      })),
    };
    const bytes = bytesOf(content);
    this.meanings.set(bytes, {
      kind: "document",
      host: name,
      epoch,
      seq,
      verdict,
      headline,
      label,
      members,
    });
    peer.toldAt = this.#now();
    const isSaid = !peer.isCutOff && this.#cluster.say(subjectOf("host", name), bytes);
    peer.isKept = isSaid && this.#cluster.keeps;
  }

  /** No host is connected any more: each tells its document when it is connected again. */
  disconnect(): void {
    for (const peer of this.all) peer.isKept = false;
  }

  /** A host gives a sign of life. */
  beat(peer: Peer): void {
    const now = this.#now();
    peer.nextAt = now + BEAT_MS;
    if (!peer.isKept || now - peer.toldAt >= RETELL_MS) {
      peer.seq++;
      this.tell(peer);
    }
    const { name, epoch, seq, verdict, members } = peer;
    const n = ++peer.n;
    const ageMs = now - peer.wroteAt;
    const counts = countsOf(members);
    const tells = peer.tells ? { tells: true } : {};
    const bytes = bytesOf({ v: 1, epoch, n, seq, ageMs, verdict, counts, ...tells });
    this.meanings.set(bytes, { kind: "beat", host: name, epoch, n, seq, verdict });
    if (peer.isCutOff) return;
    const subject = subjectOf("beat", name);
    this.#old.push({ subject, bytes });
    this.#cluster.say(subject, bytes);
  }

  #beatAs(clone: Clone): void {
    clone.nextAt = this.#now() + BEAT_MS;
    if (--clone.beatsLeft <= 0) this.#clones.delete(clone);
    const { name: host, epoch } = clone;
    const n = ++clone.n;
    const bytes = bytesOf({ v: 1, epoch, n, seq: 0, ageMs: 0, verdict: "well", counts: {} });
    this.meanings.set(bytes, { kind: "beat", host, epoch, n, seq: 0, verdict: "well" });
    this.#cluster.say(subjectOf("beat", host), bytes);
  }

  /** Brokers deliver again what they have delivered before. */
  repeat(random: Random): void {
    for (let left = random.whole(1, 20); left > 0 && this.#old.length > 0; left--) {
      const { subject, bytes } = random.pick(this.#old);
      this.#cluster.say(subject, bytes);
    }
  }

  /** Somebody says what nobody understands. */
  talkNonsense(random: Random, host: string): void {
    const [channel, content, reason] = random.pick(NONSENSE);
    const isWrongSubject = reason === "wrong_subject";
    const subject = isWrongSubject ? subjectOf("beat", "<b>x</b>") : subjectOf(channel, host);
    const bytes = typeof content === "string"
      ? new TextEncoder().encode(content)
      : bytesOf(content);
    this.meanings.set(bytes, {
      kind: "nonsense",
      reason,
      host: isWrongSubject ? undefined : host,
    });
    this.#cluster.say(subject, bytes);
    // The brokers keep it in place of what the host told.
    for (const peer of this.all) if (peer.name === host) peer.isKept = false;
  }
}

/** The subject of a host. */
export function subjectOf(channel: "beat" | "host" | "told", host: string): string {
  return `pulsebox.${FLEET}.${channel}.${host}`;
}

/** How many members of a host are in each state. */
export function countsOf(members: readonly ToldMember[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { state } of members) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}

function bytesOf(content: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(content));
}
