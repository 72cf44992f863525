/**
 * A heartbeat server's replies as its clients read them.
 *
 * @module
 */

import { type HilbertIdentity, parseIdentity } from "./identity.ts";

/** The word that a status line begins with. */
export type StatusWord = "OK" | "WARNING" | "CRITICAL" | "UNKNOWN";

/** A status line in its parts. */
export interface StatusLine {
  /** `UNKNOWN` if the line begins with anything else, as Nagios has it. */
  readonly word: StatusWord;
  /** The text before the performance data, the word included. */
  readonly text: string;
  /** Performance data as sent, without the bar; empty if there is none. */
  readonly performanceData: string;
  /** Overdue ratio: the silence in multiples of W; `undefined` if the line does not tell. */
  readonly overdueRatio: number | undefined;
}

/** Digits of a reply that is a waiting time. */
const REPLY_DIGITS_MAX = 15;
const REPLY = new RegExp(`^\\d{1,${REPLY_DIGITS_MAX}}$`);
const WORDS: readonly StatusWord[] = ["OK", "WARNING", "CRITICAL", "UNKNOWN"];
const OVERDUE = /(?:^|\s)od=(\d+(?:\.\d+)?)/;

/**
 * Reads the reply to `hb_init` and `hb_ping` (hilbert.md section 5).
 *
 * @return The longest silence that the server tolerates, in the unit of the request; `undefined` if
 * the reply is not a bare positive number.
 *
 * @example
 * ```ts
 * import { parseWait } from "@pulsebox/pulsebox";
 *
 * console.log(parseWait("6000")); // 6000
 * console.log(parseWait("dead")); // undefined
 * ```
 */
export function parseWait(text: string): number | undefined {
  const wait = REPLY.test(text) ? Number(text) : 0;
  return wait > 0 ? wait : undefined;
}

/**
 * Reads the reply to `list` (hilbert.md section 8). A line without an address has an empty one.
 *
 * @example
 * ```ts
 * import { parseList } from "@pulsebox/pulsebox";
 *
 * console.log(parseList("tetris @ 127.0.0.1\n")); // [{ name: "tetris", address: "127.0.0.1" }]
 * ```
 */
export function parseList(text: string): HilbertIdentity[] {
  const lines = text.split("\n");
  // The last line ends with a line feed too; nothing follows it.
  if (lines.at(-1) === "") lines.pop();
  return lines.map((line) => parseIdentity(line) ?? { name: line, address: "" });
}

/**
 * Reads the reply to `status` (hilbert.md section 9).
 *
 * @example
 * ```ts
 * import { parseStatus } from "@pulsebox/pulsebox";
 *
 * const line = "OK - fine application [tetris @ 127.0.0.1]| od=0.41;3;5;0;6 delay=4000ms;;; ";
 * const { word, overdueRatio } = parseStatus(line);
 * console.log(word, overdueRatio); // OK 0.41
 * ```
 */
export function parseStatus(text: string): StatusLine {
  const line = text.split("\n", 1)[0] ?? "";
  const first = line.split(/\s/, 1)[0];
  const bar = line.lastIndexOf("|");
  const performanceData = bar < 0 ? "" : line.slice(bar + 1).trim();
  const overdue = OVERDUE.exec(performanceData)?.[1];
  return {
    word: WORDS.find((word) => word === first) ?? "UNKNOWN",
    text: (bar < 0 ? line : line.slice(0, bar)).trimEnd(),
    performanceData,
    overdueRatio: overdue === undefined ? undefined : Number(overdue),
  };
}
