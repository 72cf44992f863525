/**
 * What one console knows of a fleet's hosts. Their messages may arrive twice, late or out of order.
 *
 * Only the host itself writes its messages, so consoles need no consensus: the newest message
 * counts, by the host's own sequence numbers. No other machine's clock is trusted.
 *
 * @module
 */

import { BeatSeries } from "./beat_series.ts";
import { SECOND_MS } from "./clock.ts";
import type { ConditionCounts, VerdictWord } from "./verdict.ts";

/** The most hosts in a fleet. */
export const FLEET_HOSTS_MAX = 1_000;

/** What a host's document says of the host itself. */
export interface DocumentHead {
  readonly epoch: number;
  /** Within the epoch, from 1. The larger epoch and number wins. */
  readonly seq: number;
  /** Of the Pulsebox that wrote it. */
  readonly version: string;
  /** Where others reach the host's console; null if they cannot. */
  readonly url: string | null;
  /** The hall or group of the host; null if it has none. */
  readonly label: string | null;
  readonly verdict: VerdictWord;
  readonly headline: string;
  /** Of all members, those that are not listed included. */
  readonly counts: ConditionCounts;
}

/** The newest document of a host: its members are parsed when somebody looks at them. */
export interface StoredDocument extends DocumentHead {
  /** As received; valid until the host's next document. */
  readonly bytes: Uint8Array;
  /** When the host wrote it, in listening time (ms); an estimate. */
  readonly writtenAt: number;
}

/** The content of a host's beat. */
export interface HeardBeat {
  readonly epoch: number;
  readonly n: number;
  readonly seq: number;
  readonly ageMs: number;
  readonly verdict: VerdictWord;
  readonly counts: ConditionCounts;
  /** Whether the host notifies people of lost hosts. */
  readonly tells: boolean;
}

/** A host in the picture. */
export interface PicturedHost {
  readonly name: string;
  /** Its newest beat; undefined until one is heard. */
  readonly beat: HeardBeat | undefined;
  /** When that was heard, in listening time (ms). */
  readonly beatAt: number;
  readonly document: StoredDocument | undefined;
}

/** What became of a message. */
export type Merged = "taken" | "old" | "full";

interface Entry {
  readonly name: string;
  beat: HeardBeat | undefined;
  document: StoredDocument | undefined;
  readonly text: DocumentText;
  beatAt: number;
  /** Beats that are older than that one. */
  readonly older: BeatSeries;
  /** Beats that know nothing of a document so new as the one that is known. */
  readonly unaware: BeatSeries;
}

/** The silence after which older beats of a host count: it is late then, and not yet lost. */
const RUN_SILENCE_MS: number = 10 * SECOND_MS;

/** Documents take whole multiples of so many bytes. */
const TEXT_STEP_BYTES = 1_024;

/**
 * The bytes of a host's newest document, in one place for one after the other: freed only when the
 * runtime next collects all garbage, the old ones of a fleet would be several times the new ones.
 */
class DocumentText {
  #buffer = new Uint8Array();

  /** Copies a document over the one before. */
  keep(bytes: Uint8Array): Uint8Array {
    const room = Math.ceil(bytes.length / TEXT_STEP_BYTES) * TEXT_STEP_BYTES;
    // A document that has become much shorter gives its room back.
    if (room > this.#buffer.length || 2 * room < this.#buffer.length) {
      this.#buffer = new Uint8Array(room);
    }
    this.#buffer.set(bytes);
    return this.#buffer.subarray(0, bytes.length);
  }
}

/** The newest beat and document of each host. Times are listening time in milliseconds. */
export class FleetPicture {
  readonly #hosts = new Map<string, Entry>();
  readonly #hostsMax: number;

  /**
   * @param hostsMax The most hosts, 1 to {@linkcode FLEET_HOSTS_MAX}; further hosts are refused.
   */
  constructor(hostsMax: number = FLEET_HOSTS_MAX) {
    if (!Number.isInteger(hostsMax) || hostsMax < 1 || hostsMax > FLEET_HOSTS_MAX) {
      throw new RangeError(
        `Cannot make a fleet's picture: hostsMax is ${hostsMax}, must be 1 to ${FLEET_HOSTS_MAX}`,
      );
    }
    this.#hostsMax = hostsMax;
  }

