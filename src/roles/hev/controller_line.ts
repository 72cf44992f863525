/**
 * The conversation with a controller over a stream of bytes, whatever carries it.
 *
 * @module
 */

import { WakeTimer } from "../../net/wake_timer.ts";
import {
  type CommandLayout,
  commandLayoutOf,
  encodeCommand,
  encodePersonal,
  type Refusal,
} from "../../wire/hev/command_encoder.ts";
import { FrameDecoder, type FrameEvent } from "../../wire/hev/frame_decoder.ts";
import { Link, type Outcome } from "../../wire/hev/link.ts";
import { decodePayload } from "../../wire/hev/payload.ts";
import type { SourceListener, SourceRequest } from "./source.ts";

/** Options of {@linkcode ControllerLine}. */
export interface ControllerLineOptions {
  /** Sends a frame to the controller. */
  write: (frame: Uint8Array) => void;
  /** The protocol version in which commands are written until the controller is heard. */
  layout: CommandLayout;
  listener: Pick<SourceListener, "onPayload" | "onTrouble">;
  /** Milliseconds; monotonic. */
  now: () => number;
}

/**
 * After this many bytes without a frame, the sender is not a controller: a frame has at most a few
 * hundred bytes.
 */
export const FOREIGN_BYTES = 2_048;

/** What has passed over the lines so far. */
export interface LineCounters {
  /** Payloads that arrived, each counted once. */
  payloads: number;
  /** Bytes that belong to no frame. */
  noiseBytes: number;
  /** Good frames whose payload no table knows. */
  unusable: number;
  /** Requests that the controller acknowledged, and requests that it did not. */
  acknowledged: number;
  unanswered: number;
}

/** Counters of a line on which nothing has happened yet. */
export function lineCounters(): LineCounters {
  return { payloads: 0, noiseBytes: 0, unusable: 0, acknowledged: 0, unanswered: 0 };
}

/** The counters of a line under the names of their metrics. */
export function lineMetrics(counters: LineCounters): Readonly<Record<string, number>> {
  return {
    hev_payloads_total: counters.payloads,
    hev_serial_noise_bytes_total: counters.noiseBytes,
    hev_serial_unusable_payloads_total: counters.unusable,
    'hev_serial_commands_total{result="acknowledged"}': counters.acknowledged,
    'hev_serial_commands_total{result="unanswered"}': counters.unanswered,
  };
}

/**
 * Turns bytes that arrive into payloads, and requests into frames, which are sent again until the
 * controller acknowledges them. A line ends when its port is closed; a port that is opened again
 * gets a new line.
 */
export class ControllerLine implements Disposable {
  readonly #options: ControllerLineOptions;
  readonly #counters: LineCounters;
  readonly #decoder = new FrameDecoder();
  readonly #link: Link;
  readonly #timer: WakeTimer;
  #layout: CommandLayout;
  /** Whether a frame has arrived on this line, and how many bytes arrived before the first one. */
  #isUnderstood = false;
  #foreignBytes = 0;

  /** @param counters The counters to continue, so that they cover several lines. */
  constructor(options: ControllerLineOptions, counters: LineCounters) {
    this.#options = options;
    this.#counters = counters;
    this.#layout = options.layout;
    const { now } = options;
    this.#link = new Link({
      write: options.write,
      deliver: (payload, address) => this.#deliver(payload, address),
      settled: (_, outcome) => this.#settled(outcome),
    });
    this.#timer = new WakeTimer({
      now,
      nextWake: () => this.#link.nextWake(),
      advance: (at) => this.#link.poll(at),
    });
  }

  /** The protocol version in which commands are written now. */
  get layout(): CommandLayout {
    return this.#layout;
  }

  /** Takes bytes from the controller; they are used only during the call. */
  receive(bytes: Uint8Array): void {
    this.#decoder.push(bytes, this.#onEvent);
    if (this.#isUnderstood) return;
    const before = this.#foreignBytes;
    this.#foreignBytes += bytes.length;
    if (before >= FOREIGN_BYTES || this.#foreignBytes < FOREIGN_BYTES) return;
    this.#options.listener.onTrouble?.(
      `${this.#foreignBytes} bytes arrived but no frame: wrong device or speed?`,
    );
  }

  /** Queues a request. */
  request(request: SourceRequest): Refusal | undefined {
    const payload = request.type === "command"
      ? encodeCommand(this.#layout, request.command)
      : encodePersonal(this.#layout, request.person);
    if (!(payload instanceof Uint8Array)) return payload;
    const kind = request.type === "command" ? "command" : "data";
    if (this.#link.send(payload, kind, this.#options.now()) === undefined) {
      return { type: "refused", reason: "Cannot send request: too many wait for the controller" };
    }
    this.#timer.poke();
    return undefined;
  }

  /** Ends the line; waiting requests are dropped. */
  close(): void {
    this.#timer.close();
    this.#link.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  readonly #onEvent = (event: FrameEvent): void => {
    if (event.kind === "noise") {
      this.#counters.noiseBytes += event.bytes;
      return;
    }
    this.#isUnderstood = true;
    this.#link.receive(event, this.#options.now());
    // An acknowledgement lets the next request go out.
    if (event.kind !== "information") this.#timer.poke();
  };

  #deliver(bytes: Uint8Array, address: number): "usable" | "unusable" {
    const payload = decodePayload(bytes, address);
    if (payload.type === "unusable") {
      this.#counters.unusable++;
      this.#options.listener.onTrouble?.(payload.reason);
      return "unusable";
    }
    this.#counters.payloads++;
    this.#layout = commandLayoutOf(bytes) ?? this.#layout;
    this.#options.listener.onPayload(payload);
    return "usable";
  }

  #settled(outcome: Outcome): void {
    if (outcome === "acknowledged") {
      this.#counters.acknowledged++;
      return;
    }
    this.#counters.unanswered++;
    const detail = outcome === "unanswered"
      ? "it acknowledged no attempt"
      : "its line was closed first";
    this.#options.listener.onTrouble?.(`Cannot deliver a request to the controller: ${detail}`);
  }
}
