/**
 * `pulsebox heartbeat-url`.
 *
 * @module
 */

import type { Invocation } from "../command.ts";
import type { HEARTBEAT_URL_FLAGS } from "../command_table.ts";
import { STATUS_DONE, STATUS_WRONG_USE } from "../exit_status.ts";

/** Where heartbeats go if nothing says otherwise. */
const HOST_DEFAULT = "127.0.0.1";
const PORT_DEFAULT = "8888";

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
  form: "commands" | "template",
): HeartbeatEnvironment {
  const bare = host.replace(/^\[(.*)\]$/, "$1");
  const base = `http://${bare.includes(":") ? `[${bare}]` : bare}:${port}`;
  const url = form === "commands"
    ? base
    : `${base}/heartbeat.html?container=${encodeURIComponent(app)}&next=%n`;
  return { HB_URL: url, HB_HOST: bare, HB_PORT: port, APP_ID: app };
}

/** Writes the variables, one `NAME=value` per line as containers read them from a file. */
export async function run(
  { values, positionals, environment, terminal }: Invocation<
    typeof HEARTBEAT_URL_FLAGS,
    undefined
  >,
): Promise<number> {
  const app = positionals[0] ?? "";
  const host = values.host ?? (environment.get("HB_HOST") || HOST_DEFAULT);
  const port = values.port ?? (environment.get("HB_PORT") || PORT_DEFAULT);
  const problems = [
    ...(/^[^\s/?#@]+$/.test(host) ? [] : [`The host is "${host}": must be a name or an address`]),
    ...(/^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535
      ? []
      : [`The port is "${port}": must be a port number, 1 to 65535`]),
    // deno-lint-ignore no-control-regex -- a line break would begin another variable
    ...(/[\u0000-\u001f\u007f]/.test(app) ? ["The name must have no control characters"] : []),
  ];
  if (problems.length > 0) {
    await terminal.complain(problems.map((problem) => `pulsebox: ${problem}\n`).join(""));
    return STATUS_WRONG_USE;
  }
  const form = values.template === true ? "template" : "commands";
  const variables = heartbeatEnvironment(app, host, port, form);
  await terminal.write(
    values.json === true
      ? `${JSON.stringify(variables)}\n`
      : Object.entries(variables).map(([name, value]) => `${name}=${value}\n`).join(""),
  );
  return STATUS_DONE;
}
