/**
 * Errors of a serial port, named as in Web Serial.
 *
 * @module
 */

import { messageOf } from "../../core/message_of.ts";
import { SerialPortError } from "../../net/serial/error.ts";

/** The port is open where it must not be, or the other way round. */
export function invalidState(message: string): DOMException {
  return new DOMException(message, "InvalidStateError");
}

/** The device or the system does not do what was requested. */
export function networkError(message: string): DOMException {
  return new DOMException(message, "NetworkError");
}

/** The error when opening a port fails: `SecurityError` without FFI, else `NetworkError`. */
export function openingError(error: unknown): unknown {
  if (!(error instanceof SerialPortError)) return error;
  const name = error.problem === "unsupported" ? "SecurityError" : "NetworkError";
  const exception = new DOMException(messageOf(error), name);
  return Object.defineProperty(exception, "cause", { value: error });
}
