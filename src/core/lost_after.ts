/**
 * The silence after which a member counts as lost, as the member or the operator chose it.
 *
 * @module
 */

import { DAY_MS } from "./clock.ts";
import type { SilenceLimits } from "./silence_limits.ts";

/**
 * A silence as a multiple of the promise W, or in milliseconds. Whatever is chosen, nobody is lost
 * before W is over.
 */
export type LostAfter =
  | { readonly unit: "promises"; readonly value: number }
  | { readonly unit: "ms"; readonly value: number };

/** The smallest number of waits after which a member may be lost. */
export const LOST_AFTER_PROMISES_MIN = 1;
/** The largest number of waits after which a member may be lost. */
export const LOST_AFTER_PROMISES_MAX = 1_000;
/** The longest silence that can be chosen, in milliseconds. */
export const LOST_AFTER_MS_MAX: number = 30 * DAY_MS;

const MULTIPLE = /^(\d{1,4}(?:\.\d{1,3})?)x$/;
const WHOLE_NUMBER = /^\d{1,10}$/;

/** Reads a multiple such as `2x` or `1.5x`; `undefined` if the text is none within the bounds. */
export function parseMultiple(text: string): LostAfter | undefined {
  const value = Number(MULTIPLE.exec(text)?.[1] ?? NaN);
  const fits = value >= LOST_AFTER_PROMISES_MIN && value <= LOST_AFTER_PROMISES_MAX;
  return fits ? { unit: "promises", value } : undefined;
}

/**
 * Reads a multiple, or a bare number of milliseconds from 1 to {@linkcode LOST_AFTER_MS_MAX}, as the
 * wire and the database have it.
 */
export function parseLostAfter(text: string): LostAfter | undefined {
  const value = WHOLE_NUMBER.test(text) ? Number(text) : NaN;
  if (value >= 1 && value <= LOST_AFTER_MS_MAX) return { unit: "ms", value };
  return parseMultiple(text);
}

/** Writes what {@linkcode parseLostAfter} reads. */
export function formatLostAfter({ unit, value }: LostAfter): string {
  return unit === "promises" ? `${value}x` : String(value);
}

/**
 * Converts a choice whose value is in units of `unitMs` into milliseconds, at most
 * {@linkcode LOST_AFTER_MS_MAX}.
 */
export function inUnit(lostAfter: LostAfter, unitMs: number): LostAfter {
  if (lostAfter.unit === "promises") return lostAfter;
  return { unit: "ms", value: Math.min(lostAfter.value * unitMs, LOST_AFTER_MS_MAX) };
}

/**
 * The limits of a member with its own choice of "lost". The limits for late and gone move in
 * proportion, but the choice never makes a member late later, or gone sooner, than its protocol
 * would.
 *
 * @param promiseMs W of the member, in milliseconds.
 * @param limits The limits of the member's protocol.
 */
export function limitsWith(
  { unit, value }: LostAfter,
  promiseMs: number,
  limits: SilenceLimits,
): SilenceLimits {
  const { missed, late, lost, gone } = limits;
  const chosen = Math.max(missed, unit === "promises" ? value : value / promiseMs);
  return {
    missed,
    late: Math.min(late, Math.max(missed, chosen * late / lost)),
    lost: chosen,
    gone: Math.max(gone, chosen * gone / lost),
  };
}
