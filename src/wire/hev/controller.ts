/**
 * A microcontroller that is played: it sends a recording over its link and takes commands.
 *
 * @module
 */

import { findCommandName } from "./command_names.ts";
import { FrameDecoder } from "./frame_decoder.ts";
import { Link } from "./link.ts";
import { decodePayload, type Payload } from "./payload.ts";
import { kindOfType } from "./payload_type.ts";
import type { Playback } from "./playback.ts";
import type { Ticket } from "./send_queue.ts";

/** A command as it arrived. */
export interface ReceivedCommand {
  readonly version: number;
  /** Such as `GENERAL`; `undefined` if the version has no such type. */
  readonly cmdtype: string | undefined;
  /** Such as `START`; `undefined` if the type has no such command. */
  readonly cmd: string | undefined;
  readonly param: number;
}

/** Options of {@linkcode Controller}. */
export interface ControllerOptions {
  /** What it sends. */
  playback: Playback;
  /** Puts a frame on the line. */
  write: (frame: Uint8Array) => void;
  /** Called with each command, once. */
  onCommand?: ((command: ReceivedCommand) => void) | undefined;
  /** Called with any other payload, such as a patient's data. */
  onPayload?: ((payload: Payload) => void) | undefined;
}

/**
 * Payloads that may wait for their acknowledgement. While the other end is away, the playback waits:
 * no line of the recording is lost.
 */
const PENDING_MAX = 4;
/** How often a payload is sent: up to version 0xAA the firmware retries without a limit. */
const TRIES_MAX = Number.MAX_SAFE_INTEGER;

/** The microcontroller's end of the link. Time is an argument, in milliseconds. */
export class Controller {
  readonly #playback: Playback;
  readonly #decoder = new FrameDecoder();
  readonly #link: Link;
  readonly #onCommand: (command: ReceivedCommand) => void;
  readonly #onPayload: (payload: Payload) => void;
  readonly #waiting = new Set<Ticket>();
  #sent = 0;
  #acknowledged = 0;
  #skipped = 0;

  constructor(options: ControllerOptions) {
    this.#playback = options.playback;
    this.#onCommand = options.onCommand ?? (() => {});
    this.#onPayload = options.onPayload ?? (() => {});
    this.#link = new Link({
      write: options.write,
      deliver: (payload, address) => this.#deliver(payload, address),
      settled: (ticket, outcome) => {
        this.#waiting.delete(ticket);
        if (outcome === "acknowledged") this.#acknowledged++;
      },
    }, { triesMax: TRIES_MAX });
  }

  /** Payloads given to the link, acknowledged by the other end, and left out because no frame fits. */
  get counters(): {
    readonly sent: number;
    readonly acknowledged: number;
    readonly skipped: number;
  } {
    return { sent: this.#sent, acknowledged: this.#acknowledged, skipped: this.#skipped };
  }

  /** True when the recording is at its end and everything is acknowledged. */
  get isDone(): boolean {
    return this.#playback.nextWake() === undefined && this.#link.pending === 0;
  }

  /** Takes bytes from the line. */
  receive(bytes: Uint8Array, now: number): void {
    this.#decoder.push(bytes, (event) => {
      if (event.kind !== "noise") this.#link.receive(event, now);
    });
    this.poll(now);
  }

  /** Sends what is due. */
  poll(now: number): void {
    this.#link.poll(now);
    while (this.#waiting.size < PENDING_MAX) {
      const step = this.#playback.next(now);
      if (step === undefined) return;
      const { bytes, payload } = step;
      const ticket = bytes && this.#link.send(bytes, kindOfType(payload.type), now);
      if (ticket === undefined) {
        this.#skipped++;
      } else {
        this.#sent++;
        this.#waiting.add(ticket);
      }
    }
  }

  /** When {@linkcode Controller.poll} is to be called next, in milliseconds; `undefined` for never. */
  nextWake(): number | undefined {
    const linkAt = this.#link.nextWake();
    // A playback that waits for acknowledgements goes on when one arrives.
    const stepAt = this.#waiting.size < PENDING_MAX ? this.#playback.nextWake() : undefined;
    if (linkAt === undefined) return stepAt;
    return stepAt === undefined ? linkAt : Math.min(linkAt, stepAt);
  }

  #deliver(bytes: Uint8Array, address: number): "usable" | "unusable" {
    const payload = decodePayload(bytes, address);
    if (payload.type === "unusable") return "unusable";
    if (payload.type === "CMD") {
      const { version, values } = payload;
      const names = findCommandName(version, Number(values.cmd_type ?? 1), Number(values.cmd_code));
      this.#onCommand({ version, ...names, param: Number(values.param) });
    } else {
      this.#onPayload(payload);
    }
    return "usable";
  }
}
