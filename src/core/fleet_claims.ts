/**
 * What a steward does so that people are told of each lost host once: by it, or by another steward.
 *
 * @module
 */

import { MINUTE_MS, SECOND_MS } from "./clock.ts";
import { FLEET_HOSTS_MAX } from "./fleet_picture.ts";
import { type BeatNumber, compareBeats } from "./beat_number.ts";
import {
  ToldLog,
  type ToldOutage,
  type ToldPhase,
  type ToldRecord,
  type ToldTask,
} from "./told_log.ts";

/** How long a steward may take to tell people before another one does it, in milliseconds. */
export const TAKE_OVER_MS: number = MINUTE_MS;
/** How often a take-over doubles that time: people's webhooks may be down for all stewards. */
const TAKE_OVERS_DOUBLING_MAX = 6;
/**
 * A host that is heard so long after its outage was claimed is back, in milliseconds, although its numbers
 * are smaller than before: its clock was set back, or somebody had used up its numbers.
 */
const BEGUN_ANEW_MS: number = MINUTE_MS;
/** How long a record may take to appear in the log before it is written again, in milliseconds. */
const APPEND_MS: number = 3 * SECOND_MS;
/** Messages that are remembered as delivered; beyond it the oldest is forgotten. */
const DELIVERED_MAX = 4 * FLEET_HOSTS_MAX;

/** What a host says now. */
export interface HeardHost {
  /** Its newest beat. */
  readonly beat: BeatNumber;
  /** Whether it is heard. */
  readonly isThere: boolean;
  /** When it was heard last, in listening time (ms). */
  readonly at: number;
}

/** What is to be done. */
export type ClaimAction =
  | { readonly act: "append"; readonly host: string; readonly record: ToldRecord }
  /** Tell people; {@linkcode FleetClaims.delivered} says that it is done. */
  | {
    readonly act: "deliver";
    readonly host: string;
    readonly id: string;
    readonly kind: "lost" | "recovered" | "ended";
    /** When the outage was read of in the log, in listening time (ms). */
    readonly readAt: number;
  };

/** Options of {@linkcode FleetClaims}. */
export interface FleetClaimsOptions {
  /** This console's name in the fleet. */
  readonly steward: string;
  /** What a host says now; undefined if nothing is known of it. */
  readonly hear: (host: string) => HeardHost | undefined;
  /** Makes a globally unique identity. */
  readonly newId: () => string;
  /**
   * How long whatever there is to claim is left to another steward, in milliseconds, so that one of
   * them claims all hosts that are lost together; 0 if not given.
   */
  readonly turnMs?: () => number;
}

/** An outage that is in no log yet. */
interface WantedOutage {
  readonly id: string;
  readonly beat: BeatNumber;
  /** When it was noticed, in listening time (ms). */
  readonly since: number;
}

/** Decides, from the log and from what this console hears. */
export class FleetClaims {
  readonly #options: FleetClaimsOptions;
  #log = new ToldLog();
  /** Outages that are in no log yet, by host. */
  readonly #wanted = new Map<string, WantedOutage>();
  /** Hosts that are lost to this console, and since when that was last checked against the log. */
  readonly #silent = new Map<string, number>();
  /** Hosts that nobody watches any more. */
  readonly #ended = new Set<string>();
  /** When the end of an outage was noticed, by its identity. */
  readonly #endSeenAt = new Map<string, number>();
  /** When a record was written last, by what it says. */
  readonly #appendedAt = new Map<string, number>();
  /** Messages that people have got from here, or were asked to be sent. */
  readonly #delivered = new Map<string, "asked" | "done">();

  constructor(options: FleetClaimsOptions) {
    this.#options = options;
  }

  /** Outages that wait to be written to the log. */
  get waiting(): number {
    return this.waitingHosts().length;
  }

  /** Whether some host is heard again whose outage lasts by the log. */
  get isEndWaiting(): boolean {
    return [...this.#log.outages()].some(({ host, over }) =>
      over === undefined && this.#options.hear(host)?.isThere === true
    );
  }

