/**
 * Checks serial ports: do they exist, and may this user open them.
 *
 * @module
 */

import { messageOf } from "../../core/message_of.ts";
import { mayOpen } from "../../net/libc/kernel_facts.ts";
import { chooseController, describePort, findUsbSerialPorts } from "../../net/serial/discovery.ts";
import { fail, type Finding, ok, warn } from "./finding.ts";

const TOPIC = "serial port";

/**
 * Checks the port of a source of values.
 *
 * @param source The value of `--hev-source`.
 */
export function examineSerial(source: string): Finding[] {
  if (!source.startsWith("serial:")) return [];
  const place = source.slice("serial:".length);
  try {
    if (place !== "auto") return [examinePath(place)];
    const ports = findUsbSerialPorts();
    const found = chooseController(ports);
    if (found !== undefined) return [examinePath(found.port.path, describePort(found.port))];
    if (ports.length === 0) {
      return [warn(TOPIC, "there is none on USB", "plug the controller in")];
    }
    const names = ports.map(describePort).join(", ");
    return [
      warn(TOPIC, `no controller among ${names}`, "name the port: --hev-source serial:PATH"),
    ];
  } catch (error) {
    const text = messageOf(error);
    return [fail(TOPIC, text, "use a system with glibc, such as Debian")];
  }
}

function examinePath(path: string, name: string = path): Finding {
  return mayOpen(path) ? ok(TOPIC, `${name} may be opened`) : fail(
    TOPIC,
    `${name} is not there or may not be opened`,
    "plug the controller in; then sudo usermod -aG dialout $USER, and log in again",
  );
}
