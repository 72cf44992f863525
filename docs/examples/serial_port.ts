/**
 * Talks to an Arduino: sends one line, prints what it answers.
 *
 *     deno run --allow-ffi serial_port.ts /dev/ttyACM0
 *
 * Without a path it takes the first port that the machine has.
 */

import { serial, SerialPort } from "@pulsebox/pulsebox/serial";

const [path] = Deno.args;
const port = path === undefined ? (await serial.getPorts())[0] : new SerialPort(path);
if (port === undefined) throw new Error("This machine has no serial port");

await using _ = port;
await port.open({ baudRate: 115_200, resetOnOpen: false });

const writer = port.writable?.getWriter();
await writer?.write(new TextEncoder().encode("hello\n"));
await port.drain();

const lines = port.readable?.pipeThrough(new TextDecoderStream());
for await (const text of lines ?? []) {
  console.log(text.trim());
  break;
}
