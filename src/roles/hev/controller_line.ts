/**
 * The conversation with a controller over a line of bytes, whatever carries them.
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
  /** How commands are written until the controller is heard. */
  layout: CommandLayout;
  listener: Pick<SourceListener, "onPayload" | "onTrouble">;
  /** Milliseconds; monotonic. */
  now: () => number;
}

/**
 * After this many bytes without a frame, the sender is no controller: a frame has a few hundred
 * bytes at most.
 */
export const FOREIGN_BYTES = 2_048;

/** What went over lines so far. */
export interface LineCounters {
  /** Payloads that arrived, once each. */
  payloads: number;
  /** Bytes that were no frame. */
  noiseBytes: number;
  /** Good frames with a payload that no table knows. */
  unusable: number;
  /** Requests that the controller acknowledged, and those that it did not. */
  acknowledged: number;
  unanswered: number;
}

/** Counters of a line on which nothing has happened yet. */
export function lineCounters(): LineCounters {
  return { payloads: 0, noiseBytes: 0, unusable: 0, acknowledged: 0, unanswered: 0 };
}

/** The counters of a line under the names that metrics give them. */
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
 * Makes payloads of the bytes that arrive, and frames of requests, which are sent until the controller
 * has acknowledged them. One line is one life of the port: when it is opened anew, so is the line.
 */
export class ControllerLine implements Disposable {
  readonly #options: ControllerLineOptions;
  readonly #counters: LineCounters;
  readonly #decoder = new FrameDecoder();
  readonly #link: Link;
  readonly #timer: WakeTimer;
  #layout: CommandLayout;
  /** Whether a frame has come on this line, and what came before the first one. */
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

  /** How commands are written at present. */
  get layout(): CommandLayout {
    return this.#layout;
  }

  /** Takes bytes from the controller. They are used during the call only. */
  receive(bytes: Uint8Array): void {
    this.#decoder.push(bytes, this.#onEvent);
    if (this.#isUnderstood) return;
    const before = this.#foreignBytes;
    this.#foreignBytes += bytes.length;
    if (before >= FOREIGN_BYTES || this.#foreignBytes < FOREIGN_BYTES) return;
    this.#options.listener.onTrouble?.(
      `${this.#foreignBytes} bytes came but no frame: wrong device or speed?`,
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

  /** Ends the line: what waits is given up. */
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
    // An acknowledgement lets the next one go.
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
      ? "it did not acknowledge any try"
      : "its line was closed first";
    this.#options.listener.onTrouble?.(`Cannot hand a request to the controller: ${detail}`);
  }
}
