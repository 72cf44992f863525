/**
 * The last message about a program: a goodbye, or the reason of its failure.
 *
 * @module
 */

import { HilbertError } from "../../../clients/hilbert/error.ts";
import { sleep } from "../../../net/sleep.ts";

/** How long one attempt to say the last word may take, in milliseconds. */
const TRY_MS_MAX = 1_000;
/**
 * How often the report of a failure is tried; a busy machine may miss one attempt, but not all.
 */
export const FAILURE_TRIES_MAX = 3;
/**
 * How often a goodbye is tried; a lost one causes a false alarm, but retries would delay a shell.
 */
export const GOODBYE_TRIES_MAX = 1;
/** Between two tries, in milliseconds. */
const PAUSE_MS = 300;

/** What is to be said. */
export interface LastWord {
  /** Says it once. */
  say(options: { readonly timeoutMs: number }): Promise<unknown>;
  readonly triesMax: number;
  /**
   * Whether a heartbeat may still be on its way: it would cancel a message that arrives before it.
   */
  readonly isOvertaking: boolean;
}

/**
 * Retries the message until it is heard, a bounded number of times. A refusal counts as heard.
 *
 * @throws {HilbertError} The failure of the last attempt.
 */
export async function sayLastWord({ say, triesMax, isOvertaking }: LastWord): Promise<void> {
  for (let left = triesMax - 1;; left--) {
    try {
      await say({ timeoutMs: TRY_MS_MAX });
      break;
    } catch (error) {
      if (left === 0 || !(error instanceof HilbertError) || !isWorthAnother(error)) throw error;
    }
    await sleep(PAUSE_MS);
  }
  if (!isOvertaking) return;
  await sleep(PAUSE_MS);
  await say({ timeoutMs: TRY_MS_MAX });
}

function isWorthAnother({ kind, status = 0 }: HilbertError): boolean {
  return kind === "status" ? status >= 500 : kind !== "settings" && kind !== "aborted";
}
