/**
 * Finds the limits in the sources: constants whose names end in `MAX`.
 *
 * @module
 */

import { sourcesBelow } from "../../tests/support/files_below.ts";

/** One limit. */
export interface Limit {
  readonly name: string;
  /** A number with the unit of the name, as people write it; the expression if it is none. */
  readonly value: string;
  /** Path below the folder that was searched. */
  readonly path: string;
  /** What the comment above it says, its first sentence. */
  readonly text: string;
}

/** A documented constant at the beginning of a line. */
const CONSTANT =
  /(?:\/\*\*((?:(?!\*\/)[^])*)\*\/\n)?^(?:export )?const ([A-Z][A-Z0-9_]*_MAX(?:_DEFAULT)?)(?:: number)? =\s*([^;{[]+);/gm;

/** Any constant of the module whose value may be a number. */
const NUMBER = /^(export )?const ([A-Z][A-Z0-9_]*)(?:: number)? =\s*([^;{[]+);/gm;
/** What the value of a limit may be made of; a name stands for a number that is known. */
const ARITHMETIC = /^[\d\s.+*/()-]+$/;

/** All limits below a folder, by path and place in the file. */
export async function findLimits(folder: URL): Promise<Limit[]> {
  const sources = new Map<string, string>();
  for (const path of sourcesBelow(folder)) {
    sources.set(path, await Deno.readTextFile(new URL(path, folder)));
  }
  const exported = new Map<string, string>();
  for (const text of sources.values()) {
    for (const [, isExported, name = "", value = ""] of text.matchAll(NUMBER)) {
      if (isExported !== undefined) exported.set(name, value);
    }
  }
  const limits: Limit[] = [];
  for (const [path, text] of sources) {
    const known = new Map(exported);
    for (const [, , name = "", value = ""] of text.matchAll(NUMBER)) known.set(name, value);
    for (const [, comment = "", name = "", value = ""] of text.matchAll(CONSTANT)) {
      limits.push({
        name,
        value: readable(name, value, known),
        path,
        text: withoutUnit(firstSentence(comment)),
      });
    }
  }
  return limits;
}

/** The unit stands beside the number. */
function withoutUnit(sentence: string): string {
  return sentence.replace(/,? in (?:milliseconds|bytes)\b/, "");
}

function readable(name: string, value: string, known: ReadonlyMap<string, string>): string {
  const number = numberOf(value, known);
  if (number === undefined) return `\`${value.replace(/\s+/g, " ").trim()}\``;
  if (/_MS(?:_|$)/.test(name)) return duration(number);
  return /_BYTES(?:_|$)/.test(name) ? bytes(number) : grouped(number);
}

function numberOf(
  value: string,
  known: ReadonlyMap<string, string>,
  depth = 0,
): number | undefined {
  if (depth > 10) return undefined;
  const names = value.replace(/(?<=\d)_(?=\d)|"/g, "").trim();
  const [, hexadecimal] = /^0x([0-9a-f_]+)$/.exec(names) ?? [];
  if (hexadecimal !== undefined) return parseInt(hexadecimal.replaceAll("_", ""), 16);
  const text = names.replace(
    /[A-Z][A-Z0-9_]*/g,
    (name) => String(numberOf(known.get(name) ?? "?", known, depth + 1) ?? "?"),
  );
  return ARITHMETIC.test(text) ? Number(new Function(`return (${text});`)()) : undefined;
}

function duration(ms: number): string {
  if (ms === 86_400_000) return "24 h";
  const units = [["days", 86_400_000], ["h", 3_600_000], ["min", 60_000], ["s", 1_000]] as const;
  const [unit, size] = units.find(([, one]) => ms >= one && ms % one === 0) ??
    (ms > 1_000 && ms % 100 === 0 ? ["s", 1_000] : ["ms", 1]);
  return `${grouped(ms / size)} ${unit}`;
}

function bytes(count: number): string {
  const units = [["MiB", 2 ** 20], ["KiB", 2 ** 10]] as const;
  const [unit, size] = units.find(([, one]) => count >= one && count % one === 0) ?? ["bytes", 1];
  return `${grouped(count / size)} ${unit}`;
}

/** Digits in groups of three, as the International System of Units writes them. */
function grouped(number: number): string {
  return String(number).replace(/\B(?=(?:\d{3})+$)(?<!\.\d*)/g, " ");
}

function firstSentence(comment: string): string {
  const text = comment.replace(/^\s*\* ?/gm, "").replace(/\{@linkcode ([^}]+)\}/g, "$1")
    .replace(/\s+/g, " ").trim();
  return /^.*?[.:](?= |$)/.exec(text)?.[0]?.replace(/[.:]$/, "") ?? text;
}
