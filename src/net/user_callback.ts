/**
 * The one rule for callbacks of the user that throw: what they throw is written to standard error, or
 * told to `onError` where the user has given one, and everything goes on.
 *
 * @module
 */

/** Called with what a callback has thrown; must not throw. */
export type FaultListener = (error: unknown) => void;

/**
 * Calls a callback of the user. What it throws, or what the promise that it returns is rejected
 * with, is written to standard error, and nothing else changes: the client goes on, and the other
 * callbacks are told.
 */
export function tellUser<Values extends readonly unknown[]>(
  callback: ((...values: Values) => unknown) | undefined,
  ...values: Values
): void {
  tellUserOr(report, callback, ...values);
}

/** The same, but what goes wrong is told to `onFault`. */
export function tellUserOr<Values extends readonly unknown[]>(
  onFault: FaultListener,
  callback: ((...values: Values) => unknown) | undefined,
  ...values: Values
): void {
  try {
    const result = callback?.(...values);
    if (result instanceof Promise) result.catch(onFault);
  } catch (error) {
    onFault(error);
  }
}

/**
 * Calls a user's callback that returns a decision.
 *
 * @param careful The decision if it throws: the strictest one.
 * @param onFault Called with what it throws; standard error if not given.
 */
export function askUser<Values extends readonly unknown[], Answer>(
  callback: (...values: Values) => Answer,
  careful: { readonly answer: Answer; readonly onFault?: FaultListener | undefined },
  ...values: Values
): Answer {
  try {
    return callback(...values);
  } catch (error) {
    reportFault(error, careful.onFault);
    return careful.answer;
  }
}

/** Writes what a user's callback has thrown to standard error. */
export function reportFault(error: unknown, onFault?: FaultListener): undefined {
  tellUser(onFault ?? report, error);
}

function report(error: unknown): void {
  console.error("Callback failed:", error);
}
