/**
 * Detects whether this host hears the fleet, and whether another host uses its name.
 *
 * A connection that looks alive may carry nothing: the only proof is to receive one's own messages.
 *
 * @module
 */

import { BeatSeries } from "../../core/beat_series.ts";
import { type BeatNumber, compareBeats } from "../../core/beat_number.ts";
import type { Beat } from "../../wire/fleet/beat.ts";
import { CLONE_MEMORY_MS, ECHO_MS_MAX, RIVAL_SILENCE_MS } from "./options.ts";

/** Watches what arrives on a host's own subject. Times are listening time in milliseconds. */
export class Echo {
  /** Since when one of our messages has been on its way without coming back. */
  #waitingSince: number | undefined;
  /** When one of our messages last came back; undefined if never. */
  #heardAt: number | undefined;
  readonly #foreign = new BeatSeries();
  #cloneAt = -Infinity;
  /** The largest epoch under our name that outranks ours, and when it was last heard. */
  #rival: { epoch: number; at: number } | undefined;

  /** When one of our messages last came back; undefined if never. */
  get heardAt(): number | undefined {
    return this.#heardAt;
  }

  /** Records that one of our messages was sent, or could not be sent. */
  sent(now: number): void {
    this.#waitingSince ??= now;
  }

  /**
   * Records a beat on our own subject.
   *
   * @param own Our last beat.
   */
  heard(beat: Beat, own: BeatNumber, now: number): void {
    if (beat.epoch === own.epoch && beat.n <= own.n) {
      this.#waitingSince = undefined;
      this.#heardAt = now;
      return;
    }
    // All our earlier beats had smaller numbers, so a larger one belongs to another host.
    if (compareBeats(beat, own) > 0) {
      this.#cloneAt = now;
      this.#rival = { epoch: Math.max(beat.epoch, this.#rival?.epoch ?? 0), at: now };
    } else if (this.#foreign.proves(beat, now)) this.#cloneAt = now;
  }

  /**
   * The epoch of another host that used our name and has gone; each is returned once. Consoles ignore
   * every smaller epoch, ours included, until we take a larger one. Undefined if there was no such host,
   * or if it is still there.
   */
  takeGoneRival(now: number): number | undefined {
    const rival = this.#rival;
    if (rival === undefined || now - rival.at < RIVAL_SILENCE_MS) return undefined;
    this.#rival = undefined;
    return rival.epoch;
  }

  /** Whether our messages fail to come back to us. */
  isDeaf(now: number): boolean {
    return this.#waitingSince !== undefined && now - this.#waitingSince > ECHO_MS_MAX;
  }

  /** Whether another host has recently published under our name. */
  isCloned(now: number): boolean {
    return now - this.#cloneAt < CLONE_MEMORY_MS;
  }
}
