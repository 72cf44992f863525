/**
 * The loop that runs the turns of the grid.
 *
 * @module
 */

import { SECOND_MS } from "../../core/clock.ts";
import { NONE } from "../../core/slot_lists.ts";
import { TickGrid } from "./tick_grid.ts";

/** Longest sleep in milliseconds, so that the loop shows regularly that it is alive. */
const SLEEP_MS_MAX: number = SECOND_MS;

/** What the loop needs from its environment; tests supply a virtual one. */
export interface PingerPorts {
  /** Monotonic time in milliseconds. */
  now(): number;
  /** Sleeps; {@linkcode PingerPorts.wake} can cut the sleep short. */
  sleep(ms: number): Promise<void>;
  /** Ends the sleep. */
  wake(): void;
  /** How many turns after a phase the next phase with clients comes, or {@linkcode NONE}. */
  turnsToNextPhase(phase: number): number;
  /** Runs a turn. Resolves when all its pings are on their way; never rejects. */
  runTurn(turn: number, lateMs: number): Promise<void>;
  /** Called with the number of turns that were skipped because they came too late. */
  onSkipped(turns: number): void;
  /** Called whenever the loop shows that it is alive, at least once a second. */
  onAlive(): void;
}

/**
 * Runs each turn that has clients at its time, and sleeps through the others. A turn that takes
 * long delays the next turn, but never the grid.
 */
export class Pinger {
  readonly #ports: PingerPorts;
  readonly #grid: TickGrid;
  #isStopped = false;

  /** @param ports What the loop needs; the grid starts now. */
  constructor(ports: PingerPorts) {
    this.#ports = ports;
    this.#grid = new TickGrid(ports.now());
  }

  /** Runs until {@linkcode Pinger.stop}. */
  async run(): Promise<void> {
    const { now, sleep, turnsToNextPhase, onAlive } = this.#ports;
    while (!this.#isStopped) {
      onAlive();
      const ahead = turnsToNextPhase(this.#grid.phase);
      const dueAt = ahead === NONE ? Infinity : this.#grid.dueAt(ahead);
      const at = now();
      if (dueAt <= at) {
        await this.#runDue(ahead, at);
        continue;
      }
      const until = Math.min(dueAt, at + SLEEP_MS_MAX);
      await sleep(until - at);
      // No client was due while we slept; a client that registered meanwhile is due in a later
      // turn.
      this.#grid.passBefore(Math.min(until, now()));
    }
  }

  /** Call it when a new client may be due earlier than all others. */
  poke(): void {
    this.#ports.wake();
  }

  /** Ends the loop after the current turn. */
  stop(): void {
    this.#isStopped = true;
    this.#ports.wake();
  }

  async #runDue(ahead: number, at: number): Promise<void> {
    const { runTurn, onSkipped } = this.#ports;
    this.#grid.pass(ahead);
    const skipped = this.#grid.skipMissed(at);
    if (skipped > 0) {
      onSkipped(skipped);
      return;
    }
    const { turn } = this.#grid;
    const lateMs = at - this.#grid.dueAt();
    this.#grid.pass(1);
    await runTurn(turn, lateMs);
  }
}
