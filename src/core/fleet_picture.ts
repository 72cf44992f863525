/**
 * What one console knows of the hosts of a fleet, from messages that may come twice, late or out of order.
 *
 * Each host is the only writer of its messages, so there is nothing to agree on: the newest counts, by
 * the host's own numbers. No clock of another machine is believed.
 *
 * @module
 */

import type { ConditionCounts, VerdictWord } from "./verdict.ts";

/** Hosts of a fleet at the most. */
export const FLEET_HOSTS_MAX = 1_000;

/** The newest document of a host, as it came: it is read when somebody looks at it. */
export interface StoredDocument {
  readonly epoch: number;
  readonly seq: number;
  readonly bytes: Uint8Array;
  /** When it was written, in listening time (ms), as far as that is known. */
  readonly writtenAt: number;
}

/** What a beat tells. */
export interface HeardBeat {
  readonly epoch: number;
  readonly n: number;
  readonly seq: number;
  readonly ageMs: number;
  readonly verdict: VerdictWord;
  readonly counts: ConditionCounts;
}

/** A host in the picture. */
export interface PicturedHost {
  readonly name: string;
  /** Its newest beat; undefined until one is heard. */
  readonly beat: HeardBeat | undefined;
  readonly document: StoredDocument | undefined;
}

/** What became of a message. */
export type Merged = "taken" | "old" | "full";

interface Entry {
  readonly name: string;
  beat: HeardBeat | undefined;
  document: StoredDocument | undefined;
}

/** The newest of each host. Times are listening time in milliseconds. */
export class FleetPicture {
  readonly #hosts = new Map<string, Entry>();
  readonly #hostsMax: number;

  /** @param hostsMax Hosts at the most, 1 to {@linkcode FLEET_HOSTS_MAX}; a further one is refused. */
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

  /** The hosts in the order in which they were first heard. */
  hosts(): IterableIterator<PicturedHost> {
    return this.#hosts.values();
  }

  /** A host by its name. */
  get(name: string): PicturedHost | undefined {
    return this.#hosts.get(name);
  }

  /** Takes a beat unless one as new is known: then nothing happens, and it proves nothing. */
  beat(name: string, beat: HeardBeat, now: number): Merged {
    const entry = this.#entry(name);
    if (entry === undefined) return "full";
    if (entry.beat !== undefined && !isNewer(beat, entry.beat, "n")) return "old";
    entry.beat = beat;
    const { document } = entry;
    if (document !== undefined && document.epoch === beat.epoch && document.seq === beat.seq) {
      // One that was read from the brokers' memory is as old as its host says, not as its reading.
      entry.document = { ...document, writtenAt: now - beat.ageMs };
    }
    return "taken";
  }

  /** Takes a document unless one as new is known. */
  document(
    name: string,
    head: { readonly epoch: number; readonly seq: number },
    bytes: Uint8Array,
    now: number,
  ): Merged {
    const entry = this.#entry(name);
    if (entry === undefined) return "full";
    if (entry.document !== undefined && !isNewer(head, entry.document, "seq")) return "old";
    const { beat } = entry;
    const isAged = beat !== undefined && beat.epoch === head.epoch && beat.seq === head.seq;
    entry.document = { ...head, bytes, writtenAt: isAged ? now - beat.ageMs : now };
    return "taken";
  }

  /** Whether a host has said that it has a newer document than the one that is known. */
  lacksDocument(name: string): boolean {
    const { beat, document } = this.#hosts.get(name) ?? {};
    if (beat === undefined || beat.seq === 0) return false;
    if (document === undefined) return true;
    return beat.epoch > document.epoch ||
      (beat.epoch === document.epoch && beat.seq > document.seq);
  }

  /** Forgets a host. It is back as soon as it is heard again. */
  forget(name: string): void {
    this.#hosts.delete(name);
  }

  #entry(name: string): Entry | undefined {
    const known = this.#hosts.get(name);
    if (known !== undefined || this.#hosts.size >= this.#hostsMax) return known;
    const entry: Entry = { name, beat: undefined, document: undefined };
    this.#hosts.set(name, entry);
    return entry;
  }
}

/** Orders messages of one host: by its run, then by their number in it. */
function isNewer<K extends "n" | "seq">(
  message: { readonly epoch: number } & { readonly [key in K]: number },
  known: { readonly epoch: number } & { readonly [key in K]: number },
  key: K,
): boolean {
  return message.epoch > known.epoch ||
    (message.epoch === known.epoch && message[key] > known[key]);
}
