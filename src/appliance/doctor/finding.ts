/**
 * The result of a check of this machine.
 *
 * @module
 */

/** The result of one check. */
export interface Finding {
  /** What was checked, in one or two words. */
  readonly topic: string;
  /** `WARN`: it works, but should be repaired. `FAIL`: it does not work. */
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

/** A finding that something should be repaired. */
export function warn(topic: string, text: string, advice: string): Finding {
  return { topic, verdict: "WARN", text, advice };
}

/** A finding that something does not work. */
export function fail(topic: string, text: string, advice: string): Finding {
  return { topic, verdict: "FAIL", text, advice };
}
