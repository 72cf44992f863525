/**
 * How much silence it takes.
 *
 * @module
 */

/**
 * How many promises of silence it takes to reach a stage. A member that promised to be heard each W
 * milliseconds is missed after `missed` W, late after `late` W, and so on. `Infinity` means never.
 */
export interface SilenceLimits {
  missed: number;
  late: number;
  lost: number;
  gone: number;
}
