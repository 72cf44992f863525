/**
 * The line settings of a serial port: raw bytes, eight bits, no parity, one stop bit, no flow control.
 *
 * glibc's `struct termios` is the same on x86-64 and arm64, 60 bytes: four `u32` of flags (input 0,
 * output 4, control 8, local 12), `u8` line discipline 16, 32 control characters from 17, padding,
 * `u32` speeds 52 and 56.
 *
 * @module
 */

import type { Libc } from "../libc/libc.ts";

/** Bytes of `struct termios`, with some to spare. */
const TERMIOS_BYTES = 128;
const INPUT_FLAGS_OFFSET = 0;
const OUTPUT_FLAGS_OFFSET = 4;
const CONTROL_FLAGS_OFFSET = 8;
const LOCAL_FLAGS_OFFSET = 12;
const CONTROL_CHARACTERS_OFFSET = 17;
const VTIME = 5;
const VMIN = 6;

const CS8 = 0o60;
const CREAD = 0o200;
const HUPCL = 0o2000;
const CLOCAL = 0o4000;

const TCSANOW = 0;

/** Names that termios has for speeds, in baud. */
const SPEEDS: ReadonlyMap<number, number> = new Map([
  [9_600, 0o15],
  [19_200, 0o16],
  [38_400, 0o17],
  [57_600, 0o10001],
  [115_200, 0o10002],
  [230_400, 0o10003],
  [460_800, 0o10004],
  [500_000, 0o10005],
  [921_600, 0o10007],
  [1_000_000, 0o10010],
]);

/** The speeds that a serial port may have, in baud. */
export const SERIAL_BAUDS: readonly number[] = [...SPEEDS.keys()];

/**
 * The name that termios has for a speed.
 *
 * @throws {RangeError} if the speed is none of {@linkcode SERIAL_BAUDS}.
 */
export function termiosSpeed(baud: number): number {
  const speed = SPEEDS.get(baud);
  if (speed !== undefined) return speed;
  throw new RangeError(
    `Cannot set speed: baud is ${baud}, must be one of ${SERIAL_BAUDS.join(", ")}`,
  );
}

/**
 * Makes a tty carry raw bytes at a speed.
 *
 * @param baud One of {@linkcode SERIAL_BAUDS}.
 * @returns 0, or a negative error number (`ENOTTY`: it is no tty).
 * @throws {RangeError} if the speed is none of them.
 */
export async function configureRaw(
  libc: Libc,
  descriptor: number,
  baud: number,
): Promise<number> {
  const speed = termiosSpeed(baud);
  const { tcgetattr, tcsetattr, tcsetattrOffThread, cfsetspeed } = libc.symbols;
  const settings = new Uint8Array(new ArrayBuffer(TERMIOS_BYTES));
  const got = libc.result(tcgetattr(descriptor, settings));
  if (got < 0) return got;

  // Set every flag: cfmakeraw() leaves IXOFF, IXANY, INPCK and others as the last program set them,
  // and each of them alters bytes or stops the line.
  const view = new DataView(settings.buffer);
  view.setUint32(INPUT_FLAGS_OFFSET, 0, true);
  view.setUint32(OUTPUT_FLAGS_OFFSET, 0, true);
  view.setUint32(LOCAL_FLAGS_OFFSET, 0, true);
  // CLOCAL: a link with three wires has no carrier to wait for. HUPCL: closing drops DTR.
  view.setUint32(CONTROL_FLAGS_OFFSET, CS8 | CREAD | HUPCL | CLOCAL, true);
  cfsetspeed(settings, speed);
  // With VMIN 1 an empty port says EAGAIN, and 0 bytes mean that the device is gone.
  view.setUint8(CONTROL_CHARACTERS_OFFSET + VMIN, 1);
  view.setUint8(CONTROL_CHARACTERS_OFFSET + VTIME, 0);

  // A USB port asks its device, which may take seconds if it is not well. Only the failure, which is
  // quick, is repeated here, where its error number can be read.
  const set = await libc.lend(settings, tcsetattrOffThread(descriptor, TCSANOW, settings));
  return set === 0 ? 0 : libc.result(tcsetattr(descriptor, TCSANOW, settings));
}
