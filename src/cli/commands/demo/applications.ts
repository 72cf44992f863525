/**
 * Simulated applications for the demonstration.
 *
 * @module
 */

import { HilbertClient } from "../../../clients/hilbert/client.ts";
import { SECOND_MS } from "../../../core/clock.ts";
import { sleep } from "../../../net/sleep.ts";

/** Applications that behave, and the delay that each announces, in milliseconds. */
const STEADY_PROGRAMS: ReadonlyMap<string, number> = new Map([
  ["pong", SECOND_MS],
  ["tetris", 2 * SECOND_MS],
  ["planetarium", 5 * SECOND_MS],
]);

/** An application that hangs now and then: long enough to be late and lost, then it comes back. */
const HANGING_PROGRAM = "kaleidoscope";
const HANGING_DELAY_MS = SECOND_MS;
const WELL_MS: number = 20 * SECOND_MS;
const HUNG_MS: number = 15 * SECOND_MS;

/** Sends heartbeats of a few applications until it is disposed of. */
export class HeartbeatDemo implements AsyncDisposable {
  readonly #stop = new AbortController();
  readonly #programs: readonly Promise<void>[];

  /** @param url URL of the heartbeat server. */
  constructor(url: string) {
    const steady = [...STEADY_PROGRAMS].map(([appId, delayMs]) =>
      new HilbertClient({ url, appId }).beat({ delayMs, signal: this.#stop.signal }).finished
    );
    this.#programs = [...steady, this.#hangNowAndThen(url)];
  }

  /** Ends all of them, each with its goodbye. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#programs);
  }

  async #hangNowAndThen(url: string): Promise<void> {
    const { signal } = this.#stop;
    const client = new HilbertClient({ url, appId: HANGING_PROGRAM });
    while (!signal.aborted) {
      const beat = client.beat({ delayMs: HANGING_DELAY_MS, farewell: "none" });
      await sleep(WELL_MS, signal);
      await beat.close();
      await sleep(HUNG_MS, signal);
    }
    await client.done(0, { errorReturnValue: "" });
  }
}
