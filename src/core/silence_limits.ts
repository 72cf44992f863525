/**
 * How much silence it takes until a member is late, lost or gone. Each role sets its own limits, in its
 * `options.ts`.
 *
 * @module
 */

/**
 * How long a silence must be to reach each stage, in multiples of the promise W. A member that
 * promised to be heard every W milliseconds is missed after `missed` W, late after `late` W, and so
 * on. `Infinity` means never.
 */
export interface SilenceLimits {
  missed: number;
  late: number;
  lost: number;
  gone: number;
}
