/**
 * The summary that a demonstration prints once it runs.
 *
 * @module
 */

/** Where a role, or the console, can be reached. */
export interface ServedAddress {
  /** The role, or `console`. */
  readonly role: string;
  readonly url: string;
}

/** The addresses of a host whose clients are simulated; the last line is the one to open. */
export function demoSummary(addresses: readonly ServedAddress[]): string {
  const pages = addresses.filter(({ role }) => role === "console");
  const roles = addresses.filter(({ role }) => role !== "console");
  const width = Math.max(...roles.map(({ role }) => role.length));
  return [
    "Pulsebox runs with simulated clients; Ctrl-C stops it.",
    ...roles.map(({ role, url }) => `  ${role.padEnd(width)}  ${url}`),
    ...pages.map(({ url }) => `Open ${url}`),
  ].map((line) => `${line}\n`).join("");
}
