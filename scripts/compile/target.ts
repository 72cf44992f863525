/**
 * What executables are made for.
 *
 * @module
 */

/** One kind of machine. */
export interface Target {
  /** As in the names of files. */
  readonly name: string;
  /** What `uname -m` says there. */
  readonly machine: string;
  /** What Deno calls it. */
  readonly triple: string;
  /** The package of the npm registry that holds Deno's binary for it. */
  readonly denoPackage: string;
}

/** All targets, by the word that follows `--target`. */
export const TARGETS: Readonly<Record<string, Target>> = {
  x86_64: {
    name: "x86_64-linux",
    machine: "x86_64",
    triple: "x86_64-unknown-linux-gnu",
    denoPackage: "@deno/linux-x64-glibc",
  },
  aarch64: {
    name: "aarch64-linux",
    machine: "aarch64",
    triple: "aarch64-unknown-linux-gnu",
    denoPackage: "@deno/linux-arm64-glibc",
  },
};
