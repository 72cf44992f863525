/**
 * Detects whether this host hears the fleet, and whether another host uses its name.
 *
 * A connection that looks alive may carry nothing: the only proof is to receive one's own messages.
 *
 * @module
 */

import type { Beat } from "../../wire/fleet/beat.ts";
import { CLONE_MEMORY_MS, ECHO_MS_MAX, RIVAL_SILENCE_MS } from "./options.ts";

/**
 * The number of foreign beats with a smaller epoch that prove another host: a broker that comes
 * back may deliver old beats of ours.
 */
const CLONE_BEATS_MIN = 3;
/**
 * The shortest time over which these beats must arrive, in milliseconds: old beats arrive all at
 * once.
 */
const CLONE_SPAN_MS = 8_000;

/** Watches what arrives on a host's own subject. Times are listening time in milliseconds. */
export class Echo {
  /** Since when one of our messages has been on its way without coming back. */
  #waitingSince: number | undefined;
  /** When one of our messages last came back; undefined if never. */
  #heardAt: number | undefined;
  #foreign: { n: number; count: number; firstAt: number; lastAt: number } | undefined;
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

  /** Records a beat on our own subject. */
  heard(beat: Beat, epoch: number, now: number): void {
    if (beat.epoch === epoch) {
      this.#waitingSince = undefined;
      this.#heardAt = now;
      return;
    }
    // All our earlier runs had smaller epochs, so a larger one belongs to another host.
    if (beat.epoch > epoch) {
      this.#cloneAt = now;
      this.#rival = { epoch: Math.max(beat.epoch, this.#rival?.epoch ?? 0), at: now };
      return;
    }
    const known = this.#foreign;
    if (known === undefined || now - known.lastAt > CLONE_MEMORY_MS) {
      this.#foreign = { n: beat.n, count: 1, firstAt: now, lastAt: now };
      return;
    }
    if (beat.n <= known.n) return;
    Object.assign(known, { n: beat.n, count: known.count + 1, lastAt: now });
    if (known.count >= CLONE_BEATS_MIN && now - known.firstAt >= CLONE_SPAN_MS) this.#cloneAt = now;
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
