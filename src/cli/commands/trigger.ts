/**
 * `pulsebox trigger …`: the phones that a running host wakes.
 *
 * @module
 */

import type { PhoneInfo } from "../../clients/console.ts";
import { isAddress, parseHost, withoutZone } from "../../wire/url/place.ts";
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
  const address = text === undefined ? undefined : canonicalAddress(text);
  if (action !== "list" || (text !== undefined && address === undefined)) {
    const problem = action === "list"
      ? `"${text}" is no IP address`
      : `"${action}" is no action: write list; pulsebox --trigger runs the role`;
    await terminal.complain(`pulsebox: ${problem}\nTry: pulsebox help trigger\n`);
    return STATUS_WRONG_USE;
  }
  const client = await consoleClientOf(values, settings, invocation);
  const phones = await client.phones(address);
  if (values.json === true) await terminal.write(`${JSON.stringify({ phones })}\n`);
  else if (phones.length > 0) await terminal.write(renderPhones(phones));
  if (phones.length > 0 || address === undefined) {
    if (phones.length === 0) await terminal.complain("No phone is registered\n");
    return STATUS_DONE;
  }
  await terminal.complain(`pulsebox: ${address} is not registered\n`);
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

/** An address in the host's form; undefined if the text is not an address. */
function canonicalAddress(text: string): string | undefined {
  const host = parseHost(text);
  if (host === undefined || !isAddress(host)) return undefined;
  const address = withoutZone(host);
  return address.includes(":") ? new URL(`http://[${address}]`).hostname.slice(1, -1) : address;
}
