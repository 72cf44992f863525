/**
 * One end of the serial link: sequence numbers, acknowledgements and resending over the frames.
 *
 * @module
 */

import { assert } from "../../core/assert.ts";
import {
  ADDRESSES,
  encodeFrame,
  type Frame,
  type FrameKind,
  kindOfAddress,
  nextNumber,
  PAYLOAD_BYTES_MAX,
} from "./frame.ts";
import { LastArrival, type Verdict } from "./last_arrival.ts";
import { SendQueue, type Ticket, type Waiting } from "./send_queue.ts";

export type { Ticket, Verdict };

/**
 * How sending a payload ended.
 *
 * - `acknowledged`: the peer has it.
 * - `unanswered`: no acknowledgement after the last try; the peer may have it or not.
 * - `abandoned`: the link was closed first.
 */
export type Outcome = "acknowledged" | "unanswered" | "abandoned";

/** Where a {@linkcode Link} puts what it makes. */
export interface LinkHandlers {
  /** Bytes for the line, one whole frame. */
  write(frame: Uint8Array): void;
  /** Called once for each payload that arrived; the result decides between ACK and NACK. */
  deliver(payload: Uint8Array, address: number): Verdict;
  /** Called when the sending of a payload has ended. */
  settled?(ticket: Ticket, outcome: Outcome): void;
}

/** Options of {@linkcode Link}. */
export interface LinkOptions {
  /** How long to wait for an acknowledgement before sending again, in milliseconds; 50 each. */
  resendMs?: Partial<Record<FrameKind, number>>;
  /** How many times a payload is sent before the link gives up, at least 1; 10 if not given. */
  triesMax?: number;
  /** The most payloads of each kind that wait; 16 if not given. */
  queueFramesMax?: number;
}

/** Default wait for an acknowledgement, in milliseconds: the newest firmware answers within 15. */
export const RESEND_MS = 50;
/** How often a frame is sent until it is acknowledged, unless told otherwise. */
export const TRIES_MAX = 10;
/** Frames of each queue, unless told otherwise. */
export const QUEUE_FRAMES_MAX = 16;

/** Time without sending, in milliseconds, after which no answer can still be under way. */
const QUIET_MS = 1000;

/** The payload that is being sent. */
interface Outstanding extends Waiting {
  number: number;
  tries: number;
  resendAt: number;
  /** The number of the last NACK that asked for another number than ours. */
  asked: number | undefined;
  renumbering: "allowed" | "over";
}

/**
 * One payload at a time is on its way, alarms before commands before data. It is sent again until the
 * peer acknowledges it or the tries are used up. Each new payload has a new number, after a failure too,
 * so that the peer cannot take it for a repetition of the one that failed.
 *
 * Every good frame is acknowledged, with the address that it came with, whatever its number: all
 * generations of the firmware accept that. A repetition of the last one is acknowledged again but
 * delivered once.
 *
 * The newest firmware refuses numbers that it does not expect, which after a restart of either side
 * would cost commands. So the first payload after a quiet time takes the number that two NACKs ask for,
 * once. It stays one delivery: a peer that has the payload already asks for the number after it, and no
 * answers to earlier payloads are on their way any more.
 *
 * Time is an argument: call {@linkcode Link.poll} when {@linkcode Link.nextWake} has come.
 */
export class Link {
  readonly #handlers: LinkHandlers;
  readonly #resendMs: Readonly<Record<FrameKind, number>>;
  readonly #triesMax: number;
  readonly #queue: SendQueue;
  readonly #lastArrival = new LastArrival();
  #outstanding: Outstanding | undefined = undefined;
  #number = 0;
  #sentAt = -Infinity;
  #tickets = 0;
  #closed = false;

