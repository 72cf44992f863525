/**
 * What a console must show of its fleet, by what its connections to the brokers took.
 *
 * @module
 */

import type { HostPause } from "./expectation.ts";
import { FleetExpectation, type Hearing } from "./fleet_expectation.ts";
import { FLEET, type Meaning, subjectOf } from "./fleet_peers.ts";
import type { Delivery } from "./nats_broker.ts";

/** A host's own message that is younger than this proves that it hears, in milliseconds. */
const HEARS_MS = 2_500;
/** A host that has not heard itself for this long says so, in milliseconds. */
const DEAF_MS = 5_000;
/** What was noticed less than this before a kill may be forgotten, in milliseconds. */
const UNWRITTEN_MS = 1_500;
/** A standstill of this many milliseconds is noticed; of it, so many may count. */
const STANDSTILL_MS = 1_000;
const STANDSTILL_COUNTS_MS = 500;

/** The console tells of what has happened up to this much later, in milliseconds. */
const GATHER_MS = 150;
/** So many beats that know nothing of a document may make the console give it up. */
const UNAWARE_BEATS_MIN = 3;

type Beat = Extract<Meaning, { kind: "beat" }>;
type Document = Extract<Meaning, { kind: "document" }>;
/** What tells which of a host's documents is the newer one. */
type Numbered = Pick<Document, "epoch" | "seq">;

/** What the console knows of one host. */
export interface KnownHost {
  readonly silence: FleetExpectation;
  beat: Beat | undefined;
  document: Document | undefined;
  /** When it was heard first, or again after it was not certainly well. */
  changedAt: number;
  /** Beats in a row that know nothing of the document. */
  unaware: number;
}

/** Follows one console over all its runs. */
export class ExpectedConsole {
  readonly hosts = new Map<string, KnownHost>();
  /** Messages of this run that it cannot use, by reason. */
  readonly refused = new Map<string, number>();
  /** Whether hosts may be shown of which nobody can tell. */
  hasGhosts = false;
  /** Since when it hears without a break, in milliseconds. */
  hearsSince: number;
  readonly #name: string;
  readonly #now: () => number;
  readonly #meaningOf: (payload: Uint8Array) => Meaning | undefined;
  /** Whether the whole host is in maintenance, so that no silence counts. */
  readonly #pause: () => HostPause;
  /** The number of its run, once it has said so. */
  #epoch: number | undefined;
  /** The earliest and the latest moment at which it may have heard itself last. */
  #heardFrom: number;
  #heardTo: number;
  #passedTo: number;
  #isAway = false;
  /** When a host was forgotten last. */
  #forgottenAt = -Infinity;
  /** Hosts that were forgotten, and not heard since, and when: the brokers may still keep what they said. */
  readonly #forgotten = new Map<string, number>();
  /** Hosts that were heard after they had been forgotten, and when. */
  readonly #revivedAt = new Map<string, number>();
  /** Those of both of which that may not have been written. */
  readonly #perhapsForgotten = new Set<string>();

  constructor(
    { name, now, meaningOf, pause }: {
      readonly name: string;
      readonly now: () => number;
      readonly meaningOf: (payload: Uint8Array) => Meaning | undefined;
      readonly pause: () => HostPause;
    },
  ) {
    this.#name = name;
    this.#now = now;
    this.#meaningOf = meaningOf;
    this.#pause = pause;
    this.hearsSince =
      this.#heardFrom =
      this.#heardTo =
      this.#passedTo =
        now();
  }

  /** Whether it hears the fleet now. */
  get hearing(): Hearing {
    return this.#hearingAt(this.#now());
  }

  /** How long ago it heard itself, in milliseconds. */
  get deafMs(): number {
    return this.#now() - this.#heardTo;
  }

  /** The number of its run; undefined until it has said something. */
  get epoch(): number | undefined {
    return this.#epoch;
  }

  /** It says something about itself. */
  say({ epoch }: { readonly epoch: number }): void {
    this.#epoch = epoch;
  }