  /** Number of hosts. */
  get size(): number {
    return this.#hosts.size;
  }

  /** Whether it has no room for a host. */
  isFullFor(name: string): boolean {
    return this.#hosts.size >= this.#hostsMax && !this.#hosts.has(name);
  }

  /** The hosts in the order in which they were first heard. */
  hosts(): IterableIterator<PicturedHost> {
    return this.#hosts.values();
  }

  /** A host by its name. */
  get(name: string): PicturedHost | undefined {
    return this.#hosts.get(name);
  }

  /**
   * Takes a beat. One that is no newer than the known beat is ignored and proves nothing, unless such
   * beats go on while nothing newer is heard: then the host has begun again with smaller numbers, after
   * its clock was set back, or somebody else had spoken in its name.
   */
  beat(name: string, beat: HeardBeat, now: number): Merged {
    const entry = this.#entry(name);
    if (entry === undefined) return "full";
    const isOld = entry.beat !== undefined && !isNewer(beat, entry.beat, "n");
    const isBack = isOld && entry.older.proves(beat, now) && now - entry.beatAt >= RUN_SILENCE_MS;
    if (isOld && !isBack) return "old";
    entry.beat = beat;
    entry.beatAt = now;
    const isUnaware = entry.document !== undefined && isNewer(entry.document, beat, "seq");
    // A host sends a document before the beat that announces it.
    if (isUnaware && (isBack || entry.unaware.proves(beat, now))) entry.document = undefined;
    const { document } = entry;
    if (document !== undefined && document.epoch === beat.epoch && document.seq === beat.seq) {
      // A document from the brokers' memory is as old as its host says, however recently it was
      // read.
      entry.document = { ...document, writtenAt: now - beat.ageMs };
    }
    return "taken";
  }

  /**
   * Takes a document unless a document at least as new is known.
   *
   * @param bytes Are copied: they may be a part of all that a connection has brought at once.
   */
  document(name: string, head: DocumentHead, bytes: Uint8Array, now: number): Merged {
    const entry = this.#entry(name);
    if (entry === undefined) return "full";
    if (entry.document !== undefined && !isNewer(head, entry.document, "seq")) return "old";
    const { beat } = entry;
    const isAged = beat !== undefined && beat.epoch === head.epoch && beat.seq === head.seq;
    const writtenAt = isAged ? now - beat.ageMs : now;
    entry.document = { ...head, bytes: entry.text.keep(bytes), writtenAt };
    return "taken";
  }

  /** Whether a host has announced a newer document than the known one. */
  lacksDocument(name: string): boolean {
    const { beat, document } = this.#hosts.get(name) ?? {};
    if (beat === undefined || beat.seq === 0) return false;
    if (document === undefined) return true;
    return beat.epoch > document.epoch ||
      (beat.epoch === document.epoch && beat.seq > document.seq);
  }

  /** Forgets a host. It comes back as soon as it is heard again. */
  forget(name: string): void {
    this.#hosts.delete(name);
  }

  #entry(name: string): Entry | undefined {
    const known = this.#hosts.get(name);
    if (known !== undefined || this.isFullFor(name)) return known;
    const entry: Entry = {
      name,
      beat: undefined,
      document: undefined,
      text: new DocumentText(),
      beatAt: -Infinity,
      older: new BeatSeries(),
      unaware: new BeatSeries(),
    };
    this.#hosts.set(name, entry);
    return entry;
  }
}

/** Orders the messages of one host by its run (epoch), then by their number within the run. */
function isNewer<K extends "n" | "seq">(
  message: { readonly epoch: number } & { readonly [key in K]: number },
  known: { readonly epoch: number } & { readonly [key in K]: number },
  key: K,
): boolean {
  return message.epoch > known.epoch ||
    (message.epoch === known.epoch && message[key] > known[key]);
}
