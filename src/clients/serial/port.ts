/**
 * A serial port in the shape of Web Serial.
 *
 * @module
 */

import { openSerial } from "../../net/serial/port.ts";
import type { SerialStream } from "../../net/serial/stream.ts";
import { sleep } from "../../net/sleep.ts";
import { invalidState, networkError, openingError } from "./error.ts";
import { lineOf, SERIAL_BUFFER_BYTES_DEFAULT, type SerialOptions } from "./options.ts";
import {
  readSignals,
  type SerialInputSignals,
  type SerialOutputSignals,
  writeSignals,
} from "./signals.ts";
import { SerialSource, writableOf } from "./streams.ts";

/** What is known about a port: Web Serial's two numbers, and what Linux knows besides. */
export interface SerialPortInfo {
  /**
   * Path of the device, such as `/dev/ttyACM0`. It may change when the device is plugged in again.
   */
  readonly path: string;
  /** A lasting path: below `/dev/serial/by-id`, or a Raspberry Pi's `/dev/serial0`. */
  readonly lastingPath?: string | undefined;
  /** USB vendor, 0 to 65535; `undefined` if the port is not on USB. */
  readonly usbVendorId?: number | undefined;
  /** USB product, 0 to 65535; `undefined` if the port is not on USB. */
  readonly usbProductId?: number | undefined;
  /** The manufacturer, as the device names it. */
  readonly manufacturer?: string | undefined;
  /** The product, as the device names it. */
  readonly product?: string | undefined;
  /** The serial number, as the device gives it. */
  readonly serialNumber?: string | undefined;
}

/** An open port. */
interface Opened {
  readonly stream: SerialStream;
  readonly source: SerialSource;
  readable: ReadableStream<Uint8Array<ArrayBuffer>> | undefined;
  writable: WritableStream<Uint8Array> | undefined;
}

/**
 * A serial port with the members of Web Serial's `SerialPort`: `open`, `readable`, `writable`,
 * `setSignals`, `getSignals`, `getInfo`, `close`. Beyond it: a port is made from a path, `drain`,
 * `flush` and `sendBreak` exist, and `await using` closes it.
 *
 * Errors are a `DOMException` with the names of Web Serial: `InvalidStateError` if the port is open
 * when it must not be or the other way round, `NetworkError` if the system or the device refuses
 * (message and `cause` say why), `SecurityError` without `--allow-ffi`; wrong options are a
 * `TypeError`. When the device is unplugged, `readable` fails with a `NetworkError` and the event
 * `disconnect` is sent.
 *
 * @example
 * ```ts
 * import { SerialPort } from "@pulsebox/pulsebox/serial";
 *
 * const port = new SerialPort("/dev/ttyACM0");
 * try {
 *   await port.open({ baudRate: 115_200 });
 * } catch (error) {
 *   console.log((error as DOMException).name); // NetworkError: no such device
 * }
 * ```
 */
export class SerialPort extends EventTarget implements AsyncDisposable {
  readonly #info: SerialPortInfo;
  #state: "closed" | "opening" | "open" | "closing" = "closed";
  #opened: Opened | undefined;
  #isLost = false;

  /**
   * Represents a port without opening it.
   *
   * @param place The path of the device, or a port's information from `serial.getPorts`.
   */
  constructor(place: string | SerialPortInfo) {
    super();
    this.#info = typeof place === "string" ? { path: place } : place;
  }

  /** True from a successful `open` until the device is gone or the port is closed. */
  get connected(): boolean {
    return this.#state === "open" && !this.#isLost;
  }

