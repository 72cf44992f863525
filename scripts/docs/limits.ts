/**
 * Finds the limits in the sources: constants whose names end in `MAX`.
 *
 * @module
 */

import { sourcesBelow } from "../../tests/support/files_below.ts";

/** One limit. */
export interface Limit {
  readonly name: string;
  /** As it is written, numbers without separators. */
  readonly value: string;
  /** Path below the folder that was searched. */
  readonly path: string;
  /** What the comment above it says, its first sentence. */
  readonly text: string;
}

/** A documented constant at the beginning of a line. */
const CONSTANT =
  /(?:\/\*\*((?:(?!\*\/)[^])*)\*\/\n)?^(?:export )?const ([A-Z][A-Z0-9_]*_MAX(?:_DEFAULT)?)(?:: number)? =\s*([^;{[]+);/gm;

/** All limits below a folder, by path and place in the file. */
export async function findLimits(folder: URL): Promise<Limit[]> {
  const limits: Limit[] = [];
  for (const path of sourcesBelow(folder)) {
    const text = await Deno.readTextFile(new URL(path, folder));
    for (const [, comment = "", name = "", value = ""] of text.matchAll(CONSTANT)) {
      limits.push({ name, value: readable(value), path, text: firstSentence(comment) });
    }
  }
  return limits;
}

function readable(value: string): string {
  return value.replace(/(?<=\d)_(?=\d)/g, " ").replace(/\s+/g, " ").trim();
}

function firstSentence(comment: string): string {
  const text = comment.replace(/^\s*\* ?/gm, "").replace(/\{@linkcode ([^}]+)\}/g, "$1")
    .replace(/\s+/g, " ").trim();
  return /^.*?[.:](?= |$)/.exec(text)?.[0]?.replace(/[.:]$/, "") ?? text;
}
