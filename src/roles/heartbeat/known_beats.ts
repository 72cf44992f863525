/**
 * Heartbeats that came before, word for word.
 *
 * @module
 */

import type { Member } from "../../core/member.ts";
import type { HeartbeatReply } from "./service.ts";

/** How many heartbeats are kept in mind; each costs about 200 bytes. */
export const KNOWN_BEATS_MAX = 16_384;

/** Longer targets, in characters, are none that a station sends all day; they are not kept. */
const TARGET_LENGTH_MAX = 256;

/** A target with this piece, as browsers and the Python client send it, never comes a second time. */
const CACHE_BUSTER = "cache_buster=";

/** What a target of one peer was found to mean. */
export interface KnownBeat {
  /** Address of the peer in text form: the same target of another one is somebody else. */
  readonly hostname: string;
  /** The application that it came from. Its record may have ended since. */
  readonly member: Member;
  /** The silence that it announces, in milliseconds. */
  readonly promiseMs: number;
  /** The reply to it. */
  readonly reply: HeartbeatReply;
}

/**
 * An application that pings from a shell does so with the same target all its life. Remembering what
 * it means saves to take it apart each time, which is a good part of what a heartbeat costs.
 */
export class KnownBeats {
  readonly #kept = new Map<string, KnownBeat>();

  /** What a target of a peer means, if it is known. */
  find(target: string, hostname: string): KnownBeat | undefined {
    const beat = this.#kept.get(target);
    return beat !== undefined && beat.hostname === hostname ? beat : undefined;
  }

  /**
   * Keeps in mind what a target means.
   *
   * @param members How many applications there are; of too many none comes back before its turn to
   * be forgotten, and keeping them would be work for nothing.
   */
  keep(target: string, beat: KnownBeat, members: number): void {
    if (members > KNOWN_BEATS_MAX || target.length > TARGET_LENGTH_MAX) return;
    if (target.includes(CACHE_BUSTER)) return;
    // Starting over is simpler than to find the oldest.
    if (this.#kept.size === KNOWN_BEATS_MAX) this.#kept.clear();
    this.#kept.set(target, beat);
  }
}
