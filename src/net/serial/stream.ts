/**
 * Reading and writing a tty without blocking, and ending at once.
 *
 * @module
 */

import { assert } from "../../core/assert.ts";
import { SECOND_MS } from "../../core/clock.ts";
import {
  EAGAIN,
  EINTR,
  ENODEV,
  type Libc,
  O_CLOEXEC,
  O_NONBLOCK,
  POLLERR,
  POLLHUP,
  POLLIN,
  POLLNVAL,
  POLLOUT,
} from "../libc/libc.ts";
import { sleep } from "../sleep.ts";
import { SerialPortError } from "./error.ts";

/** Milliseconds that a write may wait for room unless it says otherwise. */
export const SERIAL_WRITE_TIMEOUT_MS: number = SECOND_MS;
/** Bytes that may wait to be written; more are refused. About six seconds of 115 200 baud. */
export const SERIAL_WRITE_QUEUE_BYTES = 65_536;
/** Milliseconds that closing gives the device to send what was written. */
export const SERIAL_CLOSE_DRAIN_MS = 100;

/** One wait for the device ends after this time and the next begins; a bound, not a rhythm. */
const WAIT_MS_MAX = 60 * SECOND_MS;
const DRAIN_STEP_MS = 5;
const POLL_ENDED = POLLERR | POLLHUP | POLLNVAL;

/** The kernel's count of written bytes that the device has not sent yet. */
const TIOCOUTQ = 0x5411n;
const TCOFLUSH = 1;
/** What {@linkcode SerialStream.flush} discards. */
const QUEUES = { input: 0, output: TCOFLUSH, both: 2 } as const;

/** Options of {@linkcode SerialStream.write}. */
export interface SerialWriteOptions {
  /** Milliseconds to wait for room, from the call on; {@linkcode SERIAL_WRITE_TIMEOUT_MS} if not given. */
  timeoutMs?: number;
}

/**
 * The bytes of one open tty.
 *
 * Waiting happens in `poll` on a thread of the runtime's pool and costs nothing. It watches an eventfd
 * too, which ends it when the stream closes: a descriptor is never closed under a waiting thread. The
 * reads and writes themselves are made on the main thread, where they return at once and where their
 * `errno` can be read.
 */
export class SerialStream implements AsyncDisposable {
  /** The path that it was opened with. */
  readonly path: string;
  readonly #libc: Libc;
  readonly #descriptor: number;
  readonly #wake: number;
  readonly #waits = new Set<Promise<number>>();
  #reading = false;
  #lastWrite: Promise<unknown> = Promise.resolve();
  #waitingBytes = 0;
  #closing: Promise<void> | undefined;

