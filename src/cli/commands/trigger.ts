/**
 * `pulsebox trigger …`: the phones that a running host wakes.
 *
 * @module
 */

import type { PhoneInfo } from "../../clients/console.ts";
import { isAddress, parsePlace, withoutZone } from "../../wire/url/place.ts";
import type { Invocation } from "../command.ts";
import type { TRIGGER_FLAGS } from "./flags.ts";
import { consoleClientOf } from "../console_place.ts";
import { STATUS_DONE, STATUS_FAILED, STATUS_WRONG_USE } from "../exit_status.ts";
import { formatDuration } from "../../appliance/settings/duration.ts";
import { tabulate } from "../wrap.ts";

/** Lists the phones; status 1 if the requested phone is not registered. */
export async function run(
  invocation: Invocation<typeof TRIGGER_FLAGS, "console">,
): Promise<number> {
  const { values, settings, positionals: [action, text], terminal } = invocation;
  const { address, port } = text === undefined ? NO_PHONE : phoneOf(text);
  if (action !== "list" || (text !== undefined && address === undefined)) {
    const problem = action === "list"
      ? `"${text}" is no IP address, alone or with a port: 10.0.0.40:7562`
      : `"${action}" is no action: write list; pulsebox --trigger runs the role`;
    await terminal.complain(`pulsebox: ${problem}\nTry: pulsebox help trigger\n`);
    return STATUS_WRONG_USE;
  }
  const client = await consoleClientOf(values, settings, invocation);
  const all = await client.phones(address);
  const phones = port === undefined ? all : all.filter((phone) => phone.port === port);
  if (values.json === true) await terminal.write(`${JSON.stringify({ phones })}\n`);
  else if (phones.length > 0) await terminal.write(renderPhones(phones));
  if (phones.length > 0 || address === undefined) {
    if (phones.length === 0) await terminal.complain("No phone is registered\n");
    return STATUS_DONE;
  }
  await terminal.complain(`pulsebox: ${text} is not registered\n`);
  return STATUS_FAILED;
}

function renderPhones(phones: readonly PhoneInfo[]): string {
  return tabulate([
    ["ADDRESS", "PORT", "REGISTERED", "UNTIL"],
    ...phones.map(({ address, port, registeredMs, leftMs }) => [
      address,
      String(port),
      `${inSeconds(registeredMs)} ago`,
      `in ${inSeconds(leftMs)}`,
    ]),
  ]);
}

function inSeconds(ms: number): string {
  return formatDuration(Math.floor(ms / 1_000) * 1_000);
}

/** A phone as somebody writes it. */
interface WrittenPhone {
  /** In the host's form; undefined if the text is no address. */
  readonly address: string | undefined;
  /** Undefined if any port is meant. */
  readonly port: number | undefined;
}

const NO_PHONE: WrittenPhone = { address: undefined, port: undefined };

function phoneOf(text: string): WrittenPhone {
  const place = parsePlace(text);
  if (typeof place === "string" || !isAddress(place.hostname)) return NO_PHONE;
  if (place.scheme !== undefined || place.target !== "") return NO_PHONE;
  const address = withoutZone(place.hostname);
  const isV6 = address.includes(":");
  return {
    address: isV6 ? new URL(`http://[${address}]`).hostname.slice(1, -1) : address,
    port: place.port,
  };
}
