/**
 * What the tools of `pulsebox hev` are given.
 *
 * @module
 */

import type { Invocation } from "../../command.ts";
import type { HEV_FLAGS, RECORD_FORMATS } from "./flags.ts";

/** One call of `pulsebox hev`. */
export type HevInvocation = Invocation<typeof HEV_FLAGS, "hev">;

/** What the options say, checked. */
export interface HevPlan {
  readonly hostname: string;
  readonly port: number;
  readonly queryPort: number;
  /** Packets after which to end. */
  readonly count: number;
  /** Milliseconds after which to end. */
  readonly forMs: number;
  readonly format: typeof RECORD_FORMATS[number];
  readonly speed: number;
}

/** A tool: works until the signal is aborted, and returns its exit status. */
export type HevTool = (
  call: HevInvocation,
  plan: HevPlan,
  signal: AbortSignal,
) => Promise<number>;
