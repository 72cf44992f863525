/**
 * The line settings of a serial port: raw bytes, and how they travel.
 *
 * glibc's `struct termios` is the same on x86-64 and arm64, 60 bytes: four `u32` of flags (input 0,
 * output 4, control 8, local 12), `u8` line discipline 16, 32 control characters from 17, padding,
 * `u32` speeds 52 and 56. The kernel's own `struct termios2` has 19 control characters and speeds in
 * baud at 36 and 40, and takes speeds that have no name.
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

const CS7 = 0o40;
const CS8 = 0o60;
const CSTOPB = 0o100;
const CREAD = 0o200;
const PARENB = 0o400;
const PARODD = 0o1000;
const HUPCL = 0o2000;
const CLOCAL = 0o4000;
const CRTSCTS = 0o20000000000;

/** The speed is a number of its own, in `struct termios2`. */
const BOTHER = 0o10000;
const TCGETS2 = 0x802c542an;
const TCSETS2 = 0x402c542bn;
const TERMIOS2_SPEEDS_OFFSETS = [36, 40];

const TCSANOW = 0;

/** Names that termios has for speeds, in baud. */
const SPEEDS: ReadonlyMap<number, number> = new Map([
  [1_200, 0o11],
  [1_800, 0o12],
  [2_400, 0o13],
  [4_800, 0o14],
  [9_600, 0o15],
  [19_200, 0o16],
  [38_400, 0o17],
  [57_600, 0o10001],
  [115_200, 0o10002],
  [230_400, 0o10003],
  [460_800, 0o10004],
  [500_000, 0o10005],
  [576_000, 0o10006],
  [921_600, 0o10007],
  [1_000_000, 0o10010],
  [1_152_000, 0o10011],
  [1_500_000, 0o10012],
  [2_000_000, 0o10013],
  [2_500_000, 0o10014],
  [3_000_000, 0o10015],
  [3_500_000, 0o10016],
  [4_000_000, 0o10017],
]);

/** The range of speeds, in baud; those without a name in termios are possible too. */
export const SERIAL_BAUD_RANGE: { readonly min: 1_200; readonly max: 4_000_000 } = {
  min: 1_200,
  max: 4_000_000,
};

/** The common speeds of serial ports, in baud. */
export const SERIAL_BAUDS: readonly number[] = [...SPEEDS.keys()];

/** How bytes travel on the line. */
export interface LineSettings {
  /** Speed in baud, a whole number of {@linkcode SERIAL_BAUD_RANGE}. */
  readonly baud: number;
  /** Bits of one character; 8 if not given. */
  readonly dataBits?: 7 | 8 | undefined;
  /** Stop bits after each character; 1 if not given. */
  readonly stopBits?: 1 | 2 | undefined;
  /** Parity bit; `none` if not given. What arrives is not checked against it. */
  readonly parity?: "none" | "even" | "odd" | undefined;
  /** `hardware` is RTS and CTS; `none` if not given. */
  readonly flowControl?: "none" | "hardware" | undefined;
  /** Whether closing drops DTR, so that the next opening resets an Arduino; true if not given. */
  readonly hangUp?: boolean | undefined;
}

/**
 * Checks a speed.
 *
 * @throws {RangeError} if it is no whole number of {@linkcode SERIAL_BAUD_RANGE}.
 */
export function checkBaud(baud: number): void {
  const { min, max } = SERIAL_BAUD_RANGE;
  if (Number.isInteger(baud) && baud >= min && baud <= max) return;
  throw new RangeError(
    `Cannot set speed: baud is ${baud}, must be a whole number, ${min} to ${max}`,
  );
}

/**
 * Makes a tty carry raw bytes.
 *
 * @returns 0, or a negative error number (`ENOTTY`: it is no tty).
 * @throws {RangeError} if the speed is out of range.
 */
export async function configureRaw(
  libc: Libc,
  descriptor: number,
  line: LineSettings,
): Promise<number> {
  checkBaud(line.baud);
  const speed = SPEEDS.get(line.baud);
  if (speed === undefined) return await setOddSpeed(libc, descriptor, line);
  const { tcgetattr, tcsetattr, tcsetattrOffThread, cfsetspeed } = libc.symbols;
  const settings = new Uint8Array(new ArrayBuffer(TERMIOS_BYTES));
  const got = libc.result(tcgetattr(descriptor, settings));
  if (got < 0) return got;

  makeRaw(settings, line);
  cfsetspeed(settings, speed);

  // A USB port asks its device, which may take seconds if it is not well. Only the failure, which is
  // quick, is repeated here, where its error number can be read.
  const set = await libc.lend(settings, tcsetattrOffThread(descriptor, TCSANOW, settings));
  return set === 0 ? 0 : libc.result(tcsetattr(descriptor, TCSANOW, settings));
}

/** Both structs have their flags and the first control characters at the same places. */
function makeRaw(settings: Uint8Array<ArrayBuffer>, line: LineSettings): void {
  // Set every flag: cfmakeraw() leaves IXOFF, IXANY, INPCK and others as the last program set them,
  // and each of them alters bytes or stops the line.
  const view = new DataView(settings.buffer);
  view.setUint32(INPUT_FLAGS_OFFSET, 0, true);
  view.setUint32(OUTPUT_FLAGS_OFFSET, 0, true);
  view.setUint32(LOCAL_FLAGS_OFFSET, 0, true);
  view.setUint32(CONTROL_FLAGS_OFFSET, controlFlags(line), true);
  // With VMIN 1 an empty port says EAGAIN, and 0 bytes mean that the device is gone.
  view.setUint8(CONTROL_CHARACTERS_OFFSET + VMIN, 1);
  view.setUint8(CONTROL_CHARACTERS_OFFSET + VTIME, 0);
}

/** CLOCAL: a link with three wires has no carrier to wait for. HUPCL: closing drops DTR. */
function controlFlags({ dataBits, stopBits, parity, flowControl, hangUp }: LineSettings): number {
  let flags = CREAD | CLOCAL | (dataBits === 7 ? CS7 : CS8);
  if (stopBits === 2) flags |= CSTOPB;
  if (parity === "even" || parity === "odd") flags |= PARENB;
  if (parity === "odd") flags |= PARODD;
  if (flowControl === "hardware") flags |= CRTSCTS;
  if (hangUp !== false) flags |= HUPCL;
  return flags >>> 0;
}

/** Sets a speed that has no name, such as the 250 000 baud of a 3D printer. */
async function setOddSpeed(
  libc: Libc,
  descriptor: number,
  line: LineSettings,
): Promise<number> {
  const { ioctl, ioctlOffThread } = libc.symbols;
  const settings = new Uint8Array(new ArrayBuffer(TERMIOS_BYTES));
  const got = libc.result(ioctl(descriptor, TCGETS2, settings));
  if (got < 0) return got;
  makeRaw(settings, line);
  const view = new DataView(settings.buffer);
  const flags = view.getUint32(CONTROL_FLAGS_OFFSET, true);
  view.setUint32(CONTROL_FLAGS_OFFSET, (flags | BOTHER) >>> 0, true);
  for (const offset of TERMIOS2_SPEEDS_OFFSETS) view.setUint32(offset, line.baud, true);
  const set = await libc.lend(settings, ioctlOffThread(descriptor, TCSETS2, settings));
  return set === 0 ? 0 : libc.result(ioctl(descriptor, TCSETS2, settings));
}
