/**
 * Finding serial ports, and the microcontroller among them (hev.md section 5.6).
 *
 * The kernel lists serial ports in `/sys/class/tty`; udev, where it runs, gives USB ports lasting names in
 * `/dev/serial/by-id`. Needs the permission `--allow-ffi` and nothing else: with `--allow-read` alone,
 * listed or not, Deno refuses to read `/sys` and `/dev`.
 *
 * @module
 */

import type { Libc } from "../libc/libc.ts";
import { listFolder, readLink, readTextFile } from "../libc/files.ts";
import { acquireLibc } from "./error.ts";

/** What is known of a serial port on USB. */
export interface UsbSerialPort {
  /** Path of the device, such as `/dev/ttyACM0`. It may differ after the next plugging in. */
  path: string;
  /** Lasting path below `/dev/serial/by-id`; `undefined` without udev. */
  idPath: string | undefined;
  /** Vendor id, four hexadecimal digits in lower case. */
  vendorId: string;
  /** Product id, four hexadecimal digits in lower case. */
  productId: string;
  /** Who made it, in the device's own words; empty if it says nothing. */
  manufacturer: string;
  /** What it is, in its own words; empty if it says nothing. */
  product: string;
  /** Which one of its kind it is; empty if it says nothing. */
  serialNumber: string;
}

/** What is known of a serial port of the board itself. */
export interface BoardSerialPort {
  /** Path of the device, such as `/dev/ttyAMA0` or `/dev/ttyS0`. */
  path: string;
  /** Name that the system gives it, such as a Raspberry Pi's `/dev/serial0`; often none. */
  aliasPath: string | undefined;
}

/** A rule by which a port is taken for the microcontroller. */
export interface ControllerRule {
  /** What the rule looks at, for messages. */
  name: string;
  /** Whether a port is one. */
  matches(port: UsbSerialPort): boolean;
}

/** The rules; a port needs one of them. */
export const CONTROLLER_RULES: readonly ControllerRule[] = [
  {
    name: "manufacturer contains ARDUINO",
    matches: (port) => port.manufacturer.toUpperCase().includes("ARDUINO"),
  },
  {
    name: "CP210x of the NodeMCU-32S (10c4:ea60)",
    matches: (port) => port.vendorId === "10c4" && port.productId === "ea60",
  },
  {
    name: "Arduino Uno (2341:0043)",
    matches: (port) => port.vendorId === "2341" && port.productId === "0043",
  },
];

/** Where the kernel's and udev's folders are. */
export interface SerialDiscoveryOptions {
  /** Instead of `/sys`. */
  sysFolder?: string;
  /** Instead of `/dev`. */
  deviceFolder?: string;
}

/** The controller's port and the rule that found it. */
export interface FoundController {
  /** The port. */
  port: UsbSerialPort;
  /** The first rule that it matches. */
  rule: ControllerRule;
}

/** The sixty or so consoles that every machine has; asking each would take most of a search's time. */
const CONSOLE_NAME = /^tty\d*$/;

/** Names that Raspberry Pi OS gives to the board's ports; `serial0` is the one on the header. */
const BOARD_ALIASES = ["serial1", "serial0"];

/**
 * How far above a tty's device its USB device is: one step for `ttyACM` (the tty hangs on the USB
 * interface), two for `ttyUSB` (a port of its own is between), one more to be safe with hubs inside.
 */
const USB_DEVICE_STEPS = ["..", "../..", "../../.."];

/**
 * All serial ports on USB, by kind and number: `ttyACM0`, `ttyACM1`, `ttyACM10`, `ttyUSB0`.
 *
 * @throws {SerialPortError} if the C library may not be called.
 */
export function findUsbSerialPorts(options: SerialDiscoveryOptions = {}): UsbSerialPort[] {
  using libc = acquireLibc("auto");
  const classFolder = `${options.sysFolder ?? "/sys"}/class/tty`;
  const deviceFolder = options.deviceFolder ?? "/dev";
  const idPaths = readIdPaths(libc, deviceFolder);
  const ports: UsbSerialPort[] = [];
  for (const name of listFolder(libc, classFolder).sort(compareNames)) {
    if (CONSOLE_NAME.test(name)) continue;
    const usb = findUsbDevice(libc, `${classFolder}/${name}/device`);
    if (usb === undefined) continue;
    const attribute = (file: string) => readTextFile(libc, `${usb.folder}/${file}`)?.trim() ?? "";
    ports.push({
      path: `${deviceFolder}/${name}`,
      idPath: idPaths.get(name),
      vendorId: usb.vendorId,
      productId: attribute("idProduct").toLowerCase(),
      manufacturer: attribute("manufacturer"),
      product: attribute("product"),
      serialNumber: attribute("serial"),
    });
  }
  return ports;
}

