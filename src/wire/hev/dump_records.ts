/**
 * Recordings of version 0xA0: data payloads of 26 bytes in records of 27, nothing between them.
 *
 * @module
 */

import { type Dump, DumpBuilder } from "./dump.ts";

/** Length of a record in bytes. */
export const RECORD_BYTES = 27;

/** Length of the payload in it: the record without its second byte, which is the record's length. */
export const RECORD_PAYLOAD_BYTES = 26;

/**
 * The order of bytes in 16-bit fields. The microcontroller is little-endian; the oldest server read its
 * records as big-endian, so that old examples show 36864 where 144 was measured.
 */
export type ByteOrder = "little-endian" | "big-endian";

/** Options of {@linkcode readRecordDump} and {@linkcode writeRecordDump}. */
export interface RecordDumpOptions {
  /** `little-endian` if not given. */
  byteOrder?: ByteOrder;
}

const VERSION = 0xa0;
/** Where the nine 16-bit fields of the payload lie. */
const WORDS_START = 2;
const WORDS_END = 20;

/**
 * Reads a recording into data payloads of version 0xA0, little-endian as on the wire. Records that do
 * not begin with version and length are skipped, and so are odd bytes at the end.
 */
export function readRecordDump(
  bytes: Uint8Array,
  options: RecordDumpOptions = {},
): Dump<Uint8Array<ArrayBuffer>> {
  const { byteOrder = "little-endian" } = options;
  const dump = new DumpBuilder<Uint8Array<ArrayBuffer>>();
  for (let at = 0; at < bytes.length; at += RECORD_BYTES) {
    const record = bytes.subarray(at, at + RECORD_BYTES);
    if (record.length < RECORD_BYTES) {
      dump.skip(`the last record has ${record.length} bytes, must be ${RECORD_BYTES}`);
    } else if (record[0] !== VERSION || record[1] !== RECORD_BYTES) {
      dump.skip(
        `record ${at / RECORD_BYTES} begins with ${record[0]}, ${record[1]}, must be 160, 27`,
      );
    } else {
      const payload = new Uint8Array(RECORD_PAYLOAD_BYTES);
      payload[0] = VERSION;
      payload.set(record.subarray(2), 1);
      dump.items.push(ordered(payload, byteOrder));
    }
  }
  return dump;
}

/**
 * Writes data payloads of version 0xA0 as a recording.
 *
 * @throws {RangeError} if a payload is no data of version 0xA0.
 */
export function writeRecordDump(
  payloads: readonly Uint8Array[],
  options: RecordDumpOptions = {},
): Uint8Array<ArrayBuffer> {
  const { byteOrder = "little-endian" } = options;
  const bytes = new Uint8Array(payloads.length * RECORD_BYTES);
  for (const [index, payload] of payloads.entries()) {
    if (payload.length !== RECORD_PAYLOAD_BYTES || payload[0] !== VERSION) {
      throw new RangeError(
        `Cannot record payload: it has version ${payload[0]} and ${payload.length} bytes, ` +
          `must be ${VERSION} and ${RECORD_PAYLOAD_BYTES}`,
      );
    }
    const at = index * RECORD_BYTES;
    bytes[at] = VERSION;
    bytes[at + 1] = RECORD_BYTES;
    bytes.set(ordered(payload.slice(), byteOrder).subarray(1), at + 2);
  }
  return bytes;
}

/** Swaps the bytes of the 16-bit fields in place, if the byte order asks for it. */
function ordered<T extends Uint8Array>(payload: T, byteOrder: ByteOrder): T {
  if (byteOrder === "little-endian") return payload;
  for (let at = WORDS_START; at < WORDS_END; at += 2) payload.subarray(at, at + 2).reverse();
  return payload;
}
