/**
 * What a fuzzer feeds, and what must hold whatever it feeds.
 *
 * @module
 */

import type { Random } from "../sim/random.ts";

/** Something that takes bytes from outside. */
export interface Target {
  readonly name: string;
  /** One line: what it is and what must hold. */
  readonly holds: string;
  /** Inputs to begin with, good ones and bad ones. */
  readonly seeds: readonly Uint8Array<ArrayBuffer>[];
  /** Words that mean something to it. */
  readonly words?: readonly string[];
  /**
   * Makes an input that has the structure of a good one. Where it is given, half of the inputs come from
   * it, and some of those are changed like the seeds.
   */
  make?(random: Random): string;
  /** The longest input, in bytes. */
  readonly bytesMax?: number;
  /**
   * Feeds one input.
   *
   * @param random For choices besides the input, such as where to split it.
   * @throws if what must hold does not.
   */
  run(input: Uint8Array<ArrayBuffer>, random: Random): void | Promise<void>;
  /** Whether it keeps timers of others, such as the driver of a browser, that a test cannot end. */
  readonly hasOwnTimers?: true;
  /** Ends what the target holds open. */
  close?(): Promise<void>;
}

/** Longest input if a target names none, in bytes. */
export const INPUT_BYTES_MAX = 4_096;

/** Seeds from texts. */
export function texts(...all: readonly string[]): Uint8Array<ArrayBuffer>[] {
  return all.map((text) => new TextEncoder().encode(text));
}

/** An input as text; what is no UTF-8 becomes U+FFFD. */
export function textOf(input: Uint8Array): string {
  return new TextDecoder().decode(input);
}

/** The input in pieces of random lengths, some of them of one byte. */
export function split(
  input: Uint8Array<ArrayBuffer>,
  random: Random,
): Uint8Array<ArrayBuffer>[] {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  const longest = random.pick([1, 2, 7, 64, 1_000]);
  for (let at = 0; at < input.length;) {
    const end = at + random.whole(1, longest);
    pieces.push(input.slice(at, end));
    at = end;
  }
  return pieces;
}
