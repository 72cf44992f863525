/**
 * The last seconds of an instrument's curves, by the controller's own clock.
 *
 * @module
 */

import type { WaveBatch } from "../live/wave_feed.ts";
import type { Wave } from "../panels.ts";

/** How much of the past is visible, in milliseconds. */
export const WINDOW_MS = 15_000;
/** The most samples that are kept. */
const SAMPLES_MAX = 6_000;
/** The longest pause between two samples that a line is drawn across, in milliseconds. */
const GAP_MS = 500;

/** The points of one curve: seconds before the end of the window, and values. */
export interface Drawn {
  readonly seconds: number[];
  readonly values: (number | null)[];
}

/** The description of a curve. */
export type Delivery =
  | { readonly kind: "missing" }
  | { readonly kind: "constant"; readonly value: number }
  | { readonly kind: "alive"; readonly value: number };

/** The samples of all curves. */
export class WaveBuffer {
  #stamps: number[] = [];
  #values = new Map<Wave, (number | null)[]>();
  /** The unit of each curve; null for raw counts. */
  units: WaveBatch["units"] = {};

  /** The newest timestamp; `undefined` before the first sample. */
  get newest(): number | undefined {
    return this.#stamps.at(-1);
  }

  /** Adds samples. If the controller's clock restarts, so does the picture. */
  add({ at, values, units }: WaveBatch): void {
    const [first] = at;
    if (first === undefined) return;
    if (first < (this.newest ?? -Infinity)) this.#clear();
    const before = this.#stamps.length;
    this.#stamps.push(...at);
    for (const wave of Object.keys(values) as Wave[]) {
      if (!this.#values.has(wave)) this.#values.set(wave, Array(before).fill(null));
    }
    for (const [wave, known] of this.#values) {
      known.push(...values[wave] ?? Array(at.length).fill(null));
    }
    this.units = { ...this.units, ...units };
    const oldest = (this.newest ?? 0) - WINDOW_MS;
    const kept = this.#stamps.findIndex((stamp) => stamp >= oldest);
    this.#drop(Math.max(kept, this.#stamps.length - SAMPLES_MAX));
  }

  /** A copy that no new sample changes. */
  freeze(): WaveBuffer {
    const copy = new WaveBuffer();
    copy.#stamps = [...this.#stamps];
    copy.#values = new Map([...this.#values].map(([wave, values]) => [wave, [...values]]));
    copy.units = this.units;
    return copy;
  }

  /**
   * The points of a curve.
   *
   * @param end The timestamp at the right edge.
   */
  drawn(wave: Wave, end: number): Drawn {
    const values = this.#values.get(wave) ?? [];
    const drawn: Drawn = { seconds: [], values: [] };
    let before = Infinity;
    for (const [index, stamp] of this.#stamps.entries()) {
      if (stamp < end - WINDOW_MS) continue;
      if (stamp - before > GAP_MS) {
        drawn.seconds.push((before + 1 - end) / 1000);
        drawn.values.push(null);
      }
      drawn.seconds.push((stamp - end) / 1000);
      drawn.values.push(values[index] ?? null);
      before = stamp;
    }
    return drawn;
  }

  /** Whether a curve is delivered at all, and whether it ever changes. */
  delivery(wave: Wave): Delivery {
    const known = (this.#values.get(wave) ?? []).filter((value) => value !== null);
    const value = known.at(-1);
    if (value === undefined) return { kind: "missing" };
    const isLong = (this.newest ?? 0) - (this.#stamps[0] ?? 0) >= WINDOW_MS / 3;
    const isConstant = isLong && known.every((other) => other === value);
    return { kind: isConstant ? "constant" : "alive", value };
  }

  /** The value nearest to a moment; `undefined` if there is none nearby. */
  near(wave: Wave, stamp: number): number | undefined {
    let best: number | undefined;
    let bestMs = GAP_MS;
    for (const [index, other] of this.#stamps.entries()) {
      const value = this.#values.get(wave)?.[index] ?? null;
      const distanceMs = Math.abs(other - stamp);
      if (value === null || distanceMs > bestMs) continue;
      best = value;
      bestMs = distanceMs;
    }
    return best;
  }

  /** All samples as comma-separated values; the first line names the units. */
  csv(): string {
    const waves = [...this.#values.keys()];
    const titles = waves.map((wave) => {
      const unit = this.units[wave];
      return unit === null || unit === undefined ? wave : `${wave} [${unit}]`;
    });
    const rows = this.#stamps.map((stamp, index) =>
      [stamp, ...waves.map((wave) => this.#values.get(wave)?.[index] ?? "")].join(",")
    );
    return [["time [ms]", ...titles].join(","), ...rows, ""].join("\r\n");
  }

  #drop(count: number): void {
    if (count <= 0) return;
    this.#stamps.splice(0, count);
    for (const values of this.#values.values()) values.splice(0, count);
  }

  #clear(): void {
    this.#stamps = [];
    for (const wave of this.#values.keys()) this.#values.set(wave, []);
  }
}
