/**
 * What a start may import of the runtime.
 *
 * Modules named `node:…` are no part of the runtime's snapshot. Whoever imports one waits until the
 * runtime has compiled it and everything that it imports itself, at each start: 14 ms for `node:util`,
 * 26 ms for `node:process`, 36 ms for `node:crypto`. `DENO_LOG_LAZY_LOAD=1` lists what is loaded.
 *
 * @module
 */

import { LAZY_IMPORT } from "./hidden_imports.ts";

/** The modules that any part of the program may import. */
const CHEAP = new Set([
  // The store: one file for the runtime to compile, 3 ms.
  "node:sqlite",
  // The runtime's own `setTimeout` loads it in any case.
  "node:timers",
]);

/** The parts that may import every module: a start of the usual roles and tools loads none of them. */
const LATE = new Set([
  // Loaded when somebody first asks for it.
  "console",
  // Loaded by hosts that are told to use TLS or tokens.
  "secrets",
  // Loaded by hosts that are told whom to notify.
  "notifications",
  // Signs as the broker wants it.
  "fleet",
  "fleet_tools",
  // Tools that a person starts now and then.
  "doctor",
  "token",
]);

const STATIC_IMPORT = /\b(?:from|import)\s*"\.\/([\w-]+\.js)"/g;
/** An import at the start of a module; a lazy one is a call. */
const RUNTIME_MODULE = /(?<!\bimport\()"(node:[\w/]+)"/g;

/**
 * Looks through a bundle whose lazy imports are not hidden yet.
 *
 * @param folder The bundle's folder; its first module is `main.js`.
 * @throws {Error} if a start would import a costly module of the runtime.
 */
export async function refuseCostlyStart(folder: string): Promise<void> {
  const sources = new Map<string, string>();
  for await (const { name } of Deno.readDir(folder)) {
    sources.set(name, await Deno.readTextFile(`${folder}/${name}`));
  }
  const parts = new Map([["main.js", "main"]]);
  for (const source of sources.values()) {
    for (const [, path = "", part = ""] of source.matchAll(LAZY_IMPORT)) {
      parts.set(path.slice("./".length), part);
    }
  }
  for (const [first, part] of parts) {
    if (LATE.has(part)) continue;
    for (const name of reached(first, sources)) {
      for (const [, module = ""] of (sources.get(name) ?? "").matchAll(RUNTIME_MODULE)) {
        if (CHEAP.has(module)) continue;
        throw new Error(
          `Cannot ship ${part}: it imports ${module} (in ${name}), which would slow each of its starts`,
        );
      }
    }
  }
}

/** The modules that a module imports, itself included, except those that it imports lazily. */
function reached(first: string, sources: ReadonlyMap<string, string>): Set<string> {
  const names = new Set([first]);
  // Those that are added on the way are visited too.
  for (const name of names) {
    for (const [, imported = ""] of (sources.get(name) ?? "").matchAll(STATIC_IMPORT)) {
      names.add(imported);
    }
  }
  return names;
}
