/**
 * Recordings as lines of payloads: `b'`, hexadecimal digits, `'`.
 *
 * @module
 */

import { type Dump, DumpBuilder } from "./dump.ts";
import { PAYLOAD_BYTES_MAX } from "./frame.ts";

const LINE: RegExp = /^b'((?:[0-9a-f]{2})+)'$/i;

/**
 * Reads a recording. Lines that are something else are skipped: the last one is broken off when the
 * recorder lost its power. What a payload means is for `decodeRecordedPayload` to say.
 */
export function readPayloadDump(text: string): Dump<Uint8Array<ArrayBuffer>> {
  const dump = new DumpBuilder<Uint8Array<ArrayBuffer>>();
  for (const [index, line] of text.split("\n").entries()) {
    const trimmed = line.trim();
    if (trimmed === "") continue;
    const digits = LINE.exec(trimmed)?.[1];
    if (digits === undefined) {
      dump.skip(`line ${index + 1} is "${trimmed.slice(0, 40)}", must be b'hexadecimal digits'`);
    } else if (digits.length > 2 * PAYLOAD_BYTES_MAX) {
      dump.skip(`line ${index + 1} has more than ${PAYLOAD_BYTES_MAX} bytes, which fit no frame`);
    } else {
      dump.items.push(Uint8Array.fromHex(digits));
    }
  }
  return dump;
}

/** Writes one payload as a line, newline included, so that a recorder can append it. */
export function payloadLine(payload: Uint8Array): string {
  return `b'${payload.toHex()}'\n`;
}

/** Writes payloads as a recording. */
export function writePayloadDump(payloads: Iterable<Uint8Array>): string {
  let text = "";
  for (const payload of payloads) text += payloadLine(payload);
  return text;
}
