/**
 * What all readers of recordings have in common.
 *
 * @module
 */

import { sameBytes } from "../bytes/same_bytes.ts";

/** The formats of recordings: by 27-byte records, rows of numbers, or lines of payloads. */
export type DumpFormat = "records" | "rows" | "payloads";

/** What a reader found: the good parts, and how much it had to leave out. */
export interface Dump<T> {
  /** The good parts, in order. */
  readonly items: readonly T[];
  /** Number of records or lines that could not be read. */
  readonly skipped: number;
  /** A sentence about the first of them. */
  readonly firstFault: string | undefined;
}

const RECORD_START = Uint8Array.of(0xa0, 0x1b);
const SNIFFED_BYTES = 64;

/**
 * Recognises the format of a recording by its beginning; `undefined` if it is not a recording.
 *
 * @param bytes The recording, or at least its first 64 bytes.
 */
export function sniffDump(bytes: Uint8Array): DumpFormat | undefined {
  if (sameBytes(RECORD_START, bytes, 0)) return "records";
  const start = new TextDecoder().decode(bytes.subarray(0, SNIFFED_BYTES));
  if (/^\s*b'[0-9a-f]/i.test(start)) return "payloads";
  return /^\s*(?:time\b|[-+\d.]+,[-+\d.]+,)/i.test(start) ? "rows" : undefined;
}

/** Collects what a reader finds. */
export class DumpBuilder<T> implements Dump<T> {
  /** The good parts so far. */
  readonly items: T[] = [];
  /** Number of parts left out so far. */
  skipped = 0;
  /** What was wrong with the first of them. */
  firstFault: string | undefined = undefined;

  /** Leaves something out. */
  skip(fault: string): void {
    this.skipped++;
    this.firstFault ??= `Cannot read recording: ${fault}`;
  }
}
