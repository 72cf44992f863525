/**
 * Makes new inputs out of known ones.
 *
 * @module
 */

import type { Random } from "../sim/random.ts";
import { INPUT_BYTES_MAX, type Target } from "./target.ts";

/** Numbers at which things change. */
const NUMBERS = [
  0,
  1,
  9,
  10,
  127,
  128,
  255,
  256,
  1_000,
  32_767,
  65_535,
  65_536,
  2 ** 31 - 1,
  2 ** 31,
];
const BIG_NUMBERS = ["4294967296", "9007199254740993", "1e309", "-1", "-0", "0x10", "1_0", "NaN"];
const CHARACTERS = [
  "\0",
  "\n",
  "\r\n",
  " ",
  "\t",
  '"',
  "'",
  "\\",
  "%",
  "%00",
  "\u202e",
  "\u2028",
  "é",
  "🙂",
];
/** Changes of one input. */
const CHANGES_MAX = 6;
/** Longest piece that is moved, in bytes. */
const PIECE_BYTES_MAX = 64;

/** Share of the inputs that a target makes by itself, if it does, and of those that are changed. */
const MADE_SHARE = 0.5;
const CHANGED_SHARE = 0.3;

/** Makes inputs for one target. */
export class Mutator {
  readonly #pool: readonly Uint8Array[];
  readonly #words: readonly Uint8Array[];
  readonly #bytesMax: number;
  readonly #make: Target["make"];

  /** @param kept Inputs that failed once. */
  constructor(target: Target, kept: readonly Uint8Array[]) {
    const { seeds, words = [], bytesMax } = target;
    this.#pool = [...seeds, ...kept];
    this.#bytesMax = bytesMax ?? INPUT_BYTES_MAX;
    this.#make = target.make?.bind(target);
    this.#words = [...words, ...NUMBERS.map(String), ...BIG_NUMBERS, ...CHARACTERS]
      .map((word) => new TextEncoder().encode(word));
  }

  /** The next input: a known one with some changes, or now and then something else. */
  next(random: Random): Uint8Array<ArrayBuffer> {
    if (random.chance(0.02)) return random.bytes(random.whole(0, 200));
    const isMade = this.#make !== undefined && random.chance(MADE_SHARE);
    const made = isMade ? this.#make?.(random) : undefined;
    const source = made === undefined ? random.pick(this.#pool) : new TextEncoder().encode(made);
    if (isMade && !random.chance(CHANGED_SHARE)) return source.slice(0, this.#bytesMax);
    let bytes = [...source];
    for (let changes = random.whole(1, CHANGES_MAX); changes > 0; changes--) {
      bytes = this.#changed(bytes, random);
    }
    return Uint8Array.from(bytes.slice(0, this.#bytesMax));
  }

  #changed(bytes: number[], random: Random): number[] {
    const at = random.whole(0, bytes.length);
    const end = Math.min(bytes.length, at + random.whole(1, PIECE_BYTES_MAX));
    switch (random.whole(0, 8)) {
      case 0:
        return bytes.length === 0 ? [0] : bytes.with(at % bytes.length, random.whole(0, 255));
      case 1:
        return bytes.map((byte, index) => index === at ? byte ^ 1 << random.whole(0, 7) : byte);
      case 2:
        return bytes.toSpliced(at, 0, ...random.pick(this.#words));
      case 3:
        return bytes.toSpliced(at, end - at, ...random.pick(this.#words));
      case 4:
        return bytes.toSpliced(at, end - at);
      case 5:
        return bytes.toSpliced(at, 0, ...bytes.slice(at, end));
      case 6:
        return bytes.slice(0, at);
      case 7: {
        // The head of one with the tail of another.
        const other = random.pick(this.#pool);
        return [...bytes.slice(0, at), ...other.slice(random.whole(0, other.length))];
      }
      default: {
        const times = random.pick([2, 3, 50]);
        const piece = bytes.slice(at, end);
        return bytes.toSpliced(at, 0, ...Array.from({ length: times }, () => piece).flat());
      }
    }
  }
}