  /**
   * The received bytes; `null` unless the port is open and the device present. After a cancel, the
   * next access returns a new stream.
   */
  get readable(): ReadableStream<Uint8Array<ArrayBuffer>> | null {
    const opened = this.#opened;
    if (opened === undefined || this.#state !== "open") return null;
    if (opened.readable === undefined && this.#isLost) return null;
    return opened.readable ??= opened.source.readable(
      () => opened.readable = undefined,
      () => this.#onEnd(opened),
    );
  }

  /**
   * The bytes to send; `null` unless the port is open and the device present. After a close or an
   * abort, the next access returns a new stream.
   */
  get writable(): WritableStream<Uint8Array> | null {
    const opened = this.#opened;
    if (opened === undefined || this.#state !== "open" || this.#isLost) return null;
    return opened.writable ??= writableOf(opened.stream, () => opened.writable = undefined);
  }

  /** What is known about the port. */
  getInfo(): SerialPortInfo {
    return this.#info;
  }

  /**
   * Opens the port for this program alone. Bytes that arrived earlier are discarded.
   *
   * @throws {DOMException} `InvalidStateError` if it is open already; `NetworkError` if there is no such
   * device, the user may not use it, or another program has it; `SecurityError` without `--allow-ffi`.
   * @throws {TypeError} if an option is wrong.
   */
  async open(options: SerialOptions): Promise<void> {
    if (this.#state !== "closed") {
      throw invalidState(`Cannot open serial port "${this.#info.path}": it is ${this.#state}`);
    }
    const line = lineOf(options);
    this.#state = "opening";
    try {
      const stream = await openSerial(this.#info.path, line);
      const source = new SerialSource(stream, options.bufferSize ?? SERIAL_BUFFER_BYTES_DEFAULT);
      this.#opened = { stream, source, readable: undefined, writable: undefined };
      this.#isLost = false;
      this.#state = "open";
    } catch (error) {
      this.#state = "closed";
      throw openingError(error);
    }
  }

  /**
   * Sets lines: DTR, RTS, break.
   *
   * @throws {TypeError} if none is given.
   * @throws {DOMException} `InvalidStateError` unless it is open; `NetworkError` if the device does not
   * have these lines (a pseudo terminal has no DTR and RTS) or is gone.
   */
  setSignals(signals: SerialOutputSignals): Promise<void> {
    // Whatever throws in here rejects the promise.
    return new Promise((resolve) => {
      const { dataTerminalReady, requestToSend } = signals;
      const isEmpty = [dataTerminalReady, requestToSend, signals.break]
        .every((line) => line === undefined);
      if (isEmpty) throw new TypeError("Cannot set signals: none is given");
      resolve(writeSignals(this.#stream("set signals"), signals));
    });
  }

  /**
   * Reads lines: DCD, CTS, RI, DSR.
   *
   * @throws {DOMException} `InvalidStateError` unless it is open; `NetworkError` if the device does
   * not have these lines (a pseudo-terminal) or is gone.
   */
  getSignals(): Promise<SerialInputSignals> {
    return new Promise((resolve) => resolve(readSignals(this.#stream("read signals"))));
  }

  /**
   * Sends a break.
   *
   * @param durationMs How long, in milliseconds; 250.
   * @throws {DOMException} as {@linkcode SerialPort.setSignals} does.
   */
  async sendBreak(durationMs = 250): Promise<void> {
    await this.setSignals({ break: true });
    await sleep(durationMs);
    await this.setSignals({ break: false });
  }

  /**
   * Waits until everything that was written has been sent to the device.
   *
   * @throws {DOMException} `InvalidStateError` unless it is open; `NetworkError` if it was closed before.
   */
  async drain(): Promise<void> {
    if (await this.#stream("drain").drained()) return;
    throw networkError("Cannot drain serial port: it was closed");
  }

  /**
   * Discards bytes that wait in the system: received bytes (`input`), bytes to be sent (`output`),
   * or both.
   *
   * @throws {DOMException} `InvalidStateError` unless it is open.
   */
  flush(queue: "input" | "output" | "both" = "both"): void {
    this.#stream("flush").flush(queue);
  }

  /**
   * Closes the port, after ending both streams. As in Web Serial, their locks must have been
   * released.
   *
   * @throws {DOMException} `InvalidStateError` unless it is open.
   * @throws {TypeError} if a stream is locked; the port stays open. `await using` closes it all the same.
   */
  async close(): Promise<void> {
    this.#stream("close");
    for (const name of ["readable", "writable"] as const) {
      if (this.#opened?.[name]?.locked !== true) continue;
      throw new TypeError(`Cannot close serial port: ${name} is locked, release its lock first`);
    }
    await this.#end();
  }

  /** Closes the port whatever its state is; a loop over `readable` ends. For `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#state === "open") await this.#end();
  }

  async #end(): Promise<void> {
    const opened = this.#opened;
    this.#state = "closing";
    await opened?.stream.close();
    if (opened?.readable?.locked === false) await opened.readable.cancel().catch(() => {});
    if (opened?.writable?.locked === false) await opened.writable.abort().catch(() => {});
    this.#opened = undefined;
    this.#state = "closed";
  }

  /** Nothing more will arrive: the port was closed, or the device is gone. */
  #onEnd(opened: Opened): DOMException | undefined {
    if (this.#opened !== opened || this.#state !== "open") return undefined;
    opened.readable = undefined;
    if (!this.#isLost) this.dispatchEvent(new Event("disconnect"));
    this.#isLost = true;
    return networkError(`Lost serial port "${this.#info.path}": the device is gone`);
  }

  #stream(what: string): SerialStream {
    if (this.#opened !== undefined && this.#state === "open") return this.#opened.stream;
    throw invalidState(`Cannot ${what}: serial port "${this.#info.path}" is ${this.#state}`);
  }
}