  /** The hosts of those outages. */
  waitingHosts(): string[] {
    return [...this.#wanted].filter(([host, { beat }]) => !this.#isLogged(host, beat))
      .map(([host]) => host);
  }

  /** A host is lost: people are to be told. */
  lost(host: string, now: number): void {
    this.silent(host, now);
    this.#want(host, this.#options.hear(host)?.beat ?? this.#endOf(host), now);
  }

  /** A host was lost before this run: most likely people were told. */
  silent(host: string, now: number): void {
    this.#ended.delete(host);
    if (this.#silent.size < FLEET_HOSTS_MAX) this.#silent.set(host, now);
  }

  /** A host's outage is over although it did not come back: somebody has forgotten it. */
  ended(host: string): void {
    this.#wanted.delete(host);
    this.#silent.delete(host);
    if (this.#ended.size < FLEET_HOSTS_MAX) this.#ended.add(host);
  }

  /** Takes the next record of the log. */
  take(host: string, record: ToldRecord, number: number, now: number): void {
    this.#log.take(host, record, number, now);
  }

  /** The log is another one, and is read from its beginning: outages that last are to be in it. */
  restart(): void {
    for (const { host, id, beat, over } of this.#log.outages()) {
      if (over !== undefined || this.#wanted.has(host)) continue;
      this.#wanted.set(host, { id, beat, since: -Infinity });
    }
    this.#log = new ToldLog();
    this.#appendedAt.clear();
  }

  /** Whether this console tells people of a host's outage; undefined if that is not decided. */
  tells(host: string): boolean | undefined {
    const outage = this.#log.lasting(host);
    return outage === undefined ? undefined : outage.lost.owner === this.#options.steward;
  }

  /** Whether this console was the last to tell people of a host, so that it says what else there is. */
  isSpeakerOf(host: string): boolean {
    return this.#log.speakerOf(host) === this.#options.steward;
  }

  /** The identity of a host's outage that lasts and that people were told of. */
  toldId(host: string): string | undefined {
    const outage = this.#log.lasting(host);
    return outage?.lost.isSent ? outage.id : undefined;
  }

  /** People have got a message, or it cannot be delivered. */
  delivered(id: string, phase: ToldPhase): void {
    this.#note(`${phase} ${id}`, "done");
  }

  /**
   * What is to be done now; to be asked after each change, and each second, when the log was read to its
   * end: a part of it may end with an outage that is long over, and that would be taken for this one.
   */
  due(now: number): ClaimAction[] {
    for (const [host, since] of this.#silent) this.#doubt(host, since, now);
    const actions: ClaimAction[] = [];
    const turnMs = this.#turnMs();
    for (const [host, { id, beat, since }] of this.#wanted) {
      if (this.#isLogged(host, beat)) {
        this.#wanted.delete(host);
      } else if (now - since >= turnMs) {
        this.#append(actions, host, { kind: "lost", id, phase: "lost", beat, claim: 0 }, now);
      }
    }
    for (const host of this.#ended) {
      if (this.#log.lasting(host) === undefined) this.#ended.delete(host);
    }
    for (const outage of this.#log.outages()) this.#follow(actions, outage, now);
    return actions;
  }

  #want(host: string, beat: BeatNumber, since: number): void {
    if (this.#wanted.has(host) || this.#wanted.size >= FLEET_HOSTS_MAX) return;
    this.#wanted.set(host, { id: this.#options.newId(), beat, since });
  }

  /** Whether the log has the outage of a host that was silent after this beat. */
  #isLogged(host: string, beat: BeatNumber): boolean {
    return this.#log.lasting(host) !== undefined || this.#log.isPast(host, beat);
  }

  #endOf(host: string): BeatNumber {
    return this.#log.endOf(host)?.beat ?? { epoch: 0, n: 0 };
  }

  /**
   * The log may say that a host has come back although this console has not heard it since: then it was
   * lost again before it could be heard here, and perhaps nobody else knows that.
   */
  #doubt(host: string, since: number, now: number): void {
    if (this.#options.hear(host)?.isThere === true) {
      this.#silent.delete(host);
      return;
    }
    const end = this.#log.endOf(host);
    if (this.#log.lasting(host) !== undefined || end?.kind === "ended") return;
    if (now - Math.max(since, end?.readAt ?? -Infinity) < TAKE_OVER_MS) return;
    this.#want(host, this.#endOf(host), now);
  }

  #follow(actions: ClaimAction[], outage: ToldOutage, now: number): void {
    const { host, id, beat, lost, over } = outage;
    if (over === undefined) {
      const heard = this.#options.hear(host);
      const isBack = heard?.isThere === true &&
        (compareBeats(heard.beat, beat) > 0 || heard.at - lost.claimedAt >= BEGUN_ANEW_MS);
      const end = { id, phase: "over", claim: 0 } as const;
      if (isBack) {
        if (this.#isOurTurn(id, now)) {
          this.#append(actions, host, { ...end, kind: "recovered", beat: heard.beat }, now);
        }
      } else if (this.#ended.has(host)) {
        this.#append(actions, host, { ...end, kind: "ended", beat: heard?.beat ?? beat }, now);
      }
    }
    if (!lost.isSent) this.#work(actions, outage, "lost", "lost", lost, now);
    // The end is told after the beginning.
    else if (over !== undefined) this.#work(actions, outage, "over", over.kind, over, now);
  }

  #turnMs(): number {
    return this.#options.turnMs?.() ?? 0;
  }

  /** Whether the end of an outage was noticed so long ago that others have had their turn. */
  #isOurTurn(id: string, now: number): boolean {
    const seenAt = this.#endSeenAt.get(id) ?? now;
    if (seenAt === now) remember(this.#endSeenAt, id, now);
    return now - seenAt >= this.#turnMs();
  }

  /** Tells people, or looks whether another steward does. */
  #work(
    actions: ClaimAction[],
    { host, id, beat, lost }: ToldOutage,
    phase: ToldPhase,
    kind: "lost" | "recovered" | "ended",
    { owner, claim, claimedAt, takes }: ToldTask,
    now: number,
  ): void {
    const name = `${phase} ${id}`;
    if (this.#delivered.get(name) === "done") {
      this.#append(actions, host, { kind: "sent", id, phase, beat, claim: 0 }, now);
    } else if (owner !== this.#options.steward) {
      const patienceMs = TAKE_OVER_MS * 2 ** Math.min(takes, TAKE_OVERS_DOUBLING_MAX);
      if (now - claimedAt < patienceMs + this.#turnMs()) return;
      this.#append(actions, host, { kind: "take", id, phase, beat, claim }, now);
    } else if (!this.#delivered.has(name)) {
      this.#note(name, "asked");
      actions.push({ act: "deliver", host, id, kind, readAt: lost.claimedAt });
    }
  }

  #append(
    actions: ClaimAction[],
    host: string,
    record: Omit<ToldRecord, "steward">,
    now: number,
  ): void {
    const name = `${record.kind} ${record.phase} ${record.id}`;
    const before = this.#appendedAt.get(name);
    if (before !== undefined && now - before < APPEND_MS) return;
    remember(this.#appendedAt, name, now);
    const { steward } = this.#options;
    actions.push({ act: "append", host, record: { ...record, steward } });
  }

  #note(name: string, how: "asked" | "done"): void {
    remember(this.#delivered, name, how);
  }
}

function remember<V>(map: Map<string, V>, key: string, value: V): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > DELIVERED_MAX && oldest !== undefined) map.delete(oldest);
}
