/**
 * Programs with a wall clock of their own.
 *
 * @module
 */

/** The library for programs with several threads; undefined if it is not installed. */
export const FAKETIME: string | undefined = ["x86_64", "aarch64"]
  .map((machine) => `/usr/lib/${machine}-linux-gnu/faketime/libfaketimeMT.so.1`)
  .find(isFile);

/** What a suite needs for it. */
export const FAKETIME_NEEDS = {
  name: "libfaketime",
  available: FAKETIME !== undefined,
  howToGet: "apt-get install faketime",
} as const;

/**
 * Variables of a program whose clock is off; no timer of it is.
 *
 * @param path A file that says by how much, such as `+28d`; it may change.
 */
export function clockOf(path: string): Record<string, string> {
  return {
    LD_PRELOAD: FAKETIME ?? "",
    FAKETIME_TIMESTAMP_FILE: path,
    FAKETIME_DONT_FAKE_MONOTONIC: "1",
    FAKETIME_NO_CACHE: "1",
  };
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