  /**
   * Takes over an open descriptor (which must not block) and a hold of the C library, and ends both.
   *
   * @param path The path that the port was opened with.
   * @throws {SerialPortError} if the process has no descriptors left; both have ended then too.
   */
  constructor(libc: Libc, descriptor: number, path: string) {
    this.path = path;
    this.#libc = libc;
    this.#descriptor = descriptor;
    // eventfd's own flags have the values of open's.
    this.#wake = libc.result(libc.symbols.eventfd(0, O_CLOEXEC | O_NONBLOCK));
    if (this.#wake >= 0) return;
    const detail = libc.errorText(-this.#wake);
    libc.symbols.close(descriptor);
    libc[Symbol.dispose]();
    throw new SerialPortError(path, "failed", detail);
  }

  /**
   * Reads what has arrived, waiting for the first byte. One read at a time.
   *
   * @param buffer At least one byte; bytes are put at its beginning.
   * @returns How many; `null` once the device is gone or the stream was closed.
   */
  async read(buffer: Uint8Array<ArrayBuffer>): Promise<number | null> {
    assert(buffer.length > 0, "a read has room for a byte");
    assert(!this.#reading, "a serial port has one reader");
    this.#reading = true;
    try {
      while (this.#closing === undefined) {
        const events = await this.#wait(POLLIN, WAIT_MS_MAX);
        if (this.#closing !== undefined) break;
        if (events === 0) continue;
        // Bytes that came before the end are still read; then it is 0, EIO, or nothing to read.
        const { read } = this.#libc.symbols;
        const count = this.#libc.result(read(this.#descriptor, buffer, BigInt(buffer.length)));
        if (count > 0) return count;
        const later = count === -EAGAIN || count === -EINTR;
        if (!later || (events & POLL_ENDED) !== 0) break;
      }
      return null;
    } finally {
      this.#reading = false;
    }
  }

  /**
   * Writes all bytes, after those of earlier calls. The bytes may be changed as soon as the call has
   * returned.
   *
   * @returns True once the kernel has all of them; false if the time was over (a part may have been
   * written), the queue was full, the device is gone or the stream was closed.
   */
  write(bytes: Uint8Array<ArrayBuffer>, options: SerialWriteOptions = {}): Promise<boolean> {
    if (this.#closing !== undefined) return Promise.resolve(false);
    if (this.#waitingBytes + bytes.length > SERIAL_WRITE_QUEUE_BYTES) return Promise.resolve(false);
    const written = this.#waitingBytes === 0 ? this.#writeNow(bytes) : 0;
    if (written === undefined) return Promise.resolve(false);
    if (written === bytes.length) return Promise.resolve(true);

    const deadline = performance.now() + (options.timeoutMs ?? SERIAL_WRITE_TIMEOUT_MS);
    const rest = bytes.slice(written);
    this.#waitingBytes += rest.length;
    const writing = this.#lastWrite.then(() => this.#writeLater(rest, deadline)).finally(() => {
      this.#waitingBytes -= rest.length;
    });
    this.#lastWrite = writing;
    return writing;
  }

  /**
   * Asks the device something, or sets it, with `ioctl`.
   *
   * @param argument Given to the device and filled by it.
   * @returns 0 or more, or a negative error number: `ENOTTY` if the device knows no such request,
   * `ENODEV` once the stream was closed.
   */
  control(request: bigint, argument: Int32Array<ArrayBuffer> | null): number {
    if (this.#closing !== undefined) return -ENODEV;
    return this.#libc.result(this.#libc.symbols.ioctl(this.#descriptor, request, argument));
  }

  /** What an error number of {@linkcode SerialStream.control} means. */
  errorText(errno: number): string {
    return this.#libc.errorText(errno);
  }

  /** Discards bytes that wait: those that arrived, those to be sent, or both. */
  flush(queue: keyof typeof QUEUES): void {
    if (this.#closing === undefined) this.#libc.symbols.tcflush(this.#descriptor, QUEUES[queue]);
  }

  /**
   * Waits until the device has all that was written.
   *
   * @returns False if the stream was closed before.
   */
  async drained(): Promise<boolean> {
    await this.#lastWrite;
    while (this.#closing === undefined && this.#queuedBytes() > 0) await sleep(DRAIN_STEP_MS);
    return this.#closing === undefined;
  }

  /**
   * Ends waiting reads and writes, gives written bytes {@linkcode SERIAL_CLOSE_DRAIN_MS} to leave and
   * closes the tty. Idempotent; resolves when all is closed.
   */
  close(): Promise<void> {
    return this.#closing ??= this.#end();
  }

  /** Closes the stream; for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Writes as much as the system has room for; `undefined` if the device is gone. */
  #writeNow(bytes: Uint8Array<ArrayBuffer>): number | undefined {
    if (bytes.length === 0) return 0;
    const { write } = this.#libc.symbols;
    const count = this.#libc.result(write(this.#descriptor, bytes, BigInt(bytes.length)));
    if (count >= 0) return count;
    return count === -EAGAIN || count === -EINTR ? 0 : undefined;
  }

  async #writeLater(bytes: Uint8Array<ArrayBuffer>, deadline: number): Promise<boolean> {
    let rest = bytes;
    while (rest.length > 0 && this.#closing === undefined) {
      const leftMs = Math.ceil(deadline - performance.now());
      const events = await this.#wait(POLLOUT, Math.min(Math.max(leftMs, 0), WAIT_MS_MAX));
      if (this.#closing !== undefined || (events & POLL_ENDED) !== 0) return false;
      const written = events === 0 ? 0 : this.#writeNow(rest);
      if (written === undefined) return false;
      if (written === 0 && performance.now() >= deadline) return false;
      rest = rest.subarray(written);
    }
    return rest.length === 0;
  }

  /** Waits for events of the tty; 0 if there were none, because of the time or of the end. */
  async #wait(events: number, timeoutMs: number): Promise<number> {
    // Two `struct pollfd`: int fd, short events, short revents.
    const buffer = new ArrayBuffer(16);
    const view = new DataView(buffer);
    view.setInt32(0, this.#descriptor, true);
    view.setInt16(4, events, true);
    view.setInt32(8, this.#wake, true);
    view.setInt16(12, POLLIN, true);
    const wait = this.#libc.lend(buffer, this.#libc.symbols.pollOffThread(buffer, 2n, timeoutMs));
    this.#waits.add(wait);
    try {
      await wait;
    } finally {
      this.#waits.delete(wait);
    }
    return view.getInt16(6, true);
  }

  async #end(): Promise<void> {
    const { symbols } = this.#libc;
    symbols.eventfd_write(this.#wake, 1n);
    await Promise.allSettled(this.#waits);
    await this.#drain();
    // Off the thread: closing a USB port talks to the device.
    await symbols.closeOffThread(this.#descriptor);
    symbols.close(this.#wake);
    this.#libc[Symbol.dispose]();
  }

  /**
   * Waits a bounded time for written bytes to leave, then discards the rest: the kernel's own close
   * would wait half a minute for a device that takes no more.
   */
  async #drain(): Promise<void> {
    const deadline = performance.now() + SERIAL_CLOSE_DRAIN_MS;
    while (this.#queuedBytes() > 0) {
      if (performance.now() >= deadline) {
        this.#libc.symbols.tcflush(this.#descriptor, TCOFLUSH);
        return;
      }
      await sleep(DRAIN_STEP_MS);
    }
  }

  #queuedBytes(): number {
    const queued = new Int32Array(1);
    const isKnown = this.#libc.symbols.ioctl(this.#descriptor, TIOCOUTQ, queued) === 0;
    return isKnown ? queued[0] ?? 0 : 0;
  }
}
