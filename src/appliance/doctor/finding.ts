/**
 * What a look at this machine has found.
 *
 * @module
 */

/** One thing that was looked at. */
export interface Finding {
  /** What was looked at, in one or two words. */
  readonly topic: string;
  /** `WARN`: it works, but. `FAIL`: it does not work. */
  readonly verdict: "OK" | "WARN" | "FAIL";
  /** What was found. */
  readonly text: string;
  /** What to do about it. */
  readonly advice?: string;
}

/** A finding that all is well. */
export function ok(topic: string, text: string): Finding {
  return { topic, verdict: "OK", text };
}

/** A finding that something should be mended. */
export function warn(topic: string, text: string, advice: string): Finding {
  return { topic, verdict: "WARN", text, advice };
}

/** A finding that something does not work. */
export function fail(topic: string, text: string, advice: string): Finding {
  return { topic, verdict: "FAIL", text, advice };
}
