/**
 * Turns a heartbeat server's status line into the line and exit status of a monitoring plug-in.
 *
 * @module
 */

import { visible } from "../../../core/visible.ts";
import { isAlarm, type NagiosRange } from "./nagios_range.ts";

/** One line, and the exit status that matches its first word. */
export interface Verdict {
  /** Without line break. */
  readonly line: string;
  readonly status: number;
}

/** A threshold, as it was written too. */
export interface Threshold {
  readonly text: string;
  readonly range: NagiosRange;
}

/** Thresholds for the overdue ratio. */
export interface Thresholds {
  readonly warning?: Threshold;
  readonly critical?: Threshold;
}

/** Exit status by the first word of the line. */
export const STATUS_OF_WORD: ReadonlyMap<string, number> = new Map([
  ["OK", 0],
  ["WARNING", 1],
  ["CRITICAL", 2],
  ["UNKNOWN", 3],
]);

/** Characters of a quoted answer that is not a status line. */
const QUOTE_LENGTH_MAX = 80;

/**
 * Judges an answer to `/status`. Without thresholds, the server's line is passed on unchanged. With
 * thresholds, the ratio od decides, unless the line has none or is about maintenance.
 */
export function judge(answer: string, thresholds: Thresholds): Verdict {
  const line = cleaned(answer.split("\n", 1)[0] ?? "");
  const word = /^[A-Z]+/.exec(line)?.[0] ?? "";
  const status = STATUS_OF_WORD.get(word);
  if (status === undefined) {
    return unknown(`the server answers "${line.slice(0, QUOTE_LENGTH_MAX)}", which is no status`);
  }
  const { warning, critical } = thresholds;
  if (warning === undefined && critical === undefined) return { line, status };
  const found = / application (\[.*\])\| ?od=(\d+(?:\.\d+)?);[^ ]*(.*)$/.exec(line);
  if (found === null || line.startsWith("OK - maintenance")) return { line, status };
  const [, label, odText = "", rest] = found;
  const od = Number(odText);
  const judged = critical !== undefined && isAlarm(critical.range, od)
    ? "CRITICAL"
    : warning !== undefined && isAlarm(warning.range, od)
    ? "WARNING"
    : "OK";
  const limits = `${warning?.text ?? ""};${critical?.text ?? ""};0;6`;
  return {
    line: `${judged} - application ${label} is silent for ${odText} times what it promised` +
      `| od=${odText};${limits}${rest}`,
    status: STATUS_OF_WORD.get(judged) ?? 3,
  };
}

/** The verdict that nothing can be told. */
export function unknown(reason: string): Verdict {
  return { line: `UNKNOWN - ${cleaned(reason)}`, status: 3 };
}

/** The verdict for an unreachable server, in the words of the original checker. */
export function unreachable(reason: string): Verdict {
  return {
    line: `CRITICAL - cannot get heartbeat status from HB server! ${cleaned(reason)}`,
    status: 2,
  };
}

/** A peer wrote the text: keep it on one line and free of terminal sequences. */
function cleaned(text: string): string {
  return visible(text);
}

/** Performance data at the end of a line, `| od=0.00;3;5;0;6 delay=…`; a name stands in brackets. */
const FIGURES = /\| ?[a-z]+=\d[^|\]]*$/;

/**
 * The line as a monitor reads it: a bar ends the text and begins the performance data. A bar in a name
 * would cut the text there and could make up figures, so it becomes a broken one.
 */
export function pluginLine(text: string): string {
  const line = cleaned(text);
  const at = FIGURES.exec(line)?.index ?? line.length;
  return `${line.slice(0, at).replaceAll("|", "¦")}${line.slice(at)}\n`;
}
