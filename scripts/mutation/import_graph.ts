/**
 * Which tests a source file can be noticed by: those that name it, or name what does, be it in an
 * import or as the program of a worker or child.
 *
 * @module
 */

import { sourcesBelow } from "../../tests/support/files_below.ts";

/** Suites that take minutes, or more of the machine than loopback. */
const SLOW = /^tests\/(browser|file|interop|faults|fuzz|sim)\//;

/** Which files name which, of a repository's sources and tests. */
export class ImportGraph {
  /** By path: the paths of files that name it. */
  readonly #importers = new Map<string, string[]>();

  /** Reads the sources and tests below a repository's root. */
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

  /** Tests within so many steps of a file, the nearest first. */
  testsNear(path: string, distanceMax: number): string[] {
    const seen = new Set([path]);
    let edge = [path];
    for (let distance = 0; distance < distanceMax && edge.length > 0; distance++) {
      edge = edge.flatMap((each) => this.#importers.get(each) ?? []).filter((each) => {
        const isNew = !seen.has(each);
        seen.add(each);
        return isNew;
      });
    }
    return [...seen].filter((each) => each.endsWith("_test.ts") && !SLOW.test(each));
  }

  #add(path: string, text: string): void {
    for (const [, name = ""] of text.matchAll(/"([\w./-]+\.ts)"/g)) {
      const target = new URL(name, `file:///${path}`).pathname.slice(1);
      const importers = this.#importers.get(target) ?? [];
      importers.push(path);
      this.#importers.set(target, importers);
    }
  }
}
