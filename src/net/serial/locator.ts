/**
 * Where the serial port is right now.
 *
 * @module
 */

import {
  chooseController,
  describePort,
  findUsbSerialPorts,
  type SerialDiscoveryOptions,
} from "./discovery.ts";
import { SerialPortError } from "./error.ts";

/** The place that means: find the microcontroller. */
export const SERIAL_PLACE_AUTO = "auto";

/**
 * Returns the path of the port to open next. It is asked before each opening, because a device may
 * come back under another name.
 *
 * @throws {SerialPortError} if there is no such port at the moment.
 */
export type SerialLocator = () => string;

/**
 * Makes a locator from a setting.
 *
 * @param place A path, or {@linkcode SERIAL_PLACE_AUTO} to find the microcontroller on USB.
 */
export function serialLocator(place: string, options: SerialDiscoveryOptions = {}): SerialLocator {
  return place === SERIAL_PLACE_AUTO ? () => locateController(options) : () => place;
}

function locateController(options: SerialDiscoveryOptions): string {
  const ports = findUsbSerialPorts(options);
  const found = chooseController(ports);
  if (found !== undefined) return found.port.path;
  const detail = ports.length === 0
    ? "there is no serial device on USB"
    : `no microcontroller among ${
      ports.map(describePort).join(", ")
    }; name the port to use one of them`;
  throw new SerialPortError(SERIAL_PLACE_AUTO, "absent", detail);
}
