/**
 * The history as JSON and CSV.
 *
 * @module
 */

import type { HistoryEntry } from "../store/history_entry.ts";

/** An entry of the history as JSON. */
export interface HistoryView {
  /** ISO 8601. */
  at: string;
  type: string;
  /** `PROTOCOL/IDENTITY`, or null if the entry is about the host. */
  member: string | null;
  detail: Readonly<Record<string, string | number | boolean | null>>;
}

/** The columns of the CSV form. */
const COLUMNS = ["at", "type", "member", "from", "to", "cause", "silentMs", "detail"] as const;
/** The fields of `detail` that have their own column. */
const OWN_COLUMNS: ReadonlySet<string> = new Set(COLUMNS);

/** Makes the view of an entry. */
export function viewEntry(entry: HistoryEntry): HistoryView {
  return {
    at: new Date(entry.at).toISOString(),
    type: entry.type,
    member: entry.member === undefined ? null : `${entry.member.protocol}/${entry.member.id}`,
    detail: entry.detail,
  };
}

/**
 * Writes entries as CSV (RFC 4180) with a header line. Text that a spreadsheet would execute as a
 * formula gets an apostrophe in front, because names come from the network.
 */
export function writeCsv(entries: readonly HistoryView[]): string {
  const lines = entries.map(({ at, type, member, detail }) => {
    const rest = Object.entries(detail).filter(([name]) => !OWN_COLUMNS.has(name));
    const cells = [
      at,
      type,
      member ?? "",
      detail["from"] ?? "",
      detail["to"] ?? "",
      detail["cause"] ?? "",
      detail["silentMs"] ?? "",
      rest.map(([name, value]) => `${name}=${value ?? ""}`).join("; "),
    ];
    return cells.map((cell) => cellOf(String(cell))).join(",");
  });
  return [COLUMNS.join(","), ...lines].map((line) => `${line}\r\n`).join("");
}

function cellOf(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