/**
 * All serial ports of the board itself that have hardware behind them, by kind and number.
 *
 * @throws {SerialPortError} if the C library may not be called.
 */
export function findBoardSerialPorts(options: SerialDiscoveryOptions = {}): BoardSerialPort[] {
  using libc = acquireLibc("auto");
  const classFolder = `${options.sysFolder ?? "/sys"}/class/tty`;
  const deviceFolder = options.deviceFolder ?? "/dev";
  const aliases = new Map<string, string>();
  for (const alias of BOARD_ALIASES) {
    const target = readLink(libc, `${deviceFolder}/${alias}`);
    if (target !== undefined) aliases.set(baseName(target), `${deviceFolder}/${alias}`);
  }
  return listFolder(libc, classFolder).sort(compareNames).flatMap((name) => {
    if (CONSOLE_NAME.test(name) || !isBoardPort(libc, `${classFolder}/${name}`)) return [];
    return [{ path: `${deviceFolder}/${name}`, aliasPath: aliases.get(name) }];
  });
}

/**
 * Whether a tty is a UART of the board: the kernel gives a UART a `type`, which is 0 where a driver
 * reserves a name (`ttyS4` to `ttyS31` of a PC) and there is no hardware.
 */
function isBoardPort(libc: Libc, folder: string): boolean {
  const type = readTextFile(libc, `${folder}/type`)?.trim() ?? "";
  return /^[1-9]\d*$/.test(type) && findUsbDevice(libc, `${folder}/device`) === undefined;
}

/**
 * Picks the controller: the last port that matches a rule, as the original does.
 *
 * @returns `undefined` if none matches.
 */
export function chooseController(ports: readonly UsbSerialPort[]): FoundController | undefined {
  for (const port of ports.toReversed()) {
    const rule = CONTROLLER_RULES.find((candidate) => candidate.matches(port));
    if (rule !== undefined) return { port, rule };
  }
  return undefined;
}

/** A port in one line for messages: `/dev/ttyUSB0 (1a86:7523 QinHeng USB Serial)`. */
export function describePort(port: UsbSerialPort): string {
  const words = [`${port.vendorId}:${port.productId}`, port.manufacturer, port.product];
  return `${port.path} (${words.filter((word) => word !== "").join(" ")})`;
}

/** The folder of the USB device that a tty's device belongs to; `undefined` if it is on no USB. */
function findUsbDevice(
  libc: Libc,
  device: string,
): { folder: string; vendorId: string } | undefined {
  for (const steps of USB_DEVICE_STEPS) {
    const folder = `${device}/${steps}`;
    const vendorId = readTextFile(libc, `${folder}/idVendor`);
    if (vendorId !== undefined) return { folder, vendorId: vendorId.trim().toLowerCase() };
  }
  return undefined;
}

/** From `ttyACM0` to its path below `/dev/serial/by-id`. */
function readIdPaths(libc: Libc, deviceFolder: string): Map<string, string> {
  const folder = `${deviceFolder}/serial/by-id`;
  const paths = new Map<string, string>();
  for (const id of listFolder(libc, folder).sort()) {
    const target = readLink(libc, `${folder}/${id}`);
    if (target !== undefined) {
      paths.set(baseName(target), `${folder}/${id}`);
    }
  }
  return paths;
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** By the letters, then by the number at the end. */
function compareNames(left: string, right: string): number {
  const [, leftKind = "", leftNumber = ""] = /^(.*?)(\d*)$/.exec(left) ?? [];
  const [, rightKind = "", rightNumber = ""] = /^(.*?)(\d*)$/.exec(right) ?? [];
  if (leftKind !== rightKind) return leftKind < rightKind ? -1 : 1;
  return Number(leftNumber) - Number(rightNumber);
}
