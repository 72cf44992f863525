/**
 * What a fleet's consoles have told people of lost hosts: a log that all of them read alike.
 *
 * Several consoles may be able to notify people; one of them is to do it. Each appends what it wants
 * to do to one log on the brokers, and all read the log in the same order. The first record that
 * claims something wins, so nobody has to vote, and the log needs no compare-and-set.
 *
 * @module
 */

import { type BeatNumber, compareBeats } from "./beat_number.ts";
import { FLEET_HOSTS_MAX } from "./fleet_picture.ts";

/** Outages of one host that still matter; beyond it the oldest are given up. */
export const OUTAGES_PER_HOST_MAX = 8;

/** The most hosts; beyond it the one is given up of which nothing was said for the longest time. */
export const TOLD_HOSTS_MAX: number = 4 * FLEET_HOSTS_MAX;

/** What a record can say. */
export const TOLD_KINDS = ["lost", "recovered", "ended", "sent", "take"] as const;

/** Which of the two messages about an outage a record is about. */
export const TOLD_PHASES = ["lost", "over"] as const;

/** One of {@linkcode TOLD_PHASES}. */
export type ToldPhase = typeof TOLD_PHASES[number];

/** One record of the log. */
export interface ToldRecord {
  /**
   * `lost` and `recovered` or `ended` claim an outage's beginning and end, `sent` says that people
   * were told, `take` claims what another steward has claimed and not done.
   */
  readonly kind: typeof TOLD_KINDS[number];
  /** Of the outage, the same for all that is said of it. */
  readonly id: string;
  /** The console that wrote the record. */
  readonly steward: string;
  readonly phase: ToldPhase;
  /** The last beat before the outage, or the beat that ended it. */
  readonly beat: BeatNumber;
  /** The number of the record whose claim a `take` replaces; otherwise 0. */
  readonly claim: number;
}

/** Who is to tell people something. */
export interface ToldTask {
  readonly owner: string;
  /** Number of the record that gave it to the owner. */
  readonly claim: number;
  /** When this console read that record, in listening time (ms). */
  readonly claimedAt: number;
  readonly isSent: boolean;
  /** How often it has changed hands. */
  readonly takes: number;
}

/** An outage of a host as the log has it. */
export interface ToldOutage {
  readonly host: string;
  readonly id: string;
  /** The last beat before it. */
  readonly beat: BeatNumber;
  readonly lost: ToldTask;
  /** The end of the outage; undefined while it lasts. */
  readonly over: (ToldTask & { readonly kind: "recovered" | "ended" }) | undefined;
}

interface HostLog {
  readonly outages: Map<string, ToldOutage>;
  /** The beat that ended the last outage; a claim that is older is about that outage. */
  end: ToldEnd | undefined;
  /** Who has told people of the host last, or is to. */
  speaker: string | undefined;
}

/** How a host's last outage ended. */
export interface ToldEnd {
  readonly kind: "recovered" | "ended";
  readonly beat: BeatNumber;
  /** When this console read of it, in listening time (ms). */
  readonly readAt: number;
}

/** Follows the log. Whoever takes the same records in the same order comes to the same state. */
export class ToldLog {
  readonly #hosts = new Map<string, HostLog>();

  /** The outages about which there is something left to do, or that last. */
  *outages(): Generator<ToldOutage> {
    for (const { outages } of this.#hosts.values()) yield* outages.values();
  }

  /** The outage of a host that lasts. */
  lasting(host: string): ToldOutage | undefined {
    for (const outage of this.#hosts.get(host)?.outages.values() ?? []) {
      if (outage.over === undefined) return outage;
    }
    return undefined;
  }

  /** The end of a host's last outage. */
  endOf(host: string): ToldEnd | undefined {
    return this.#hosts.get(host)?.end;
  }

  /** The steward that has told people of the host last, or is to. */
  speakerOf(host: string): string | undefined {
    return this.#hosts.get(host)?.speaker;
  }

  /** Whether a silence after that beat belongs to an outage that has ended. */
  isPast(host: string, beat: BeatNumber): boolean {
    const end = this.#hosts.get(host)?.end;
    if (end === undefined) return false;
    const order = compareBeats(beat, end.beat);
    // A host that came back with one beat and died has a new outage after that very beat. One that
    // was forgotten has a new outage only after it was heard again.
    return end.kind === "recovered" ? order < 0 : order <= 0;
  }

  /**
   * Takes the next record.
   *
   * @param number The record's place in the log.
   * @param now Listening time in milliseconds.
   */
  take(host: string, record: ToldRecord, number: number, now: number): void {
    const log = this.#hosts.get(host) ?? { outages: new Map(), end: undefined, speaker: undefined };
    this.#hosts.delete(host);
    this.#hosts.set(host, log);
    const [oldest = host] = this.#hosts.keys();
    if (this.#hosts.size > TOLD_HOSTS_MAX) this.#hosts.delete(oldest);
    const known = log.outages.get(record.id);
    const claimed = { owner: record.steward, claim: number, claimedAt: now, isSent: false };
    switch (record.kind) {
      case "lost":
        if (known !== undefined || this.lasting(host) !== undefined) return;
        if (this.isPast(host, record.beat)) return;
        log.speaker = record.steward;
        this.#set(log, {
          host,
          id: record.id,
          beat: record.beat,
          lost: { ...claimed, takes: 0 },
          over: undefined,
        });
        return;
      case "recovered":
      case "ended":
        if (known?.over !== undefined) return;
        // Who reads only the end of the log may not know the outage.
        if (known !== undefined) {
          this.#set(log, { ...known, over: { ...claimed, takes: 0, kind: record.kind } });
        }
        if (log.end === undefined || compareBeats(record.beat, log.end.beat) >= 0) {
          log.end = { kind: record.kind, beat: record.beat, readAt: now };
        }
        return;
      case "sent":
        if (known === undefined) return;
        if (record.phase === "lost") {
          const { over } = known;
          this.#set(log, {
            ...known,
            lost: { ...known.lost, isSent: true },
            // Its owner could not tell it before.
            over: over === undefined ? undefined : { ...over, claimedAt: now },
          });
        } else if (known.over !== undefined) {
          log.outages.delete(record.id);
        }
        return;
      case "take":
        return this.#takeOver(log, known, record, claimed);
    }
  }

  #takeOver(
    log: HostLog,
    known: ToldOutage | undefined,
    { phase, claim }: ToldRecord,
    claimed: Omit<ToldTask, "takes">,
  ): void {
    const task = known?.[phase];
    // Of several who take it, the first one replaces the claim that the others name.
    if (known === undefined || task === undefined || task.isSent || task.claim !== claim) return;
    log.speaker = claimed.owner;
    this.#set(log, { ...known, [phase]: { ...task, ...claimed, takes: task.takes + 1 } });
  }

  #set({ outages }: HostLog, outage: ToldOutage): void {
    outages.set(outage.id, outage);
    const [oldest] = outages.keys();
    if (outages.size > OUTAGES_PER_HOST_MAX && oldest !== undefined) outages.delete(oldest);
  }
}
