/**
 * A serial line in virtual time, and a controller with the newest firmware's idea of numbers.
 *
 * @module
 */

import { type Frame, nextNumber } from "../../../src/wire/hev/frame.ts";
import { FrameDecoder } from "../../../src/wire/hev/frame_decoder.ts";
import type { Link } from "../../../src/wire/hev/link.ts";

/** What happens to one frame on the line. */
export interface Fate {
  lost: boolean;
  lateMs: number;
  /** How many more copies arrive. */
  repeats: number;
}

interface OnTheWay {
  arrivesAt: number;
  bytes: Uint8Array;
}

/** The other end of the line. */
export interface Receiver {
  receive(frame: Frame, now: number): void;
}

const STEPS_MAX = 200_000;

/** Carries frames both ways; a serial line loses, delays and garbles, but keeps the order. */
export class Line {
  readonly #fates: Record<"there" | "back", readonly Fate[]>;
  readonly #turns = { there: 0, back: 0 };
  readonly #onTheWay: Record<"there" | "back", OnTheWay[]> = { there: [], back: [] };
  #now = 0;

  constructor(there: readonly Fate[], back: readonly Fate[]) {
    this.#fates = { there, back };
  }

  send(way: "there" | "back", bytes: Uint8Array): void {
    const fates = this.#fates[way];
    const fate = fates[this.#turns[way]++ % fates.length];
    if (fate === undefined || fate.lost) return;
    const queue = this.#onTheWay[way];
    const arrivesAt = Math.max(this.#now + fate.lateMs, queue.at(-1)?.arrivesAt ?? 0);
    for (let copy = 0; copy <= fate.repeats; copy++) queue.push({ arrivesAt, bytes });
  }

  /** Runs until `feed` is done and the sender at rest. */
  run(sender: Link, receiver: Receiver, feed: (now: number) => "more" | "done"): void {
    const ends = { there: receiver, back: sender };
    const decoders = { there: new FrameDecoder(), back: new FrameDecoder() };
    for (let step = 0; step < STEPS_MAX; step++) {
      if (feed(this.#now) === "done" && sender.pending === 0) return;
      for (const way of ["there", "back"] as const) {
        const queue = this.#onTheWay[way];
        while (queue[0] !== undefined && queue[0].arrivesAt <= this.#now) {
          const bytes = queue.shift()?.bytes ?? new Uint8Array();
          decoders[way].push(bytes, (event) => {
            if (event.kind !== "noise") ends[way].receive(event, this.#now);
          });
        }
      }
      sender.poll(this.#now);
      this.#now = Math.max(this.#now, this.#nextTime(sender));
    }
    throw new Error(`Cannot finish run: ${sender.pending} payloads are left`);
  }

  #nextTime(sender: Link): number {
    return Math.min(
      sender.nextWake() ?? Infinity,
      this.#onTheWay.there[0]?.arrivesAt ?? Infinity,
      this.#onTheWay.back[0]?.arrivesAt ?? Infinity,
    );
  }
}

/** Refuses any number but the one it expects; after more than 20 of them it takes the sender's. */
export class StrictPeer {
  readonly got: string[] = [];
  #expected: number;
  #mismatches = 0;

  constructor(expected: number) {
    this.#expected = expected;
  }

  answer(frame: Frame): Frame | undefined {
    if (frame.kind !== "information") return undefined;
    const { address, number, payload } = frame;
    if (number !== this.#expected && ++this.#mismatches <= 20) {
      return { kind: "refusal", address, number: this.#expected };
    }
    this.#mismatches = 0;
    this.#expected = nextNumber(number);
    this.got.push(payload.toHex());
    return { kind: "acknowledgement", address, number: this.#expected };
  }
}
