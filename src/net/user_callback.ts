/**
 * The one rule for callbacks of the user that throw.
 *
 * @module
 */

/**
 * Tells a callback of the user. What it throws, or what the promise that it returns is rejected with,
 * is written to standard error, and nothing else changes: the client goes on, and the other callbacks
 * are told.
 */
export function tellUser<Values extends readonly unknown[]>(
  callback: ((...values: Values) => unknown) | undefined,
  ...values: Values
): void {
  try {
    const result = callback?.(...values);
    if (result instanceof Promise) result.catch(report);
  } catch (error) {
    report(error);
  }
}

/** Writes it where errors of callbacks are looked for; the program does not end by it. */
function report(error: unknown): void {
  console.error("Callback failed:", error);
}
