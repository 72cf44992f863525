/**
 * Whether a figure grows: a line by least squares, and how much noise could be taken for one.
 *
 * @module
 */

import { HOUR_MS } from "../../src/core/clock.ts";

/** One reading. */
export interface Reading {
  /** Which life of the process it belongs to: each begins at a level of its own. */
  readonly life: number;
  /** Milliseconds, from any origin. */
  readonly atMs: number;
  readonly value: number;
}

/** A line through readings. */
export interface Slope {
  /** Growth in an hour. */
  readonly perHour: number;
  /** The true growth lies within this much of it, 19 times out of 20. */
  readonly bandPerHour: number;
}

/** Two standard errors: 19 times out of 20. */
const BAND_ERRORS = 2;
/** Neighbours that are more alike than this would make any figure uncertain. */
const LIKENESS_MAX = 0.99;

/**
 * Fits one slope to all lives, each with its own level.
 *
 * Readings that follow each other are alike, because garbage is collected now and then: the band is
 * as wide as that of the fewer independent readings that they are worth.
 *
 * @return `undefined` if there are too few readings to tell.
 */
export function slopeOf(readings: readonly Reading[]): Slope | undefined {
  const lives = [...Map.groupBy(readings, ({ life }) => life).values()].map(centred);
  const points = lives.flat();
  const freedom = points.length - lives.length - 1;
  const spread = sum(points, ({ time }) => time * time);
  if (freedom < 2 || spread === 0) return undefined;
  const slope = sum(points, ({ time, value }) => time * value) / spread;
  const rests = lives.map((life) => life.map(({ time, value }) => value - slope * time));
  const restSquares = sum(rests.flat(), (rest) => rest * rest);
  const neighbours = rests.flatMap((life) =>
    life.slice(1).map((rest, at) => rest * (life[at] ?? 0))
  );
  const likeness = restSquares === 0
    ? 0
    : Math.min(Math.max(sum(neighbours, (each) => each) / restSquares, 0), LIKENESS_MAX);
  const inflation = (1 + likeness) / (1 - likeness);
  const error = Math.sqrt(restSquares / freedom / spread * inflation);
  return { perHour: slope * HOUR_MS, bandPerHour: BAND_ERRORS * error * HOUR_MS };
}

function centred(life: readonly Reading[]): { time: number; value: number }[] {
  const time = sum(life, ({ atMs }) => atMs) / life.length;
  const value = sum(life, (reading) => reading.value) / life.length;
  return life.map((reading) => ({ time: reading.atMs - time, value: reading.value - value }));
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
