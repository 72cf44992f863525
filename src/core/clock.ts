/**
 * Time as the rest of Pulsebox asks for it.
 *
 * @module
 */

/**
 * A source of time. The program supplies the system's, tests supply a virtual one.
 *
 * Deadlines are compared on {@linkcode Clock.now} only: a Raspberry Pi has no real-time clock and
 * its wall clock jumps by years at the first synchronisation. {@linkcode Clock.wall} is for display.
 */
export interface Clock {
  /** Monotonic time in milliseconds with fractions, from an arbitrary origin. */
  now(): number;
  /** Wall time in milliseconds since 1970-01-01T00:00:00Z. It may jump in either direction. */
  wall(): number;
}

/** Time since the machine was started. No setting of the wall clock changes it. */
export interface BootTime {
  /** Changes with each boot of the machine. */
  readonly bootId: string;
  readonly sinceBootMs: number;
}

/** Milliseconds in a second, a minute, an hour and a day. */
export const SECOND_MS = 1_000;
export const MINUTE_MS: number = 60 * SECOND_MS;
export const HOUR_MS: number = 60 * MINUTE_MS;
export const DAY_MS: number = 24 * HOUR_MS;
