/**
 * A cache of heartbeats: what a request target meant when it was last seen.
 *
 * @module
 */

import type { Member } from "../../core/member.ts";
import { sameBytes } from "../../wire/bytes/same_bytes.ts";
import type { StationAddress } from "./addresses.ts";
import { fnv1aStep } from "./fnv1a.ts";

const SETS = 4_096;
/** The size of a set: it bounds the search for one beat, whatever names a peer invents. */
const BEATS_PER_SET = 8;

/** The most heartbeats in the cache; each costs about 140 bytes. */
export const KNOWN_BEATS_MAX: number = SETS * BEATS_PER_SET;
/** The initial capacity, in heartbeats. */
const INITIAL_BEATS = 64;

/** A place holds the upper half of a beat's hash, and in its lower half an index plus one. */
const TAG_MASK = 0xffff_0000 | 0;
const INDEX_MASK = 0xffff;

/** An entry is one row: the promise, the length of the key, the key. */
const ROW_BYTES = 128;
const ROW_NUMBERS = ROW_BYTES / Float64Array.BYTES_PER_ELEMENT;
const KEY_LENGTH_AT = Float64Array.BYTES_PER_ELEMENT;
const KEY_AT = KEY_LENGTH_AT + 1;
/** The longest key, in bytes of the target up to the cache buster; longer ones are not cached. */
export const KNOWN_BEAT_BYTES_MAX: number = ROW_BYTES - KEY_AT;

/** The suffix with which browsers and the Python client make each target unique. */
const CACHE_BUSTER = "&cache_buster=";
const CACHE_BUSTER_BYTES = new TextEncoder().encode(CACHE_BUSTER);
const AMPERSAND = 0x26;
/**
 * The text that a target must have before its cache buster to be cached, with or without a cache
 * buster: a name may also follow the cache buster of a target that begins like one without a name.
 */
const NAMED = /^[^?]*\?[^?]*&appid=/;

/** Returned in place of an index on a cache miss. */
export const UNKNOWN_BEAT = -1;
const NOWHERE = -1;

/** The meaning of a target from one station. */
export interface KnownBeat {
  /** The application that sent it. Its record may have ended since. */
  readonly member: Member;
  /** The silence that the beat announces, in milliseconds. */
  readonly promiseMs: number;
}

/**
 * An application pings with the same target all its life, except for the cache buster at its end.
 * Caching its meaning saves decoding and parsing it each time, which is most of what a heartbeat
 * costs besides sending and receiving.
 *
 * Whatever follows the first name in a target has no meaning, so the key is the target up to the
 * cache buster, provided that the name comes before it. The same target from another address is
 * another application: an entry's address is the address of its member.
 *
 * The cache is set-associative with {@linkcode BEATS_PER_SET} ways: a new beat for a full set
 * evicts another, which must then be parsed again.
 *
 * With thousands of applications, almost every beat finds its record outside the processor's
 * caches, and those cache misses cost more than all comparing: so everything that a beat needs lies
 * in one row.
 */
export class KnownBeats {
  /** By index; indices are given out in the order in which places are first taken. */
  readonly #members: Member[] = [];
  /** By index: {@linkcode ROW_BYTES} each. */
  #rows = new Uint8Array(0);
  /** The same rows as numbers; the first number of each row is its promise. */
  #numbers = new Float64Array(0);
  /** Empty until there is something to cache. 0 marks a free place. */
  #sets = new Int32Array(0);
  /** The way of a full set that is evicted next. */
  #turn = 0;
  /** Where the target that {@linkcode #hash} last read ends or has its cache buster. */
  #keyEnd = 0;

