/**
 * An instrument's curves in batches, as pages draw them.
 *
 * @module
 */

import type { HevPanel, Wave, WaveSample } from "../panels.ts";
import { WAVES } from "../panels.ts";
import { Timer } from "../../net/timer.ts";

/** How long samples are gathered before they are sent, in milliseconds. */
const GATHER_MS = 100;
/** The most samples in one batch; further samples of a faster controller are dropped. */
const SAMPLES_MAX = 200;

/** Some samples of the curves: a number, or null, for each sample. */
export interface WaveBatch {
  /** Milliseconds on the controller's own clock, or listening time if it sends no timestamps. */
  at: number[];
  values: Partial<Record<Wave, (number | null)[]>>;
  /** The unit of each curve; null for raw counts. */
  units: Partial<Record<Wave, string | null>>;
}

/** Gathers samples and sends them in batches. */
export class WaveFeed implements Disposable {
  readonly #listening: Disposable;
  readonly #onBatch: (batch: WaveBatch) => void;
  #samples: WaveSample[] = [];
  #gathering: Timer | undefined;

  constructor(panel: HevPanel, onBatch: (batch: WaveBatch) => void) {
    this.#onBatch = onBatch;
    this.#listening = panel.listen((sample) => {
      if (this.#samples.length < SAMPLES_MAX) this.#samples.push(sample);
      this.#gathering ??= Timer.after(GATHER_MS, () => this.#tell());
    });
  }

  [Symbol.dispose](): void {
    this.#listening[Symbol.dispose]();
    this.#gathering?.stop();
  }

  #tell(): void {
    this.#gathering = undefined;
    const samples = this.#samples;
    this.#samples = [];
    const values: WaveBatch["values"] = {};
    for (const wave of WAVES) {
      if (samples.every((sample) => sample.values[wave] === undefined)) continue;
      values[wave] = samples.map((sample) => sample.values[wave] ?? null);
    }
    const units = samples.at(-1)?.units ?? {};
    this.#onBatch({ at: samples.map(({ at }) => Math.round(at)), values, units });
  }
}
