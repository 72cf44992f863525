/**
 * A serial port that carries raw bytes, with nobody else on it.
 *
 * Needs the permission `--allow-ffi` (without a list) and nothing else.
 *
 * @module
 */

import {
  cString,
  EAGAIN,
  EBUSY,
  ENOENT,
  type Libc,
  O_CLOEXEC,
  O_NOCTTY,
  O_NONBLOCK,
  O_RDWR,
} from "../libc/libc.ts";
import { acquireLibc, explainOpening } from "./error.ts";
import { SerialStream } from "./stream.ts";
import { configureRaw, type LineSettings } from "./termios.ts";

/** Speed of the HEV link in baud (hev.md section 5). */
export const SERIAL_BAUD_DEFAULT = 115_200;

const TIOCEXCL = 0x540cn;
const TIOCMBIS = 0x5416n;
const TIOCM_DTR = 0x002;
const LOCK_EX = 2;
const LOCK_NB = 4;
const TCIFLUSH = 0;

/** Options of {@linkcode openSerial}; 8N1 without flow control, DTR on, if not given. */
export interface SerialPortOptions extends Omit<LineSettings, "baud"> {
  /** Speed, 1 200 to 4 000 000 baud; {@linkcode SERIAL_BAUD_DEFAULT} if not given. */
  readonly baud?: number | undefined;
}

/**
 * Opens a port. Bytes that arrived before are discarded.
 *
 * Takes some milliseconds on real devices; the main thread does not wait for them.
 *
 * @throws {SerialPortError} if it cannot be opened.
 * @throws {RangeError} if the speed is out of range.
 */
export async function openSerial(
  path: string,
  options: SerialPortOptions = {},
): Promise<SerialStream> {
  const libc = acquireLibc(path);
  let descriptor = -1;
  try {
    descriptor = await openTty(libc, path);
    await prepare(libc, path, descriptor, options);
  } catch (error) {
    if (descriptor >= 0) libc.symbols.close(descriptor);
    libc[Symbol.dispose]();
    throw error;
  }
  return new SerialStream(libc, descriptor, path);
}

async function openTty(libc: Libc, path: string): Promise<number> {
  if (path === "" || path.includes("\0")) {
    throw explainOpening(libc, path, ENOENT);
  }
  const name = cString(path);
  // O_NONBLOCK: do not wait for a carrier. O_NOCTTY: the port must not become our terminal.
  const flags = O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC;
  // As with the line settings: the open that may take long is made off the thread, and repeated for its
  // error number only if it failed.
  const opened = await libc.lend(name, libc.symbols.openOffThread(name, flags));
  if (opened >= 0) return opened;
  const descriptor = libc.result(libc.symbols.open(name, flags));
  if (descriptor >= 0) return descriptor;
  throw explainOpening(libc, path, -descriptor);
}

async function prepare(
  libc: Libc,
  path: string,
  descriptor: number,
  { baud = SERIAL_BAUD_DEFAULT, ...line }: SerialPortOptions,
): Promise<void> {
  const configured = await configureRaw(libc, descriptor, { ...line, baud });
  if (configured < 0) throw explainOpening(libc, path, -configured);
  const { flock, ioctl, tcflush } = libc.symbols;
  // The lock is what other serial programs look for, and the only thing that stops root.
  const locked = libc.result(flock(descriptor, LOCK_EX | LOCK_NB));
  if (locked < 0) throw explainOpening(libc, path, locked === -EAGAIN ? EBUSY : -locked);
  // A pseudo terminal has no DTR. It must not become exclusive either: there the mark outlives us, and
  // the emulator behind it would never be reached again.
  // Where DTR must stay as it is, setting no line still tells a device from a pseudo terminal.
  const lines = line.hangUp === false ? 0 : TIOCM_DTR;
  if (ioctl(descriptor, TIOCMBIS, Int32Array.of(lines)) === 0) ioctl(descriptor, TIOCEXCL, null);
  tcflush(descriptor, TCIFLUSH);
}
