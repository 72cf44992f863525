/**
 * The serial ports of this machine in the shape of Web Serial.
 *
 * @module
 */

import { findBoardSerialPorts, findUsbSerialPorts } from "../../net/serial/discovery.ts";
import { openingError } from "./error.ts";
import { SerialPort } from "./port.ts";

/** Where the system lists its ports; tests use other places. */
interface Folders {
  readonly sysFolder?: string;
  readonly deviceFolder?: string;
}

/** The serial ports of this machine, as `navigator.serial` has them. */
export interface Serial {
  /**
   * All ports that exist now: those on USB, then those of the board, such as a Raspberry Pi's
   * `/dev/ttyAMA0` and `/dev/ttyS0`, each kind ordered by number. Whether they can be opened is not
   * checked.
   *
   * @throws {DOMException} `SecurityError` without `--allow-ffi`.
   */
  getPorts(): Promise<SerialPort[]>;
}

/**
 * The serial ports of this machine. There is no `requestPort`, because there is no user to ask.
 *
 * @example
 * ```ts
 * import { serial } from "@pulsebox/pulsebox/serial";
 *
 * for (const port of await serial.getPorts()) {
 *   const { path, product } = port.getInfo();
 *   console.log(path, product ?? "");
 * }
 * ```
 */
export const serial: Serial = { getPorts: () => portsOf({}) };

/** The ports that the system lists. */
export function portsOf(folders: Folders): Promise<SerialPort[]> {
  // Whatever throws in here rejects the promise.
  return new Promise((resolve) => resolve(listPorts(folders)));
}

function listPorts(folders: Folders): SerialPort[] {
  try {
    const usb = findUsbSerialPorts(folders).map((port) =>
      new SerialPort({
        path: port.path,
        lastingPath: port.idPath,
        usbVendorId: parseInt(port.vendorId, 16),
        usbProductId: parseInt(port.productId, 16),
        manufacturer: port.manufacturer || undefined,
        product: port.product || undefined,
        serialNumber: port.serialNumber || undefined,
      })
    );
    const board = findBoardSerialPorts(folders).map(({ path, aliasPath }) =>
      new SerialPort({ path, lastingPath: aliasPath })
    );
    return [...usb, ...board];
  } catch (error) {
    throw openingError(error);
  }
}
