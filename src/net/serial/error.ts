/**
 * Why a serial port could not be opened, in words that name the remedy.
 *
 * @module
 */

import {
  EACCES,
  EBUSY,
  ENODEV,
  ENOENT,
  ENOTDIR,
  ENOTTY,
  ENXIO,
  EPERM,
  Libc,
} from "../libc/libc.ts";
import { groupOfFile } from "../libc/files.ts";

/** Why a serial port could not be opened. */
export type SerialPortProblem =
  /** There is no such device, or no longer. */
  | "absent"
  /** The user may not. */
  | "permission"
  /** Another program has it. */
  | "busy"
  /** The path names something else. */
  | "not-a-port"
  /** FFI is not allowed, or this system has no GNU C library. */
  | "unsupported"
  /** Anything else that the system said. */
  | "failed";

/** A serial port could not be opened. The message is one line and names the path and the cause. */
export class SerialPortError extends Error {
  /** Always `SerialPortError`. */
  override readonly name = "SerialPortError";
  /** The cause, for a program. */
  readonly problem: SerialPortProblem;
  /** The port's path as the caller gave it. */
  readonly path: string;

  /** Words the message around a detail: a cause, and a remedy where there is one. */
  constructor(path: string, problem: SerialPortProblem, detail: string) {
    super(`Cannot open serial port "${path}": ${detail}`);
    this.problem = problem;
    this.path = path;
  }
}

/**
 * Becomes a holder of the C library for a serial port.
 *
 * @throws {SerialPortError} with the problem `unsupported` if that cannot be.
 */
export function acquireLibc(path: string): Libc {
  try {
    return Libc.acquire();
  } catch (error) {
    const detail = error instanceof Deno.errors.NotCapable
      ? "calling the C library is not allowed, run with --allow-ffi"
      : "this system has no GNU C library";
    throw new SerialPortError(path, "unsupported", detail);
  }
}

/** The error for the error number that opening or preparing a port ended with. */
export function explainOpening(libc: Libc, path: string, errno: number): SerialPortError {
  switch (errno) {
    case ENOENT:
    case ENXIO:
    case ENODEV:
    case ENOTDIR:
      return new SerialPortError(path, "absent", "no such device");
    case EACCES:
    case EPERM: {
      const group = groupOfFile(libc, path);
      const detail = group === undefined
        ? "permission denied"
        : `permission denied, the user must be in the group "${group}"`;
      return new SerialPortError(path, "permission", detail);
    }
    case EBUSY:
      return new SerialPortError(path, "busy", "another program uses it");
    case ENOTTY:
      return new SerialPortError(path, "not-a-port", "it is not a serial port");
    default:
      return new SerialPortError(path, "failed", libc.errorText(errno));
  }
}
