/**
 * `pulsebox heartbeat-url`.
 *
 * @module
 */

import { formatHost, parseHost } from "../../wire/url/place.ts";
import type { Invocation } from "../command.ts";
import type { HEARTBEAT_URL_FLAGS } from "./flags.ts";
import { heartbeatPlace } from "../heartbeat_place.ts";
import { STATUS_DONE, STATUS_WRONG_USE } from "../exit_status.ts";

/** Variables for a program that sends heartbeats to a server. */
export interface HeartbeatEnvironment {
  readonly HB_URL: string;
  readonly HB_HOST: string;
  readonly HB_PORT: string;
  readonly APP_ID: string;
}

/**
 * Makes the variables. With the template form, `HB_URL` is one address in which the program puts the
 * milliseconds until its next heartbeat in place of `%n`.
 */
export function heartbeatEnvironment(
  app: string,
  host: string,
  port: string,
  { scheme, form }: { scheme: "http" | "https"; form: "commands" | "template" },
): HeartbeatEnvironment {
  const base = `${scheme}://${formatHost(host)}:${port}`;
  const url = form === "commands"
    ? base
    : `${base}/heartbeat.html?container=${encodeURIComponent(app)}&next=%n`;
  return { HB_URL: url, HB_HOST: host, HB_PORT: port, APP_ID: app };
}

/** Writes the variables, one `NAME=value` per line as containers read them from a file. */
export async function run(
  { values, settings, sources, positionals, environment, terminal }: Invocation<
    typeof HEARTBEAT_URL_FLAGS,
    "heartbeat"
  >,
): Promise<number> {
  const app = positionals[0] ?? "";
  const { scheme, host: hostText, port } = heartbeatPlace(values, settings, sources, environment);
  const host = parseHost(hostText);
  const problems = [
    ...(host === undefined ? [`The host is "${hostText}": must be a name or an address`] : []),
    ...(/^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535
      ? []
      : [`The port is "${port}": must be a port number, 1 to 65535`]),
    // deno-lint-ignore no-control-regex -- a line break would begin another variable
    ...(/[\u0000-\u001f\u007f]/.test(app) ? ["The name must have no control characters"] : []),
  ];
  if (host === undefined || problems.length > 0) {
    await terminal.complain(problems.map((problem) => `pulsebox: ${problem}\n`).join(""));
    return STATUS_WRONG_USE;
  }
  const form = values.template === true ? "template" : "commands";
  const variables = heartbeatEnvironment(app, host, port, { scheme, form });
  await terminal.write(
    values.json === true
      ? `${JSON.stringify(variables)}\n`
      : Object.entries(variables).map(([name, value]) => `${name}=${value}\n`).join(""),
  );
  return STATUS_DONE;
}
