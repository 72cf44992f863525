/**
 * The control lines of a serial port: modem signals and break.
 *
 * @module
 */

import { ENOTTY } from "../../net/libc/libc.ts";
import type { SerialStream } from "../../net/serial/stream.ts";
import { networkError } from "./error.ts";

/** Lines that the computer sets; lines that are not given stay as they are. */
export interface SerialOutputSignals {
  /** DTR. Going from off to on resets an Arduino. */
  readonly dataTerminalReady?: boolean;
  /** RTS. With `flowControl: "hardware"` the kernel sets it. */
  readonly requestToSend?: boolean;
  /** Holds the data line in the break state until it is set to false. */
  readonly break?: boolean;
}

/** Lines that the device sets. */
export interface SerialInputSignals {
  /** DCD, also called carrier. */
  readonly dataCarrierDetect: boolean;
  /** CTS. */
  readonly clearToSend: boolean;
  /** RI. */
  readonly ringIndicator: boolean;
  /** DSR. */
  readonly dataSetReady: boolean;
}

const TIOCMGET = 0x5415n;
const TIOCMBIS = 0x5416n;
const TIOCMBIC = 0x5417n;
const TIOCSBRK = 0x5427n;
const TIOCCBRK = 0x5428n;

const TIOCM_DTR = 0x002;
const TIOCM_RTS = 0x004;
const TIOCM_CTS = 0x020;
const TIOCM_CAR = 0x040;
const TIOCM_RNG = 0x080;
const TIOCM_DSR = 0x100;

/**
 * Reads the lines that the device sets.
 *
 * @throws {DOMException} `NetworkError` if the device has none, such as a pseudo terminal, or is gone.
 */
export function readSignals(stream: SerialStream): SerialInputSignals {
  const lines = new Int32Array(1);
  check(stream, "Cannot read signals", stream.control(TIOCMGET, lines));
  const [bits = 0] = lines;
  return {
    dataCarrierDetect: (bits & TIOCM_CAR) !== 0,
    clearToSend: (bits & TIOCM_CTS) !== 0,
    ringIndicator: (bits & TIOCM_RNG) !== 0,
    dataSetReady: (bits & TIOCM_DSR) !== 0,
  };
}

/**
 * Sets lines.
 *
 * @throws {DOMException} `NetworkError` if the device does not have them, or is gone.
 */
export function writeSignals(stream: SerialStream, signals: SerialOutputSignals): void {
  const { dataTerminalReady, requestToSend } = signals;
  const lines = [[dataTerminalReady, TIOCM_DTR], [requestToSend, TIOCM_RTS]] as const;
  for (const [request, isOn] of [[TIOCMBIS, true], [TIOCMBIC, false]] as const) {
    const bits = lines.reduce((sum, [value, bit]) => value === isOn ? sum | bit : sum, 0);
    if (bits === 0) continue;
    check(stream, "Cannot set signals", stream.control(request, Int32Array.of(bits)));
  }
  if (signals.break === undefined) return;
  const request = signals.break ? TIOCSBRK : TIOCCBRK;
  check(stream, "Cannot set break", stream.control(request, null));
}

function check(stream: SerialStream, what: string, result: number): void {
  if (result >= 0) return;
  const detail = result === -ENOTTY
    ? "this device has no such lines, as a pseudo terminal has none"
    : stream.errorText(-result);
  throw networkError(`${what}: ${detail}`);
}
