/**
 * `pulsebox hev values` and `pulsebox hev watch`.
 *
 * @module
 */

import { HevClient } from "../../../clients/hev/client.ts";
import { inBackground } from "../../../net/background.ts";
import { Patience } from "../../../net/timer.ts";
import type { HevPacket } from "../../../wire/hev/packet_reader.ts";
import { STATUS_DONE, STATUS_FAILED } from "../../exit_status.ts";
import type { Terminal } from "../../terminal.ts";
import { tabulate } from "../../wrap.ts";
import { CsvLines } from "./csv.ts";
import type { HevPlan, HevTool } from "./tool.ts";

/**
 * How long `values` waits for the first values, in milliseconds: the slowest servers send every
 * second.
 */
const FIRST_PACKET_MS = 5_000;
/** What `watch` shows of the values; the rest is in `values` and in `--json`. */
const WATCHED_KEYS = ["fsm_state", "pressure_buffer", "pressure_inhale", "pressure_patient"];

/** Writes the values that arrive first, and the alarms. */
export const values: HevTool = async (call, plan, signal) => {
  using patience = new Patience(FIRST_PACKET_MS, signal);
  await using client = clientOf(plan, patience.signal, call.terminal);
  for await (const packet of client.packets()) {
    const shown = client.values();
    if (shown === undefined) continue;
    if (call.values.json === true) {
      await call.terminal.write(
        `${JSON.stringify({ values: shown, alarms: client.alarms() })}\n`,
      );
    } else {
      const rows = Object.entries(shown).map(([name, value]) => [name, String(value)]);
      await call.terminal.write(tabulate([...rows, ["alarms", alarmsOf(packet)]]));
    }
    return STATUS_DONE;
  }
  // Ended by --for or a signal, it has shown nothing either.
  const within = signal.aborted ? "" : ` within ${FIRST_PACKET_MS / 1000} s`;
  await call.terminal.complain(`pulsebox: No values arrived${within}\n`);
  return STATUS_FAILED;
};

/** Writes one line for each packet. */
export const watch: HevTool = async (call, plan, signal) => {
  await using client = clientOf(plan, signal, call.terminal);
  const csv = call.values.csv === true ? new CsvLines() : undefined;
  let packets = 0;
  for await (const packet of client.packets()) {
    if (!("values" in packet)) continue;
    const text = csv === undefined
      ? `${call.values.json === true ? packet.text : lineOf(packet)}\n`
      : csv.add(packet, performance.now());
    if (text === "") continue;
    await call.terminal.write(text);
    if (++packets === plan.count) break;
  }
  if (packets > 0) return STATUS_DONE;
  await call.terminal.complain("pulsebox: No values arrived\n");
  return STATUS_FAILED;
};

/** A client that tells of its connection. */
export function clientOf(
  { hostname, port, queryPort }: HevPlan,
  signal: AbortSignal,
  terminal: Terminal,
): HevClient {
  let wasDown = false;
  return new HevClient({
    hostname,
    port,
    queryPort,
    signal,
    onStatus: (status) => {
      if (status.type === "failed") return;
      const words = status.type === "down"
        ? status.error.message
        : `Connected to ${status.peer} again`;
      if (status.type === "down" || wasDown) {
        inBackground(terminal.complain(`pulsebox: ${words}\n`));
      }
      wasDown = status.type === "down";
    },
  });
}

function lineOf(packet: Extract<HevPacket, { values: unknown }>): string {
  const type = packet.dialect === "seed" ? "DATA" : packet.type;
  const shown = WATCHED_KEYS.filter((key) => packet.values[key] !== undefined)
    .map((key) => `${key}=${String(packet.values[key])}`);
  return [type, ...shown, `alarms=${alarmsOf(packet)}`].join(" ");
}

function alarmsOf(packet: HevPacket): string {
  if (!("values" in packet)) return "";
  const names = packet.dialect === "seed"
    ? packet.alarms
    : packet.alarms.map((alarm) => alarm.alarm_code);
  return names.length === 0 ? "none" : names.join(",");
}
