/**
 * The ways in which a host tells people that somebody is lost.
 *
 * @module
 */

/** What came of a test message on one way of telling. */
export interface TellingTrial {
  readonly way: "webhook" | "command";
  /** Host and port of a webhook, or the option of the command. */
  readonly target: string;
  readonly ok: boolean;
  /** The status, or why it failed, in words that may be shown. */
  readonly detail: string;
}
