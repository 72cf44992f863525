/**
 * What the console's page weighs on the wire.
 *
 * @module
 */

import { strict as assert } from "node:assert";
import type { Asset } from "../../src/console/assets.ts";

/** Imports that are loaded with a module, and those that wait until somebody needs them. */
const AT_ONCE = /^(?:import|export|\}) [^;]*?"\.\/([^"]+)";$/gm;
const LATER = /import\("\.\/([^"]+)"\)/g;

/** The files that a page loads, compressed, in bytes. */
export interface PageWeight {
  readonly bytes: number;
  readonly files: ReadonlySet<string>;
}

/**
 * Adds up the style sheet, the page's script and all that they import.
 *
 * @param more Modules that are loaded later; each with all that it imports.
 */
export function pageWeight(
  assets: ReadonlyMap<string, Asset>,
  language: string,
  more: readonly string[] = [],
): PageWeight {
  const files = new Set(["page.css"]);
  const waiting = ["main.js", `texts_${language}.js`, ...more];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (files.has(name)) continue;
    files.add(name);
    for (const [, next = ""] of assets.get(name)?.text.matchAll(AT_ONCE) ?? []) waiting.push(next);
  }
  let bytes = 0;
  for (const name of files) {
    const asset = assets.get(name);
    assert.ok(asset !== undefined, name);
    bytes += asset.gzip.length;
  }
  return { bytes, files };
}

/** Modules that a page loads only when somebody needs them. */
export function laterModules(assets: ReadonlyMap<string, Asset>): string[] {
  const text = assets.get("main.js")?.text ?? "";
  return [...text.matchAll(LATER)].map(([, name = ""]) => name);
}
