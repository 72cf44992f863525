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
/** Numbers of a set: the hashes of its beats, then their indices, so that all are near each other. */
const NUMBERS_PER_SET = 2 * BEATS_PER_SET;

/** How many heartbeats are kept in mind; each costs about 250 bytes. */
export const KNOWN_BEATS_MAX: number = SETS * BEATS_PER_SET;
/** How many there is room for at first. */
const INITIAL_BEATS = 64;

/** Bytes for a key and its length. */
const KEY_ROW_BYTES = 128;
/** Longer ones, in bytes of target up to the cache buster, are not kept. */
export const KNOWN_BEAT_BYTES_MAX: number = KEY_ROW_BYTES - 1;

/** The piece with which browsers and the Python client end a target, so that none comes twice. */
const CACHE_BUSTER = "&cache_buster=";
const AMPERSAND = 0x26;
/**
 * What a target has before the cache buster if it is to be kept, with or without one: a name may
 * follow the cache buster of another target that begins like one without a name.
 */
const NAMED = /^[^?]*\?[^?]*&appid=/;

/** Start and factor of the hash FNV-1a of 32 bits. */
const HASH_START = 0x811c9dc5 | 0;
const HASH_FACTOR = 0x01000193;

const NOWHERE = -1;

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
  /** By index; indices are given out in the order in which places are first taken. */
  readonly #beats: KnownBeat[] = [];
  /** For each index the length of its key, then the key. */
  #keys = new Uint8Array(0);
  /** Empty until there is something to keep. An index is one more than it is: 0 is a free place. */
  #sets = new Int32Array(0);
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
    const place = this.#placeOf(hash, bytes, start, this.#keyEnd - start, hostname);
    return place < 0 ? undefined : this.#beats[this.#indexAt(place)];
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
    if (key.length > KNOWN_BEAT_BYTES_MAX || !NAMED.test(key)) return;
    if (this.#beats.length === 0) this.#sets = new Int32Array(SETS * NUMBERS_PER_SET);
    const bytes = new Uint8Array(key.length);
    for (let index = 0; index < key.length; index++) bytes[index] = key.charCodeAt(index);
    const hash = this.#hash(bytes, 0, bytes.length, beat.hostname);
    let place = this.#placeOf(hash, bytes, 0, bytes.length, beat.hostname);
    if (place < 0) place = this.#takePlace(hash);
    const index = this.#indexAt(place);
    this.#beats[index] = beat;
    this.#keys[index * KEY_ROW_BYTES] = bytes.length;
    this.#keys.set(bytes, index * KEY_ROW_BYTES + 1);
  }

  /** Where a beat is, negative if nowhere. */
  #placeOf(
    hash: number,
    bytes: Uint8Array,
    start: number,
    length: number,
    hostname: string,
  ): number {
    const first = firstPlaceFor(hash);
    for (let place = first; place < first + BEATS_PER_SET; place++) {
      if (this.#sets[place] !== hash) continue;
      const index = this.#indexAt(place);
      if (this.#beats[index]?.hostname !== hostname) continue;
      if (this.#isKey(index, bytes, start, length)) return place;
    }
    return NOWHERE;
  }

  /** A free place of the set if it has one, else that of another beat. */
  #takePlace(hash: number): number {
    const first = firstPlaceFor(hash);
    let place = first;
    while (place < first + BEATS_PER_SET && this.#indexAt(place) >= 0) place++;
    if (place < first + BEATS_PER_SET) {
      const index = this.#beats.length;
      this.#sets[place + BEATS_PER_SET] = index + 1;
      if ((index + 1) * KEY_ROW_BYTES > this.#keys.length) this.#grow();
    } else {
      place = first + this.#turn++ % BEATS_PER_SET;
    }
    this.#sets[place] = hash;
    return place;
  }

  #grow(): void {
    const keys = new Uint8Array(Math.max(this.#keys.length * 2, INITIAL_BEATS * KEY_ROW_BYTES));
    keys.set(this.#keys);
    this.#keys = keys;
  }

  /** The index at a place, negative if that is free. */
  #indexAt(place: number): number {
    return (this.#sets[place + BEATS_PER_SET] as number) - 1;
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

  #isKey(index: number, bytes: Uint8Array, start: number, length: number): boolean {
    const keys = this.#keys;
    const from = index * KEY_ROW_BYTES;
    if (keys[from] !== length) return false;
    for (let offset = 0; offset < length; offset++) {
      if (keys[from + 1 + offset] !== bytes[start + offset]) return false;
    }
    return true;
  }
}

/** Where the set begins in which a beat may be. */
function firstPlaceFor(hash: number): number {
  // The high bits are those of the best mixture.
  return ((hash ^ (hash >>> 15)) & (SETS - 1)) * NUMBERS_PER_SET;
}

function isCacheBuster(bytes: Uint8Array, at: number, end: number): boolean {
  if (at + CACHE_BUSTER.length > end) return false;
  for (let index = 0; index < CACHE_BUSTER.length; index++) {
    if (bytes[at + index] !== CACHE_BUSTER.charCodeAt(index)) return false;
  }
  return true;
}
