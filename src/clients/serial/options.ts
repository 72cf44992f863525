/**
 * The options of opening a serial port, named as in Web Serial.
 *
 * @module
 */

import { checkBaud, type LineSettings } from "../../net/serial/termios.ts";

/** How to open a port; the same as Web Serial's `SerialOptions`, plus one option. */
export interface SerialOptions {
  /**
   * Speed in baud, a whole number from 1 200 to 4 000 000. The device rounds to a speed that it
   * supports.
   */
  readonly baudRate: number;
  /** Data bits per character; 8. */
  readonly dataBits?: 7 | 8;
  /** Stop bits after each character; 1. */
  readonly stopBits?: 1 | 2;
  /** Parity bit; `none`. The parity of received bytes is not checked. */
  readonly parity?: "none" | "even" | "odd";
  /** `hardware` means RTS and CTS; `none`. */
  readonly flowControl?: "none" | "hardware";
  /** The largest chunk of `readable`, in bytes, 1 to 16 777 216; 4 096. */
  readonly bufferSize?: number;
  /**
   * Whether opening resets an Arduino; true. It resets when DTR goes from off to on. With `false`,
   * the port sets no line when it opens and leaves DTR on when it closes (no HUPCL), so that later
   * openings cause no reset. The first opening after the device was plugged in or the machine
   * started still causes one, because the kernel itself turns DTR on.
   */
  readonly resetOnOpen?: boolean;
}

/** Bytes of a chunk unless the user sets another size. */
export const SERIAL_BUFFER_BYTES_DEFAULT = 4_096;
/** The largest buffer of a serial port, in bytes. */
const BUFFER_BYTES_MAX = 16_777_216;

/**
 * Converts the options for the system.
 *
 * @throws {TypeError} if an option has an illegal value.
 */
export function lineOf(options: SerialOptions): LineSettings {
  const { baudRate, dataBits, stopBits, parity, flowControl, bufferSize } = options;
  try {
    checkBaud(baudRate);
  } catch (error) {
    throw new TypeError(
      `Cannot open serial port: baudRate is ${baudRate}, must be a whole number, 1200 to 4000000`,
      { cause: error },
    );
  }
  checkWord("dataBits", dataBits, [7, 8]);
  checkWord("stopBits", stopBits, [1, 2]);
  checkWord("parity", parity, ["none", "even", "odd"]);
  checkWord("flowControl", flowControl, ["none", "hardware"]);
  const bytes = bufferSize ?? SERIAL_BUFFER_BYTES_DEFAULT;
  if (!(Number.isInteger(bytes) && bytes >= 1 && bytes <= BUFFER_BYTES_MAX)) {
    throw new TypeError(
      `Cannot open serial port: bufferSize is ${bytes}, must be 1 to ${BUFFER_BYTES_MAX}`,
    );
  }
  const hangUp = options.resetOnOpen ?? true;
  return { baud: baudRate, dataBits, stopBits, parity, flowControl, hangUp };
}

function checkWord(name: string, value: unknown, words: readonly unknown[]): void {
  if (value === undefined || words.includes(value)) return;
  throw new TypeError(
    `Cannot open serial port: ${name} is ${value}, must be ${words.join(" or ")}`,
  );
}
