/**
 * The commands that a ventilator's controller must get: those that the host took, in order, each once.
 *
 * @module
 */

import type { Arrived } from "./arduino.ts";

/** A command that is not acknowledged is sent so often, within this time in milliseconds. */
const TRIES = 10;
const TRIES_MS = TRIES * 50 + 100;

/** Commands that the host has taken. */
export class CommandExpectation {
  #sent: { readonly code: number; readonly param: number; readonly at: number }[] = [];

  /** The host takes a command now. */
  take(code: number, param: number, now: number): void {
    this.#sent.push({ code, param, at: now });
  }

  /** The host or the controller begins anew. */
  forget(): void {
    this.#sent = [];
  }

  /** @throws {Error} if the controller got other commands, or waits for one for too long. */
  check(got: readonly Arrived[], now: number): void {
    for (const [index, { code, param, times }] of got.entries()) {
      const sent = this.#sent[index];
      if (sent?.code !== code || sent.param !== param) {
        throw new Error(`The controller got ${code} ${param}, must be ${JSON.stringify(sent)}`);
      }
      if (times > TRIES) throw new Error(`A command was sent ${times} times`);
    }
    const late = this.#sent[got.length];
    const waitedMs = now - (late?.at ?? Infinity);
    if (waitedMs > TRIES_MS * this.#sent.length) {
      throw new Error(`A command has not arrived after ${waitedMs} ms`);
    }
  }
}
