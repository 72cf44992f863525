/**
 * What the fuzz tests of the ventilator's codecs share: how much, which random numbers, mutations.
 *
 * @module
 */

/**
 * How many mutated bytes each fuzz test feeds: `PULSEBOX_FUZZ_BYTES`, or 200 000. A long run is
 * `PULSEBOX_FUZZ_BYTES=10000000 deno test --allow-all tests/fuzz/hev_test.ts`.
 */
export const FUZZ_BYTES: number = numberFromEnvironment("PULSEBOX_FUZZ_BYTES", 200_000);

/** Where the random numbers start: `PULSEBOX_FUZZ_SEED`, or 1. */
export const FUZZ_SEED: number = numberFromEnvironment("PULSEBOX_FUZZ_SEED", 1);

/** Random numbers that are the same in each run: a xorshift generator. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = (seed >>> 0) || 1;
  }

  /** A whole number, 0 to `limit` - 1. */
  below(limit: number): number {
    let state = this.#state;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.#state = state >>> 0;
    return this.#state % limit;
  }

  /** One of the items. */
  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T;
  }
}

/** Bytes that mean something to a codec, or nearly do. */
const TELLING: readonly number[] = [
  0x7e,
  0x7d,
  0x5e,
  0x00,
  0xff,
  0x40,
  0xa0,
  0xb6,
  0x22,
  0x7b,
  0x5c,
];

/** A copy with one to four changes: bits, bytes, pieces that are lost, repeated or moved. */
export function mutated(bytes: Uint8Array, random: Random): Uint8Array<ArrayBuffer> {
  const all = [...bytes];
  for (let changes = 1 + random.below(4); changes > 0; changes--) {
    const at = random.below(all.length + 1);
    switch (random.below(6)) {
      case 0:
        if (at < all.length) all[at] = (all[at] ?? 0) ^ (1 << random.below(8));
        break;
      case 1:
        all.splice(at, 1, random.below(256));
        break;
      case 2:
        all.splice(at, 0, random.pick(TELLING));
        break;
      case 3:
        all.splice(at, 1 + random.below(8));
        break;
      case 4:
        all.splice(at, 0, ...all.slice(at, at + random.below(16)));
        break;
      case 5:
        all.length = at;
        break;
    }
  }
  return Uint8Array.from(all);
}

/** The bytes in pieces of 1 to 64. */
export function* pieces(bytes: Uint8Array, random: Random): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length;) {
    const end = at + 1 + random.below(64);
    yield bytes.subarray(at, end);
    at = end;
  }
}

function numberFromEnvironment(name: string, otherwise: number): number {
  const value = Number(Deno.env.get(name) ?? otherwise);
  if (!(value >= 1)) throw new RangeError(`Cannot fuzz: ${name} must be a number >= 1`);
  return value;
}
