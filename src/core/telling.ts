/**
 * The ways in which a host notifies people of lost members.
 *
 * @module
 */

/** A run of the command for a lost member. */
export interface CommandRun {
  /** When it ended, in milliseconds since 1970. */
  readonly at: number;
  /** `PROTOCOL/IDENTITY` in characters that may be shown. */
  readonly member: string;
  /** Null if it did not end by itself, or could not be started. */
  readonly exitStatus: number | null;
  /** Why the run failed, with the beginning of its output; null if it succeeded. */
  readonly problem: string | null;
}

/** What came of a test message on one way of telling. */
export interface TellingTrial {
  readonly way: "webhook" | "command";
  /** Host and port of a webhook, or the option of the command. */
  readonly target: string;
  readonly ok: boolean;
  /** The status, or why it failed, in words that may be shown. */
  readonly detail: string;
}
