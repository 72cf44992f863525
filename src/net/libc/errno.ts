/**
 * Names of the system's errors.
 *
 * @module
 */

/** The name of the error number behind an exception of the runtime; `other` if there is none. */
export function errnoNameOf(error: unknown): string {
  const code = error instanceof Error ? (error as { code?: unknown }).code : undefined;
  return typeof code === "string" && /^E[A-Z0-9]+$/.test(code) ? code : "other";
}
