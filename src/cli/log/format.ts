/**
 * One log record as one line.
 *
 * @module
 */

import type { LogLevel, LogRecord } from "@logtape/logtape";
import { visibleCut } from "../../core/visible.ts";
import { visibleJson } from "../../core/visible_json.ts";

/** Longest line, in characters; the rest is cut. */
export const LINE_LENGTH_MAX = 4_000;

/** Writes a record as a line without its line break. */
export type LineFormatter = (record: LogRecord) => string;

/** Our word for each level. */
const LEVEL_WORDS: Readonly<Record<LogLevel, string>> = {
  trace: "debug",
  debug: "debug",
  info: "info",
  warning: "warning",
  error: "error",
  fatal: "error",
};

/** Priorities of syslog, as systemd takes them in front of a line. Source: sd-daemon(3). */
const PRIORITIES: Readonly<Record<LogLevel, number>> = {
  trace: 7,
  debug: 7,
  info: 6,
  warning: 4,
  error: 3,
  fatal: 2,
};

/** `TIME LEVEL CATEGORY MESSAGE key=value…`, for people and `grep`. */
export function formatLine(record: LogRecord): string {
  const time = new Date(record.timestamp).toISOString();
  const level = LEVEL_WORDS[record.level];
  const pairs = extras(record).map(([key, value]) => ` ${key}=${quoted(value)}`).join("");
  const line = `${time} ${level} ${categoryOf(record)} ${textOfRecord(record)}${pairs}`;
  return oneLine(line);
}

/** The line for a journal, which adds the time itself and takes the priority from the prefix. */
export function formatJournalLine(record: LogRecord): string {
  const pairs = extras(record).map(([key, value]) => ` ${key}=${quoted(value)}`).join("");
  return oneLine(
    `<${PRIORITIES[record.level]}>${categoryOf(record)} ${textOfRecord(record)}${pairs}`,
  );
}

/** One JSON object, for machines. */
export function formatJson(record: LogRecord): string {
  return visibleJson(JSON.stringify({
    time: new Date(record.timestamp).toISOString(),
    level: LEVEL_WORDS[record.level],
    category: categoryOf(record),
    message: textOfRecord(record),
    ...plain(record.properties),
  }));
}

/** The message with its values filled in. */
export function textOfRecord(record: LogRecord): string {
  return record.message.map((part) => typeof part === "string" ? part : textOf(part)).join("");
}

function categoryOf(record: LogRecord): string {
  return record.category.join(".");
}

/** The properties that are not already part of the message. */
function extras(record: LogRecord): [string, unknown][] {
  const template = typeof record.rawMessage === "string" ? record.rawMessage : "";
  return Object.entries(record.properties).filter(([key]) => !template.includes(`{${key}}`));
}

function plain(properties: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(properties).map(([key, value]) => [
      key,
      ["string", "number", "boolean"].includes(typeof value) ? value : textOf(value),
    ]),
  );
}

function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (value instanceof Error) return value.message;
  return JSON.stringify(value) ?? String(value);
}

function quoted(value: unknown): string {
  const text = textOf(value);
  return /^[^\s"=]+$/.test(text) ? text : JSON.stringify(text);
}

/** Peers choose names: no name may forge a log line. */
function oneLine(line: string): string {
  return visibleCut(line, LINE_LENGTH_MAX);
}
