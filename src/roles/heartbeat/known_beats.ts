/**
 * Heartbeats that came before, word for word.
 *
 * @module
 */

import type { Member } from "../../core/member.ts";
import type { HeartbeatReply } from "./reply.ts";

const SETS = 4_096;
/** Where a beat may lie: what is looked at for one beat is bounded, whatever names a peer invents. */
const BEATS_PER_SET = 8;

/** How many heartbeats are kept in mind; each costs about 300 bytes. */
export const KNOWN_BEATS_MAX: number = SETS * BEATS_PER_SET;

const PLACE_BYTES = 128;
/** Longer ones, in bytes of target up to the cache buster, are not kept. */
export const KNOWN_BEAT_BYTES_MAX: number = PLACE_BYTES - 1;

/** The piece with which browsers and the Python client end a target, so that none comes twice. */
const CACHE_BUSTER = "&cache_buster=";
const AMPERSAND = 0x26;
/** What a heartbeat's target has before the piece that never comes twice, if it is to be kept. */
const NAMED = /^[^?]*\?[^?]*&appid=/;

/** Start and factor of the hash FNV-1a of 32 bits. */
const HASH_START = 0x811c9dc5 | 0;
const HASH_FACTOR = 0x01000193;

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
 * An application pings with the same target all its life, but for the cache buster at its end.
 * Remembering what it means saves to make a text of it and to take that apart each time, which is
 * most of what a heartbeat costs beyond the sending and receiving.
 *
 * What follows the first name in a target has no meaning, so a target is known by what it says up to
 * the cache buster, if the name comes before that.
 *
 * It is a cache with sets of {@linkcode BEATS_PER_SET}: a beat for which there is no place takes that
 * of another one, which then has to be taken apart once more.
 */
export class KnownBeats {
  /** Empty until there is something to keep. */
  #beats: (KnownBeat | undefined)[] = [];
  #hashes = new Int32Array(0);
  /** For each place the length of its key, then the key. */
  #keys = new Uint8Array(0);
  /** Which place of a full set is taken next. */
  #turn = 0;
  /** Where the last target that {@linkcode #hash} looked at ends or has its cache buster. */
  #keyEnd = 0;

  /**
   * What a target means, if it is known.
   *
   * @param bytes Where the target lies.
   * @param start Its first byte.
   * @param end One past its last byte.
   * @param hostname Address of the peer in text form.
   */
  find(bytes: Uint8Array, start: number, end: number, hostname: string): KnownBeat | undefined {
    if (this.#beats.length === 0) return undefined;
    const hash = this.#hash(bytes, start, end, hostname);
    const length = this.#keyEnd - start;
    const first = setOf(hash) * BEATS_PER_SET;
    for (let place = first; place < first + BEATS_PER_SET; place++) {
      if (this.#hashes[place] !== hash) continue;
      const beat = this.#beats[place];
      if (beat === undefined || beat.hostname !== hostname) continue;
      if (this.#isKey(place, bytes, start, length)) return beat;
    }
    return undefined;
  }

  /**
   * Keeps in mind what a target means.
   *
   * @param target The target: one code unit for each byte.
   * @param beat Its meaning.
   * @param members How many applications there are; of too many none comes back before its place is
   * taken, and keeping them would be work for nothing.
   */
  keep(target: string, beat: KnownBeat, members: number): void {
    if (members > KNOWN_BEATS_MAX) return;
    const cut = target.indexOf(CACHE_BUSTER);
    const key = cut < 0 ? target : target.slice(0, cut);
    if (key.length > KNOWN_BEAT_BYTES_MAX || (cut >= 0 && !NAMED.test(key))) return;
    if (this.#beats.length === 0) this.#makeRoom();
    const bytes = new Uint8Array(key.length);
    for (let index = 0; index < key.length; index++) bytes[index] = key.charCodeAt(index);
    const hash = this.#hash(bytes, 0, bytes.length, beat.hostname);
    const place = this.#placeFor(hash, bytes, beat.hostname);
    this.#beats[place] = beat;
    this.#hashes[place] = hash;
    this.#keys[place * PLACE_BYTES] = bytes.length;
    this.#keys.set(bytes, place * PLACE_BYTES + 1);
  }

  /** Its own place if it has one, else a free one, else that of another beat. */
  #placeFor(hash: number, bytes: Uint8Array, hostname: string): number {
    const first = setOf(hash) * BEATS_PER_SET;
    let free = -1;
    for (let place = first; place < first + BEATS_PER_SET; place++) {
      const beat = this.#beats[place];
      if (beat === undefined) free = free < 0 ? place : free;
      else if (this.#hashes[place] === hash && beat.hostname === hostname) {
        if (this.#isKey(place, bytes, 0, bytes.length)) return place;
      }
    }
    return free >= 0 ? free : first + this.#turn++ % BEATS_PER_SET;
  }

  #makeRoom(): void {
    this.#beats = new Array(KNOWN_BEATS_MAX).fill(undefined);
    this.#hashes = new Int32Array(KNOWN_BEATS_MAX);
    // The system gives memory when it is written to: beats that are not there cost none.
    this.#keys = new Uint8Array(KNOWN_BEATS_MAX * PLACE_BYTES);
  }

  /** Of peer and target up to its cache buster; also sets {@linkcode #keyEnd}. */
  #hash(bytes: Uint8Array, start: number, end: number, hostname: string): number {
    let hash = HASH_START;
    for (let index = 0; index < hostname.length; index++) {
      hash = Math.imul(hash ^ hostname.charCodeAt(index), HASH_FACTOR);
    }
    let at = start;
    for (; at < end; at++) {
      const byte = bytes[at] as number;
      if (byte === AMPERSAND && isCacheBuster(bytes, at, end)) break;
      hash = Math.imul(hash ^ byte, HASH_FACTOR);
    }
    this.#keyEnd = at;
    return hash;
  }

  #isKey(place: number, bytes: Uint8Array, start: number, length: number): boolean {
    const keys = this.#keys;
    const from = place * PLACE_BYTES;
    if (keys[from] !== length) return false;
    for (let index = 0; index < length; index++) {
      if (keys[from + 1 + index] !== bytes[start + index]) return false;
    }
    return true;
  }
}

function setOf(hash: number): number {
  // The high bits are those of the best mixture.
  return (hash ^ (hash >>> 15)) & (SETS - 1);
}

function isCacheBuster(bytes: Uint8Array, at: number, end: number): boolean {
  if (at + CACHE_BUSTER.length > end) return false;
  for (let index = 0; index < CACHE_BUSTER.length; index++) {
    if (bytes[at + index] !== CACHE_BUSTER.charCodeAt(index)) return false;
  }
  return true;
}
