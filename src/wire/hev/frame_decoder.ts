/**
 * Finds frames in the bytes of the serial line.
 *
 * @module
 */

import { crc16 } from "./crc16.ts";
import {
  CONTENT_BYTES_MAX,
  CONTENT_BYTES_MIN,
  CRC_BYTES,
  ESCAPE,
  ESCAPE_BIT,
  FLAG,
  type Frame,
  readContent,
} from "./frame.ts";

/**
 * Why bytes were thrown away.
 *
 * - `outside`: they came before the first flag.
 * - `short`, `long`: what lies between two flags cannot be a frame.
 * - `broken`: the checksum is wrong, or an escape is followed by a flag.
 */
export type NoiseReason = "outside" | "short" | "long" | "broken";

/** Bytes that are no frame. */
export interface Noise {
  /** Always `noise`. */
  kind: "noise";
  /** Why they are not a frame. */
  reason: NoiseReason;
  /** Number of these bytes, without flags. */
  bytes: number;
}

/** What a {@linkcode FrameDecoder} found. */
export type FrameEvent = Frame | Noise;

/**
 * A decoder that may be fed any pieces of the stream.
 *
 * Every flag ends whatever came before it and begins what comes after it. So it makes no difference
 * whether two frames are divided by one flag, two, or more, a stray flag is only an empty frame, and
 * after any garbage the decoder is back in step at the next flag: at most the one frame that the
 * garbage hit is lost. It holds at most one frame's content, however long no flag comes.
 */
export class FrameDecoder {
  readonly #content = new Uint8Array(CONTENT_BYTES_MAX);
  #length = 0;
  /** Received bytes since the last flag, escapes included. */
  #rawBytes = 0;
  #inStep = false;
  #inEscape = false;

  /** Takes the next bytes of the stream and calls back with what they complete, in order. */
  push(bytes: Uint8Array, onEvent: (event: FrameEvent) => void): void {
    for (const byte of bytes) {
      if (byte === FLAG) {
        const event = this.#close();
        if (event !== undefined) onEvent(event);
        continue;
      }
      this.#rawBytes++;
      if (!this.#inStep) continue;
      if (byte === ESCAPE && !this.#inEscape) {
        this.#inEscape = true;
        continue;
      }
      // One past the end is remembered, not stored: the content is too long already.
      if (this.#length < CONTENT_BYTES_MAX) {
        this.#content[this.#length] = this.#inEscape ? byte ^ ESCAPE_BIT : byte;
      }
      if (this.#length <= CONTENT_BYTES_MAX) this.#length++;
      this.#inEscape = false;
    }
  }

  #close(): FrameEvent | undefined {
    const event = this.#rawBytes > 0 ? this.#judge() : undefined;
    this.#length = 0;
    this.#rawBytes = 0;
    this.#inEscape = false;
    this.#inStep = true;
    return event;
  }

  #judge(): FrameEvent {
    if (!this.#inStep) return this.#noise("outside");
    if (this.#length > CONTENT_BYTES_MAX) return this.#noise("long");
    if (this.#inEscape) return this.#noise("broken");
    if (this.#length < CONTENT_BYTES_MIN) return this.#noise("short");
    const content = this.#content.subarray(0, this.#length);
    const crcAt = this.#length - CRC_BYTES;
    const crc = (content[crcAt] as number) | ((content[crcAt + 1] as number) << 8);
    if (crc16(content.subarray(0, crcAt)) !== crc) return this.#noise("broken");
    return readContent(content);
  }

  #noise(reason: NoiseReason): Noise {
    return { kind: "noise", reason, bytes: this.#rawBytes };
  }
}