  /** Time has passed, as far as the clock shows. */
  pass(): void {
    if (this.#isAway) return;
    const now = this.#now();
    for (const edge of [this.#heardFrom + HEARS_MS, this.#heardTo + DEAF_MS, now]) {
      const until = Math.min(edge, now);
      const ms = until - this.#passedTo;
      if (ms <= 0) continue;
      const hearing = this.#hearingAt(until);
      this.#passAll(ms, this.#pause() === "none" ? hearing : "maybe");
      this.#passedTo = until;
      if (hearing !== "hears") this.hearsSince = now;
    }
  }

  /** The console stood still for so long, up to now. */
  stand(ms: number): void {
    if (ms < STANDSTILL_MS) return this.pass();
    this.#passedTo += ms;
    this.pass();
    this.#passAll(STANDSTILL_COUNTS_MS, "maybe");
    this.#heardTo += ms;
    this.#heardFrom += ms - STANDSTILL_COUNTS_MS;
    this.hearsSince = this.#now();
  }

  /** The whole host is in maintenance no more. */
  resume(): void {
    this.#passAll(0, "maybe");
  }

  /** The console was killed: what it had not written is lost. */
  kill(): void {
    this.pass();
    const now = this.#now();
    for (const { silence, changedAt } of this.hosts.values()) {
      silence.isDoubtful ||= now - changedAt < UNWRITTEN_MS || !silence.isSettled(UNWRITTEN_MS);
    }
    this.hasGhosts ||= now - this.#forgottenAt < UNWRITTEN_MS;
    this.#doubtForgotten(UNWRITTEN_MS);
  }

  /** Nobody can tell what is on its disk. */
  doubtDisk(): void {
    for (const { silence } of this.hosts.values()) silence.isDoubtful = true;
    this.hasGhosts = true;
    this.#doubtForgotten(Infinity);
  }

  /** What was noticed so short a time ago may not have been written. */
  #doubtForgotten(ms: number): void {
    for (const noted of [this.#forgotten, this.#revivedAt]) {
      for (const [host, at] of noted) {
        if (this.#now() - at >= ms) continue;
        noted.delete(host);
        this.#perhapsForgotten.add(host);
      }
    }
  }

  /** It runs no more. */
  stop(): void {
    this.#isAway = true;
    this.#epoch = undefined;
    this.refused.clear();
    for (const host of this.hosts.values()) {
      host.silence.restart();
      host.beat = undefined;
      host.document = undefined;
    }
  }

  /** It runs again. */
  start(): void {
    this.#isAway = false;
    const now = this.#now();
    this.hearsSince =
      this.#heardFrom =
      this.#heardTo =
      this.#passedTo =
        now;
  }

  /**
   * An operator has made it forget a host, or it has refused that.
   *
   * @throws {Error} if it knows the host and says that it does not, or the other way around.
   */
  forget(host: string, status: number): void {
    const known = this.hosts.get(host);
    const isThere = status === 200;
    if (
      known?.silence.isDoubtful !== true && !this.hasGhosts && isThere !== (known !== undefined)
    ) {
      throw new Error(`Forgetting ${host} got ${status}`);
    }
    this.hosts.delete(host);
    if (isThere) this.#forgotten.set(host, this.#now());
    this.#perhapsForgotten.delete(host);
    this.#forgottenAt = this.#now();
  }

  /** It tells that a host is lost. @throws {Error} if that cannot be. */
  checkLoss(host: string): void {
    this.pass();
    const silence = this.hosts.get(host)?.silence;
    if (silence === undefined || silence.mayBeLost(this.#now() - GATHER_MS)) return;
    throw new Error(`The fleet's host ${silence} is told as lost`);
  }

  /** Its connection has taken a message. */
  take({ pattern, subject, payload, isStored }: Delivery): void {
    this.pass();
    const own = subjectOf("beat", this.#name);
    const meaning = this.#meaningOf(payload) ?? meaningOfOwn(subject, payload);
    if (subject === own && meaning?.kind === "beat" && meaning.epoch === this.#epoch) {
      this.#heardFrom = this.#heardTo = this.#now();
    }
    const isForAll = pattern.endsWith(".*") || isStored;
    if (!isForAll || meaning === undefined) return;
    if (meaning.kind === "nonsense") {
      this.refused.set(meaning.reason, (this.refused.get(meaning.reason) ?? 0) + 1);
    } else if (meaning.kind === "beat") this.#takeBeat(meaning);
    else this.#takeDocument(meaning);
  }

  #takeBeat(beat: Beat): void {
    if (this.#forgotten.delete(beat.host)) this.#revivedAt.set(beat.host, this.#now());
    this.#perhapsForgotten.delete(beat.host);
    const known = this.#know(beat.host, "beat");
    const { silence } = known;
    const before = silence.allowed();
    const isNew = silence.beat(beat.epoch, beat.n, this.#now());
    if (!isNew) return;
    const { document } = known;
    const isUnaware = document !== undefined && (document.epoch > beat.epoch ||
      document.epoch === beat.epoch && document.seq > beat.seq);
    known.unaware = isUnaware ? known.unaware + 1 : 0;
    // It may have given up a document of which its host knows nothing.
    if (known.unaware >= UNAWARE_BEATS_MIN) silence.isContested = true;
    if (before.size > 1 || !before.has("ok")) known.changedAt = this.#now();
    known.beat = beat;
  }

  #takeDocument(document: Document): void {
    if (this.#forgotten.has(document.host)) return;
    const isDoubtful = this.#perhapsForgotten.has(document.host);
    const known = this.#know(document.host, "document");
    // Then the document does not bring it back, and is missing later.
    if (isDoubtful) known.silence.isContested = known.silence.isDoubtful = true;
    const { document: before } = known;
    if (before !== undefined && !isNewer(document, before)) return;
    known.document = document;
    known.silence.document();
  }

  #know(host: string, by: "beat" | "document"): KnownHost {
    const known = this.hosts.get(host);
    if (known !== undefined) {
      known.silence.isDoubtful = false;
      return known;
    }
    const silence = new FleetExpectation(host, by);
    if (this.hasGhosts) silence.doubt();
    const fresh = {
      silence,
      beat: undefined,
      document: undefined,
      changedAt: this.#now(),
      unaware: 0,
    };
    this.hosts.set(host, fresh);
    return fresh;
  }

  #hearingAt(at: number): Hearing {
    if (at <= this.#heardFrom + HEARS_MS) return "hears";
    return at <= this.#heardTo + DEAF_MS ? "maybe" : "deaf";
  }

  #passAll(ms: number, hearing: Hearing): void {
    for (const { silence } of this.hosts.values()) silence.pass(ms, hearing);
  }
}

function isNewer(one: Numbered, other: Numbered): boolean {
  return one.epoch > other.epoch || one.epoch === other.epoch && one.seq > other.seq;
}

/** What a message of the console itself says. */
function meaningOfOwn(subject: string, payload: Uint8Array): Meaning | undefined {
  const [, fleet, channel, host = ""] = subject.split(".");
  if (fleet !== FLEET || channel !== "beat" && channel !== "host") return undefined;
  const content = JSON.parse(new TextDecoder().decode(payload));
  const { epoch, n, seq, verdict, headline, label = null, members } = content;
  return channel === "beat"
    ? { kind: "beat", host, epoch, n, seq, verdict }
    : { kind: "document", host, epoch, seq, verdict, headline, label, members };
}
