/**
 * The bytes of a serial port as web streams.
 *
 * @module
 */

import type { SerialStream } from "../../net/serial/stream.ts";
import { networkError } from "./error.ts";

/** Bytes per write to the system; an abort takes effect between two writes. */
const WRITE_BYTES = 4_096;

/**
 * Reads for successive `readable` streams: bytes that arrive after a cancel go to the next stream.
 */
export class SerialSource {
  readonly #stream: SerialStream;
  readonly #bufferBytes: number;
  #next: Promise<Uint8Array<ArrayBuffer> | undefined> | undefined;

  /** @param bufferBytes The largest chunk, in bytes. */
  constructor(stream: SerialStream, bufferBytes: number) {
    this.#stream = stream;
    this.#bufferBytes = bufferBytes;
  }

  /**
   * Makes a stream of the bytes that arrive from now on.
   *
   * @param onLeft Called when the reader cancels it.
   * @param onEnd Called when there is nothing more to read. Its result is the stream's error;
   * without one, the stream just ends.
   */
  readable(
    onLeft: () => void,
    onEnd: () => DOMException | undefined,
  ): ReadableStream<Uint8Array<ArrayBuffer>> {
    let isLeft = false;
    return new ReadableStream({
      type: "bytes",
      pull: async (controller) => {
        const bytes = await (this.#next ??= this.#read());
        if (isLeft) return;
        if (bytes !== undefined) {
          this.#next = undefined;
          return controller.enqueue(bytes);
        }
        const error = onEnd();
        if (error !== undefined) throw error;
        controller.close();
        controller.byobRequest?.respond(0);
      },
      cancel: () => {
        isLeft = true;
        onLeft();
      },
    }, { highWaterMark: 0 });
  }

  async #read(): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const buffer = new Uint8Array(new ArrayBuffer(this.#bufferBytes));
    const count = await this.#stream.read(buffer);
    return count === null ? undefined : buffer.subarray(0, count);
  }
}

/**
 * Makes a stream that writes to the port. A write is done once the system has its bytes; closing
 * waits until the device has them, aborting discards them.
 *
 * @param onLeft Called when it is closed or aborted.
 */
export function writableOf(stream: SerialStream, onLeft: () => void): WritableStream<Uint8Array> {
  return new WritableStream<Uint8Array>({
    write: async (chunk, { signal }) => {
      for (let at = 0; at < chunk.length; at += WRITE_BYTES) {
        const piece = new Uint8Array(chunk.subarray(at, at + WRITE_BYTES));
        const written = stream.write(piece, { timeoutMs: Infinity });
        if (!await Promise.race([written, aborted(signal)])) {
          throw networkError("Cannot write to serial port: the device is gone");
        }
      }
    },
    close: async () => {
      onLeft();
      await stream.drained();
    },
    abort: () => {
      onLeft();
      stream.flush("output");
    },
  }, new ByteLengthQueuingStrategy({ highWaterMark: WRITE_BYTES }));
}

/** Rejects when a signal is aborted. */
function aborted(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => {});
  if (signal.aborted) reject(signal.reason);
  signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  return promise;
}