  /**
   * Makes a link at rest, whose first number is 0.
   *
   * @throws {RangeError} if an option is out of range.
   */
  constructor(handlers: LinkHandlers, options: LinkOptions = {}) {
    const { resendMs = {}, triesMax = TRIES_MAX, queueFramesMax = QUEUE_FRAMES_MAX } = options;
    this.#handlers = handlers;
    this.#resendMs = {
      alarm: atLeast("resendMs.alarm", resendMs.alarm ?? RESEND_MS, 1),
      command: atLeast("resendMs.command", resendMs.command ?? RESEND_MS, 1),
      data: atLeast("resendMs.data", resendMs.data ?? RESEND_MS, 1),
    };
    this.#triesMax = atLeast("triesMax", triesMax, 1);
    this.#queue = new SendQueue(atLeast("queueFramesMax", queueFramesMax, 1));
  }

  /** Number of payloads that wait or are being sent. */
  get pending(): number {
    return this.#queue.size + (this.#outstanding === undefined ? 0 : 1);
  }

  /**
   * Sends a payload, at once if nothing else is on its way.
   *
   * @param payload At most 121 bytes; not copied, so it must not change.
   * @param now Milliseconds.
   * @return What {@linkcode LinkHandlers.settled} will name it, or `undefined` if the queue is full or
   * the link is closed.
   */
  send(payload: Uint8Array, kind: FrameKind, now: number): Ticket | undefined {
    assert(payload.length <= PAYLOAD_BYTES_MAX, "a payload fits into a frame");
    const ticket = this.#tickets + 1;
    if (this.#closed || !this.#queue.add({ ticket, kind, payload })) return undefined;
    this.#tickets = ticket;
    this.#startNext(now);
    return ticket;
  }

  /** Takes a frame from the decoder. */
  receive(frame: Frame, now: number): void {
    switch (frame.kind) {
      case "information":
        return this.#take(frame);
      case "acknowledgement":
        return this.#acknowledged(frame.address, frame.number, now);
      case "refusal":
        return this.#refused(frame.address, frame.number);
    }
  }

  /** Resends the payload whose acknowledgement is overdue, or gives up. */
  poll(now: number): void {
    const outstanding = this.#outstanding;
    if (outstanding === undefined || now < outstanding.resendAt) return;
    if (outstanding.tries >= this.#triesMax) {
      this.#settle(outstanding, "unanswered", now);
    } else {
      this.#transmit(outstanding, now);
    }
  }

  /** When {@linkcode Link.poll} is to be called next, in milliseconds; `undefined` at rest. */
  nextWake(): number | undefined {
    return this.#outstanding?.resendAt;
  }

  /** Discards everything that was to be sent; called when the line is gone. */
  close(): void {
    this.#closed = true;
    const outstanding = this.#outstanding;
    this.#outstanding = undefined;
    if (outstanding !== undefined) this.#handlers.settled?.(outstanding.ticket, "abandoned");
    for (let next = this.#queue.take(); next !== undefined; next = this.#queue.take()) {
      this.#handlers.settled?.(next.ticket, "abandoned");
    }
  }

  #take(frame: Frame & { kind: "information" }): void {
    const { address, number, payload } = frame;
    const verdict = this.#lastArrival.repeated(frame) ??
      this.#lastArrival.note(frame, this.#handlers.deliver(payload, address));
    const kind = verdict === "usable" ? "acknowledgement" : "refusal";
    this.#handlers.write(encodeFrame({ kind, address, number: nextNumber(number) }));
  }

  #acknowledged(address: number, number: number, now: number): void {
    const outstanding = this.#answered(address);
    // Anything else is a late answer to an earlier try.
    if (outstanding !== undefined && number === nextNumber(outstanding.number)) {
      this.#settle(outstanding, "acknowledged", now);
    }
  }

  #refused(address: number, number: number): void {
    const outstanding = this.#answered(address);
    if (outstanding === undefined) return;
    // The number after ours: the peer could read it and has no use for it, or has it already.
    if (number === nextNumber(outstanding.number) || number === outstanding.number) return;
    if (outstanding.renumbering === "over") return;
    if (number === outstanding.asked) {
      outstanding.number = number;
      outstanding.renumbering = "over";
    }
    outstanding.asked = number;
  }

  #answered(address: number): Outstanding | undefined {
    const outstanding = this.#outstanding;
    return outstanding?.kind === kindOfAddress(address) ? outstanding : undefined;
  }

  #startNext(now: number): void {
    if (this.#outstanding !== undefined) return;
    const waiting = this.#queue.take();
    if (waiting === undefined) return;
    this.#outstanding = {
      ...waiting,
      number: this.#number,
      tries: 0,
      resendAt: now,
      asked: undefined,
      // An answer that comes late would be taken for one to this payload.
      renumbering: now - this.#sentAt >= QUIET_MS ? "allowed" : "over",
    };
    this.#transmit(this.#outstanding, now);
  }

  #transmit(outstanding: Outstanding, now: number): void {
    this.#sentAt = now;
    outstanding.tries++;
    outstanding.resendAt = now + this.#resendMs[outstanding.kind];
    const { kind, number, payload } = outstanding;
    const address = ADDRESSES[kind];
    this.#handlers.write(encodeFrame({ kind: "information", address, number, payload }));
  }

  #settle(outstanding: Outstanding, outcome: Outcome, now: number): void {
    this.#outstanding = undefined;
    this.#number = nextNumber(outstanding.number);
    this.#handlers.settled?.(outstanding.ticket, outcome);
    this.#startNext(now);
  }
}

function atLeast(name: string, value: number, min: number): number {
  if (!(value >= min && value < Infinity)) {
    throw new RangeError(`Cannot make link: ${name} is ${value}, must be >= ${min} and finite`);
  }
  return value;
}
