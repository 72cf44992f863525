/**
 * Makes a host's messages to its fleet: a beat every five seconds, a document after each change.
 *
 * @module
 */

import type { BeatNumber } from "../../core/beat_number.ts";
import type { ConditionCounts, VerdictWord } from "../../core/verdict.ts";
import { encodeBeat } from "../../wire/fleet/beat.ts";
import { type DocumentMember, encodeDocument } from "../../wire/fleet/host_document.ts";
import { JOIN_MS_MAX, JOIN_MS_MIN, RETELL_MS } from "./options.ts";

/** The current state of a host. */
export interface HostDescription {
  readonly verdict: VerdictWord;
  readonly headline: string;
  readonly counts: ConditionCounts;
  /** Those in the worst state first. */
  readonly members: readonly DocumentMember[];
}

/** Options of {@linkcode Teller}. */
export interface TellerOptions {
  /** The version of Pulsebox. */
  readonly version: string;
  /** The URL at which other machines reach this host's console; null if they cannot. */
  readonly url: () => string | null;
  readonly label: string | null;
  /** Whether this host notifies people of lost hosts. */
  readonly tells: boolean;
  /** Listening time in milliseconds. */
  readonly now: () => number;
  readonly describe: () => HostDescription;
}

/** Makes the messages of one host; its owner sends them. */
export class Teller {
  readonly #options: TellerOptions;
  #epoch: number | undefined;
  #n = 0;
  #seq = 0;
  #writtenAt = 0;
  /** The content of the last document, to detect changes. */
  #told: Pick<HostDescription, "verdict" | "headline" | "counts"> | undefined;
  #joinMs = JOIN_MS_MIN;
  /** When the last wait for changes ends. */
  #joinedAt = -Infinity;

  constructor(options: TellerOptions) {
    this.#options = options;
  }

  /** The number of this run; undefined until {@linkcode Teller.begin}. */
  get epoch(): number | undefined {
    return this.#epoch;
  }

  /** The last beat; undefined until {@linkcode Teller.begin}. */
  get last(): BeatNumber | undefined {
    return this.#epoch === undefined ? undefined : { epoch: this.#epoch, n: this.#n };
  }

  /**
   * Starts reporting; called once.
   *
   * @param epoch Larger than the epoch of every earlier run of this host.
   */
  begin(epoch: number): void {
    this.#epoch ??= epoch;
  }

  /**
   * Starts over with a larger epoch than that of another host that used our name and has gone, so that
   * consoles listen to us again.
   *
   * @return False if there is no such host, or if ours is the larger epoch.
   */
  outrank(rival: number | undefined): boolean {
    if (rival === undefined || this.#epoch === undefined || rival < this.#epoch) return false;
    // None is larger: consoles listen to us when they have not heard the other for a while.
    if (rival === Number.MAX_SAFE_INTEGER) return false;
    this.#epoch = rival + 1;
    this.#n = 0;
    this.#seq = 0;
    this.#told = undefined;
    return true;
  }

  /** Makes the next beat; undefined before {@linkcode Teller.begin}. */
  beat(): Uint8Array | undefined {
    if (this.#epoch === undefined) return undefined;
    this.#n++;
    return this.probe();
  }

  /**
   * Repeats the last beat: it says nothing new to others, and checks whether we hear ourselves.
   */
  probe(): Uint8Array | undefined {
    if (this.#epoch === undefined) return undefined;
    const { verdict, counts } = this.#told ?? this.#options.describe();
    return encodeBeat({
      epoch: this.#epoch,
      n: this.#n,
      seq: this.#seq,
      ageMs: Math.max(0, this.#options.now() - this.#writtenAt),
      verdict,
      counts,
      tells: this.#options.tells,
    });
  }

  /**
   * Makes a new document of the host's current state; undefined before {@linkcode Teller.begin}.
   */
  document(): Uint8Array | undefined {
    if (this.#epoch === undefined) return undefined;
    const { describe, version, url, label, now } = this.#options;
    const description = describe();
    this.#told = description;
    this.#seq++;
    this.#writtenAt = now();
    return encodeDocument({
      epoch: this.#epoch,
      seq: this.#seq,
      version,
      url: url(),
      label,
      ...description,
    });
  }

  /** Whether the last document was sent so long ago that it is sent again without news. */
  get isStale(): boolean {
    return this.#options.now() - this.#writtenAt >= RETELL_MS;
  }

  /** Whether the last document is out of date. */
  get hasNews(): boolean {
    const { verdict, headline, counts } = this.#options.describe();
    const told = this.#told;
    return told === undefined || told.verdict !== verdict || told.headline !== headline ||
      Object.entries(counts).some(([condition, count]) =>
        told.counts[condition as keyof ConditionCounts] !== count
      );
  }

  /**
   * How long to wait for more changes before the next document, in milliseconds: the wait doubles
   * with each change that closely follows another, and a pause resets it. A document that was told
   * again is no load: brokers that change their leader ask for many.
   */
  joinMs(): number {
    const now = this.#options.now();
    this.#joinMs = now - this.#joinedAt > 2 * this.#joinMs
      ? JOIN_MS_MIN
      : Math.min(2 * this.#joinMs, JOIN_MS_MAX);
    this.#joinedAt = now + this.#joinMs;
    return this.#joinMs;
  }
}
