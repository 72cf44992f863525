/**
 * What a service needs to open its serial port: the unit's devices and udev's rules.
 *
 * @module
 */

/** The lasting name that the rules give to the controller's port, below `/dev`. */
export const STABLE_NAME = "pulsebox-hev";

/** Boards that `serial:auto` looks for, as `net/serial/discovery.ts` has them; vendor, product. */
const BOARDS: readonly (readonly [vendor: string, product: string | undefined])[] = [
  // Every board that Arduino makes.
  ["2341", undefined],
  // CP210x of the NodeMCU-32S.
  ["10c4", "ea60"],
];
/** Serial adapters on USB get new numbers when they are plugged in again: all of them are meant. */
const USB_DEVICES = ["char-ttyACM", "char-ttyUSB"];

/** The devices for `DeviceAllow`; none without a serial port. */
export function serialDevices(source: string): string[] {
  if (!source.startsWith("serial:")) return [];
  const place = source.slice("serial:".length);
  if (/^\/dev\/tty(AMA|S)\d+$/.test(place)) return [place];
  return USB_DEVICES;
}

/** The rules, or undefined if no port on USB is meant. */
export function udevRules(source: string): string | undefined {
  if (serialDevices(source) !== USB_DEVICES) return undefined;
  const rules = BOARDS.map(([vendor, product]) =>
    [
      'SUBSYSTEM=="tty"',
      `ATTRS{idVendor}=="${vendor}"`,
      ...(product === undefined ? [] : [`ATTRS{idProduct}=="${product}"`]),
      `SYMLINK+="${STABLE_NAME}"`,
      'GROUP="dialout"',
      'MODE="0660"',
      // A modem manager would talk to the board.
      'ENV{ID_MM_DEVICE_IGNORE}="1"',
    ].join(", ")
  );
  return `# The controller is /dev/${STABLE_NAME}, wherever it is plugged in.\n${
    rules.join("\n")
  }\n`;
}
