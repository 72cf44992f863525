/**
 * The queue of payloads for the serial link.
 *
 * @module
 */

import type { FrameKind } from "./frame.ts";

/** Number of a payload that a link was given to send; each link counts from 1. */
export type Ticket = number;

/** A payload that waits for its turn. */
export interface Waiting {
  /** Its number. */
  readonly ticket: Ticket;
  /** Its urgency. */
  readonly kind: FrameKind;
  /** At most 121 bytes. */
  readonly payload: Uint8Array;
}

/** Most urgent first. */
const KINDS: readonly FrameKind[] = ["alarm", "command", "data"];

/**
 * One bounded queue for each kind of frame. A full one refuses: to drop the oldest in silence would
 * lose a command that somebody was told is on its way.
 */
export class SendQueue {
  readonly #queues: Readonly<Record<FrameKind, Waiting[]>> = { alarm: [], command: [], data: [] };
  readonly #framesMax: number;

  /**
   * Makes empty queues.
   *
   * @param framesMax The most payloads that wait in each queue.
   */
  constructor(framesMax: number) {
    this.#framesMax = framesMax;
  }

  /** How many payloads wait. */
  get size(): number {
    return KINDS.reduce((sum, kind) => sum + this.#queues[kind].length, 0);
  }

  /**
   * Adds a payload.
   *
   * @return False if the queue of its kind is full.
   */
  add(waiting: Waiting): boolean {
    const queue = this.#queues[waiting.kind];
    if (queue.length >= this.#framesMax) return false;
    queue.push(waiting);
    return true;
  }

  /** Takes out the oldest payload of the most urgent kind. */
  take(): Waiting | undefined {
    for (const kind of KINDS) {
      const waiting = this.#queues[kind].shift();
      if (waiting !== undefined) return waiting;
    }
    return undefined;
  }
}
