/**
 * The microcontroller at a serial port as a source.
 *
 * @module
 */

import { SerialLink } from "../../net/serial/link.ts";
import { serialLocator } from "../../net/serial/locator.ts";
import type { CommandLayout, Refusal } from "../../wire/hev/command_encoder.ts";
import { ControllerLine, lineCounters, lineMetrics } from "./controller_line.ts";
import type { Source, SourceListener, SourceRequest } from "./source.ts";
import { inBackground } from "../../net/background.ts";

/** Options of {@linkcode SerialSource}. */
export interface SerialSourceOptions {
  /** Path of the port, or `auto` to find the microcontroller on USB. */
  place: string;
  /** The protocol version in which commands are written until the controller is first heard. */
  layout: CommandLayout;
  /** Milliseconds; monotonic. */
  now: () => number;
}

/**
 * Talks to the controller at a port, and looks for a controller again after it was unplugged.
 * Requests that wait when the port is lost are dropped: an old request must not start a ventilator.
 */
export class SerialSource implements Source {
  readonly name = "arduino";
  readonly place: string;
  readonly #options: SerialSourceOptions;
  readonly #counters = lineCounters();
  #layout: CommandLayout;
  #serial: SerialLink | undefined;
  #line: ControllerLine | undefined;
  #opened = 0;

  constructor(options: SerialSourceOptions) {
    this.place = options.place;
    this.#options = options;
    this.#layout = options.layout;
  }

  /** @inheritdoc */
  start(listener: SourceListener): void {
    const { now } = this.#options;
    const serial = SerialLink.start({
      locate: serialLocator(this.place),
      listener: {
        onUp: (path) => {
          this.#opened++;
          this.#endLine();
          this.#line = new ControllerLine({
            // A frame that the port refuses is sent again, like a frame that is lost on the wire.
            write: (frame) => inBackground(serial.write(new Uint8Array(frame))),
            layout: this.#layout,
            listener,
            now,
          }, this.#counters);
          listener.onUp?.(path);
        },
        onBytes: (bytes) => this.#line?.receive(bytes),
        onDown: (problem) => {
          this.#endLine();
          listener.onDown?.(problem);
        },
      },
    });
    this.#serial = serial;
  }

  /** @inheritdoc */
  request(request: SourceRequest): Refusal | undefined {
    if (this.#line !== undefined) return this.#line.request(request);
    return { type: "refused", reason: "Cannot send request: the controller is not connected" };
  }

  /** @inheritdoc */
  counters(): Readonly<Record<string, number>> {
    return { ...lineMetrics(this.#counters), hev_serial_opened_total: this.#opened };
  }

  /** @inheritdoc */
  async close(): Promise<void> {
    this.#endLine();
    await this.#serial?.close();
  }

  /** Ends it; for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #endLine(): void {
    if (this.#line === undefined) return;
    // When the controller comes back, it will have the same version.
    this.#layout = this.#line.layout;
    this.#line.close();
    this.#line = undefined;
  }
}
