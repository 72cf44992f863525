/**
 * Detects whether open files are still the files that their names lead to.
 *
 * @module
 */

/** Remembers which files some names led to. */
export class FileIdentity {
  readonly #known = new Map<string, string>();

  /** Notes the files of these names that exist and have not been noted yet. */
  note(paths: readonly string[]): void {
    for (const path of paths) {
      const identity = this.#known.get(path) ?? identityOf(path);
      if (identity !== undefined) this.#known.set(path, identity);
    }
  }

  /** The first name that leads to nothing or to another file, and which of the two. */
  changed(): { readonly path: string; readonly isGone: boolean } | undefined {
    for (const [path, noted] of this.#known) {
      const identity = identityOf(path);
      if (identity !== noted) return { path, isGone: identity === undefined };
    }
    return undefined;
  }
}

function identityOf(path: string): string | undefined {
  try {
    const { dev, ino } = Deno.statSync(path);
    return `${dev} ${ino}`;
  } catch {
    return undefined;
  }
}
