/**
 * What an executable tells the runtime.
 *
 * @module
 */

/**
 * The permissions of all roles and commands together; the program gives back what its roles do not
 * need. Nothing is fetched from elsewhere, so importing from other hosts is not among them.
 */
export const PERMISSION_FLAGS: readonly string[] = [
  "--allow-net",
  "--allow-env",
  "--allow-read",
  "--allow-write",
  "--allow-sys",
  "--allow-ffi",
  "--allow-run",
];

/**
 * What the JavaScript engine is told: new objects have 4 MiB. With the runtime's default of 16, ten
 * thousand hostile connections leave 140 MB of garbage uncollected; with 4 they leave 89 MB.
 */
export const ENGINE_FLAGS = "--v8-flags=--max-semi-space-size=4";

/** Flags that `deno run` and `deno compile` have in common. */
export const RUNTIME_FLAGS: readonly string[] = [
  "--quiet",
  "--no-prompt",
  "--no-config",
  "--no-lock",
  "--no-remote",
  "--no-npm",
  "--unstable-net",
  ENGINE_FLAGS,
  ...PERMISSION_FLAGS,
];
