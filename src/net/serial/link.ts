/**
 * A serial port that comes back.
 *
 * @module
 */

import { messageOf } from "../../core/message_of.ts";
import { Libc } from "../libc/libc.ts";
import { sleep } from "../sleep.ts";
import { SerialPortError } from "./error.ts";
import type { SerialLocator } from "./locator.ts";
import { openSerial, SERIAL_BAUD_DEFAULT, type SerialPortOptions } from "./port.ts";
import type { SerialStream, SerialWriteOptions } from "./stream.ts";
import { checkBaud } from "./termios.ts";
import { inBackground } from "../background.ts";

/** Pause before the first try to reopen, in milliseconds. */
export const REOPEN_FIRST_MS = 50;
/**
 * Longest pause between two tries, in milliseconds. Half of the second within which a device is back
 * after it was plugged in.
 */
export const REOPEN_MS_MAX = 500;

/** Bytes that one read may bring. */
const READ_BYTES = 4_096;

/** What a link tells. The calls must return soon, and must not throw. */
export interface SerialLinkListener {
  /** The port is open. */
  onUp?(path: string): void;
  /** Bytes arrived. They are valid during the call only. */
  onBytes(bytes: Uint8Array): void;
  /**
   * There is no port: it went away, or could not be opened. One sentence, also given at the start
   * if there is no device yet; it is repeated only if it changes.
   */
  onDown?(problem: string): void;
}

/** Options of {@linkcode SerialLink.start}. */
export interface SerialLinkOptions extends SerialPortOptions {
  /** Asked for the path before each opening. */
  locate: SerialLocator;
  /** Called with what happens. */
  listener: SerialLinkListener;
  /** Ends the link. */
  signal?: AbortSignal;
}

/**
 * Keeps a serial port open: opens it, hands on its bytes, and opens it again whenever it is gone, until
 * closed. It starts without a device as well. A device is reset by being opened (DTR), so the pauses grow
 * until bytes arrive.
 */
export class SerialLink implements AsyncDisposable {
  readonly #options: SerialLinkOptions;
  readonly #ending = new AbortController();
  readonly #running: Promise<void>;
  #port: SerialStream | undefined;
  #problem = "";
  #failures = 0;

  private constructor(options: SerialLinkOptions) {
    this.#options = options;
    const end = () => this.#ending.abort();
    const { signal } = options;
    if (signal?.aborted) end();
    signal?.addEventListener("abort", end, { once: true });
    this.#running = inBackground(
      this.#run().finally(() => signal?.removeEventListener("abort", end)),
    );
  }

  /**
   * Starts a link. It opens nothing before the caller's turn has ended.
   *
   * @throws {RangeError} if the speed is out of range.
   */
  static start(options: SerialLinkOptions): SerialLink {
    checkBaud(options.baud ?? SERIAL_BAUD_DEFAULT);
    return new SerialLink(options);
  }

  /** Path of the open port; `undefined` while there is none. */
  get path(): string | undefined {
    return this.#port?.path;
  }

  /**
   * Writes all bytes to the open port, after those of earlier calls.
   *
   * @returns True once the kernel has them; false without a port, and where `SerialStream.write` says so.
   */
  write(bytes: Uint8Array<ArrayBuffer>, options: SerialWriteOptions = {}): Promise<boolean> {
    return this.#port?.write(bytes, options) ?? Promise.resolve(false);
  }

  /** Ends the link and closes the port. Tells nothing more. Idempotent. */
  close(): Promise<void> {
    this.#ending.abort();
    return this.#running;
  }

  /** Closes the link; for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #run(): Promise<void> {
    await Promise.resolve();
    // Held all the time, since opening the library costs more than all the rest of a try.
    using _held = holdLibc();
    const { signal } = this.#ending;
    while (!signal.aborted) {
      const problem = await this.#openAndServe(signal);
      if (signal.aborted) return;
      this.#tellDown(problem);
      await sleep(reopenDelayMs(this.#failures++), signal);
    }
  }

  /** Serves one life of the port and returns why it ended. */
  async #openAndServe(signal: AbortSignal): Promise<string> {
    let port: SerialStream;
    try {
      port = await openSerial(this.#options.locate(), this.#options);
    } catch (error) {
      // Whatever went wrong, it is tried again: nothing about a device may end the program.
      if (error instanceof SerialPortError) return error.message;
      return `Cannot open serial port: ${messageOf(error)}`;
    }
    const close = () => inBackground(port.close());
    signal.addEventListener("abort", close, { once: true });
    try {
      if (!signal.aborted) await this.#serve(port);
    } finally {
      this.#port = undefined;
      signal.removeEventListener("abort", close);
      await port.close();
    }
    return `Lost serial port "${port.path}": the device is gone`;
  }

  async #serve(port: SerialStream): Promise<void> {
    this.#port = port;
    this.#problem = "";
    const { listener } = this.#options;
    listener.onUp?.(port.path);
    const buffer = new Uint8Array(new ArrayBuffer(READ_BYTES));
    for (;;) {
      const count = await port.read(buffer);
      if (count === null) return;
      this.#failures = 0;
      listener.onBytes(buffer.subarray(0, count));
    }
  }

  #tellDown(problem: string): void {
    if (problem === this.#problem) return;
    this.#problem = problem;
    this.#options.listener.onDown?.(problem);
  }
}

/**
 * The wait before a retry, in milliseconds: doubled with each failure from
 * {@linkcode REOPEN_FIRST_MS} up to {@linkcode REOPEN_MS_MAX}. There is no jitter, because a local
 * device has no other clients.
 *
 * @param failures Tries that failed since the last bytes, 0 or more.
 */
export function reopenDelayMs(failures: number): number {
  return Math.min(REOPEN_FIRST_MS * 2 ** failures, REOPEN_MS_MAX);
}

/**
 * A reference to the C library; `undefined` if it is unavailable, which the next opening reports.
 */
function holdLibc(): Libc | undefined {
  try {
    return Libc.acquire();
  } catch {
    return undefined;
  }
}
