/**
 * Errors of a serial port, by the names that Web Serial gives them.
 *
 * @module
 */

import { messageOf } from "../../core/message_of.ts";
import { SerialPortError } from "../../net/serial/error.ts";

/** The port is open where it must not be, or the other way round. */
export function invalidState(message: string): DOMException {
  return new DOMException(message, "InvalidStateError");
}

/** The device or the system does not do what was asked. */
export function networkError(message: string): DOMException {
  return new DOMException(message, "NetworkError");
}

/** What opening a port fails with: `SecurityError` where FFI is not allowed, else `NetworkError`. */
export function openingError(error: unknown): unknown {
  if (!(error instanceof SerialPortError)) return error;
  const name = error.problem === "unsupported" ? "SecurityError" : "NetworkError";
  const exception = new DOMException(messageOf(error), name);
  return Object.defineProperty(exception, "cause", { value: error });
}
