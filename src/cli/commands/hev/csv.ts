/**
 * Values as a table for other programs: comma-separated, with units.
 *
 * @module
 */

import type { HevPacket } from "../../../wire/hev/packet_reader.ts";

/** Units that the protocol's documents name; it is silent about the others, and so is the table. */
const UNITS: readonly (readonly [name: RegExp, unit: string])[] = [
  [/^timestamp$/, "ms"],
  [/percent$/, "%"],
];

/** Makes lines of packets with measured values; the first packet decides which columns there are. */
export class CsvLines {
  #names: readonly string[] | undefined;
  #startAt = 0;

  /**
   * The text for a packet: a line, the first with a head above it; empty for other packets.
   *
   * @param now Milliseconds; monotonic.
   */
  add(packet: HevPacket, now: number): string {
    if (!("values" in packet) || (packet.dialect === "nul" && packet.type !== "DATA")) return "";
    const { values, alarms } = packet;
    let head = "";
    if (this.#names === undefined) {
      this.#names = Object.keys(values);
      this.#startAt = now;
      head = lineOf(["time [s]", ...this.#names.map(withUnit), "alarms"]);
    }
    const seconds = ((now - this.#startAt) / 1_000).toFixed(3);
    const names = alarms.map((alarm) => typeof alarm === "string" ? alarm : alarm.alarm_code);
    return head + lineOf([seconds, ...this.#names.map((name) => values[name]), names.join(" ")]);
  }
}

function withUnit(name: string): string {
  const unit = UNITS.find(([pattern]) => pattern.test(name))?.[1];
  return unit === undefined ? name : `${name} [${unit}]`;
}

/** As RFC 4180 has it, but for the line end, which is that of the system. */
function lineOf(cells: readonly unknown[]): string {
  const texts = cells.map((cell) => {
    const text = cell === undefined || cell === null ? "" : String(cell);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  });
  return `${texts.join(",")}\n`;
}