  /**
   * Index of a target's meaning, or {@linkcode UNKNOWN_BEAT}.
   *
   * @param bytes The buffer that holds the target.
   * @param start Its first byte.
   * @param end One past its last byte.
   * @param station The station that sent it.
   */
  find(bytes: Uint8Array, start: number, end: number, station: StationAddress): number {
    if (this.#members.length === 0) return UNKNOWN_BEAT;
    const hash = this.#hash(bytes, start, end, station);
    const place = this.#placeOf(hash, bytes, start, this.#keyEnd - start, station);
    return place < 0 ? UNKNOWN_BEAT : this.#indexAt(place);
  }

  /** The application of the beat with this index. */
  member(index: number): Member {
    return this.#members[index] as Member;
  }

  /** The silence that the beat with this index announces, in milliseconds. */
  promiseMs(index: number): number {
    return this.#numbers[index * ROW_NUMBERS] as number;
  }

  /**
   * Caches what a target means.
   *
   * @param target The target: one code unit for each byte.
   * @param station The station that sent it; its address is the member's.
   * @param beat Its meaning.
   * @param members Number of applications; with too many, each entry is evicted before its beat
   * comes back, and caching is wasted work.
   */
  keep(target: string, station: StationAddress, beat: KnownBeat, members: number): void {
    if (members > KNOWN_BEATS_MAX) return;
    const cut = target.indexOf(CACHE_BUSTER);
    const key = cut < 0 ? target : target.slice(0, cut);
    if (key.length > KNOWN_BEAT_BYTES_MAX || !NAMED.test(key)) return;
    if (this.#members.length === 0) this.#sets = new Int32Array(KNOWN_BEATS_MAX);
    const bytes = new Uint8Array(key.length);
    for (let index = 0; index < key.length; index++) bytes[index] = key.charCodeAt(index);
    const hash = this.#hash(bytes, 0, bytes.length, station);
    let place = this.#placeOf(hash, bytes, 0, bytes.length, station);
    if (place < 0) place = this.#takePlace(hash);
    const index = this.#indexAt(place);
    this.#members[index] = beat.member;
    this.#numbers[index * ROW_NUMBERS] = beat.promiseMs;
    const row = index * ROW_BYTES;
    this.#rows[row + KEY_LENGTH_AT] = bytes.length;
    this.#rows.set(bytes, row + KEY_AT);
  }

  /** The place of a beat; negative if it is not cached. */
  #placeOf(
    hash: number,
    bytes: Uint8Array,
    start: number,
    length: number,
    station: StationAddress,
  ): number {
    const first = firstPlaceFor(hash);
    for (let place = first; place < first + BEATS_PER_SET; place++) {
      const entry = this.#sets[place] as number;
      if (((entry ^ hash) & TAG_MASK) !== 0 || entry === 0) continue;
      const index = (entry & INDEX_MASK) - 1;
      if (!this.#isKey(index, bytes, start, length)) continue;
      if (this.member(index).address === station.address) return place;
    }
    return NOWHERE;
  }

  /** A free place in the set, or else the place of the beat to evict. */
  #takePlace(hash: number): number {
    const first = firstPlaceFor(hash);
    let place = first;
    while (place < first + BEATS_PER_SET && this.#indexAt(place) >= 0) place++;
    let index = this.#members.length;
    if (place === first + BEATS_PER_SET) {
      place = first + this.#turn++ % BEATS_PER_SET;
      index = this.#indexAt(place);
    } else if ((index + 1) * ROW_BYTES > this.#rows.length) {
      this.#grow();
    }
    this.#sets[place] = (hash & TAG_MASK) | (index + 1);
    return place;
  }

  #grow(): void {
    const rows = new Uint8Array(Math.max(this.#rows.length * 2, INITIAL_BEATS * ROW_BYTES));
    rows.set(this.#rows);
    this.#rows = rows;
    this.#numbers = new Float64Array(rows.buffer);
  }

  /** The index at a place; negative if the place is free. */
  #indexAt(place: number): number {
    return ((this.#sets[place] as number) & INDEX_MASK) - 1;
  }

  /** Hashes the station and the target up to its cache buster; also sets {@linkcode #keyEnd}. */
  #hash(bytes: Uint8Array, start: number, end: number, station: StationAddress): number {
    let { hash } = station;
    let at = start;
    for (; at < end; at++) {
      const byte = bytes[at] as number;
      if (byte === AMPERSAND && isCacheBuster(bytes, at, end)) break;
      hash = fnv1aStep(hash, byte);
    }
    this.#keyEnd = at;
    return hash;
  }

  #isKey(index: number, bytes: Uint8Array, start: number, length: number): boolean {
    const rows = this.#rows;
    const row = index * ROW_BYTES;
    if (rows[row + KEY_LENGTH_AT] !== length) return false;
    const key = row + KEY_AT;
    for (let offset = 0; offset < length; offset++) {
      if (rows[key + offset] !== bytes[start + offset]) return false;
    }
    return true;
  }
}

/** The first place of the set that a beat belongs to. */
function firstPlaceFor(hash: number): number {
  // The high bits are the best mixed ones.
  return ((hash ^ (hash >>> 15)) & (SETS - 1)) * BEATS_PER_SET;
}

function isCacheBuster(bytes: Uint8Array, at: number, end: number): boolean {
  return at + CACHE_BUSTER_BYTES.length <= end && sameBytes(CACHE_BUSTER_BYTES, bytes, at);
}
