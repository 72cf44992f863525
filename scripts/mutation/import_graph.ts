/**
 * Which tests a source file can be noticed by: those that import it, or import what does.
 *
 * @module
 */

import { sourcesBelow } from "../../tests/support/files_below.ts";

/** Suites that take minutes, or more of the machine than loopback. */
const SLOW = /^tests\/(browser|file|interop|faults|fuzz|sim)\//;

/** All imports of a repository's sources and tests. */
export class ImportGraph {
  /** By path: the paths of files that import it. */
  readonly #importers = new Map<string, string[]>();

  /** Reads the imports below a repository's root. */
  static async read(root: string): Promise<ImportGraph> {
    const graph = new ImportGraph();
    for (const folder of ["src", "tests"]) {
      for (const below of sourcesBelow(`${root}/${folder}`)) {
        const path = `${folder}/${below}`;
        graph.#add(path, await Deno.readTextFile(`${root}/${path}`));
      }
    }
    return graph;
  }

  /** Tests within so many imports of a file, the nearest first. */
  testsNear(path: string, distanceMax: number): string[] {
    const seen = new Set([path]);
    let edge = [path];
    for (let distance = 0; distance < distanceMax; distance++) {
      edge = edge.flatMap((each) => this.#importers.get(each) ?? []).filter((each) => {
        const isNew = !seen.has(each);
        seen.add(each);
        return isNew;
      });
    }
    return [...seen].filter((each) => each.endsWith("_test.ts") && !SLOW.test(each));
  }

  #add(path: string, text: string): void {
    for (const [, name = ""] of text.matchAll(/(?:from|import\()\s*"(\.[^"]+\.ts)"/g)) {
      const target = new URL(name, `file:///${path}`).pathname.slice(1);
      const importers = this.#importers.get(target) ?? [];
      importers.push(path);
      this.#importers.set(target, importers);
    }
  }
}
