/**
 * Serial ports on Linux in the shape of Web Serial, without a native add-on.
 *
 * ```ts ignore
 * import { serial } from "@pulsebox/pulsebox/serial";
 *
 * const [port] = await serial.getPorts();
 * await using _ = port;
 * await port.open({ baudRate: 115_200 });
 * for await (const text of port.readable.pipeThrough(new TextDecoderStream())) console.log(text);
 * ```
 *
 * Needs the permission `--allow-ffi`, a 64-bit Linux and its GNU C library.
 *
 * @module
 */

export { serial } from "../src/clients/serial/serial.ts";
export type { Serial } from "../src/clients/serial/serial.ts";
export { SerialPort } from "../src/clients/serial/port.ts";
export type { SerialPortInfo } from "../src/clients/serial/port.ts";
export type { SerialOptions } from "../src/clients/serial/options.ts";
export type { SerialInputSignals, SerialOutputSignals } from "../src/clients/serial/signals.ts";
