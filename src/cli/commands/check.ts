/**
 * `pulsebox check`.
 *
 * @module
 */

import { HilbertClient } from "../../clients/hilbert/client.ts";
import { HilbertError } from "../../clients/hilbert/error.ts";
import { SECOND_MS } from "../../core/clock.ts";
import { messageOf } from "../../core/message_of.ts";
import { readTrusted } from "../ca_file.ts";
import { checkFleet } from "./check/fleet.ts";
import { checkConsole } from "./check/console.ts";
import {
  judge,
  pluginLine,
  type Threshold,
  type Thresholds,
  unknown,
  unreachable,
} from "./check/verdict.ts";
import type { Verdict } from "./check/verdict.ts";
import type { Invocation } from "../command.ts";
import { heartbeatUrl } from "../heartbeat_place.ts";
import { parseDuration } from "../../appliance/settings/duration.ts";
import { parseNagiosRange } from "./check/nagios_range.ts";
import { type CHECK_FLAGS, refuseCheck } from "./check/flags.ts";

/** Plug-ins answer within ten seconds unless told otherwise. */
const TIMEOUT_MS_DEFAULT: number = 10 * SECOND_MS;
/** The longest time of `check --timeout`, in milliseconds. */
const TIMEOUT_MS_MAX = 2 ** 31 - 1;

/**
 * Asks, writes one line, and returns the matching status. A failure of our own is UNKNOWN: the exit
 * status of other failed commands would read as a WARNING about the application.
 */
export async function run(
  invocation: Invocation<typeof CHECK_FLAGS, "check">,
): Promise<number> {
  try {
    return await check(invocation);
  } catch (error) {
    const message = messageOf(error);
    const { line, status } = unknown(`Cannot check: ${message}`);
    await invocation.terminal.complain(`pulsebox: ${line}\n`);
    return status;
  }
}

async function check(
  invocation: Invocation<typeof CHECK_FLAGS, "check">,
): Promise<number> {
  const { values, positionals, environment, terminal } = invocation;
  if (values.version === true) {
    const version = await import("./version.ts");
    return await version.run({ ...invocation, values: { json: undefined }, settings: undefined });
  }
  const problems: string[] = [];
  const timeoutMs = readTimeout(values.timeout, problems);
  checkPort(values.port, problems);
  const thresholds = readThresholds(values, problems);
  const caCerts = await readTrusted(values.ca, invocation.settings.tlsCert, invocation).catch(
    (error: Error) => {
      problems.push(error.message);
      return [];
    },
  );
  if (problems.length > 0) return await refuseCheck(problems, invocation);
  if (values.fleet === true) {
    const verdict = await checkFleet(invocation, timeoutMs);
    await terminal.write(pluginLine(verdict.line));
    return verdict.status;
  }
  const { settings, sources } = invocation;
  const url = heartbeatUrl(values, settings, sources, environment);
  const client = new HilbertClient({ url, caCerts, timeoutMs });
  const app = positionals[0] ?? (environment.get("APP_ID") || undefined);
  if (values.verbose === true) {
    const subject = app === undefined ? "the station" : `"${app}"`;
    await terminal.complain(`Asking ${client.url} for ${subject}, at most ${timeoutMs} ms\n`);
  }
  const askHeartbeat = () => ask(client, app, thresholds);
  const verdict = app === undefined
    // Half of the time is left for the heartbeat port.
    ? await checkConsole(invocation, client.url, timeoutMs / 2, askHeartbeat)
    : await askHeartbeat();
  await terminal.write(pluginLine(verdict.line));
  return verdict.status;
}

async function ask(
  client: HilbertClient,
  app: string | undefined,
  thresholds: Thresholds,
): Promise<Verdict> {
  try {
    return judge(
      await (app === undefined ? client.status() : client.statusOnHost(app)),
      thresholds,
    );
  } catch (error) {
    if (!(error instanceof HilbertError)) throw error;
    // An unreachable server is CRITICAL, like a dead application. A timeout may only mean a slow
    // server, and wrong settings say nothing about it: UNKNOWN.
    const isUnknown = error.kind === "timeout" || error.kind === "settings";
    return isUnknown ? unknown(error.message) : unreachable(error.message);
  }
}

function readTimeout(text: string | undefined, problems: string[]): number {
  if (text === undefined) return TIMEOUT_MS_DEFAULT;
  const ms = /^\d{1,9}(?:\.\d{1,6})?$/.test(text) ? Number(text) * SECOND_MS : parseDuration(text);
  if (ms !== undefined && ms > 0 && ms <= TIMEOUT_MS_MAX) return ms;
  problems.push(`--timeout is "${text}": must be seconds, or a duration such as 500ms`);
  return TIMEOUT_MS_DEFAULT;
}

function checkPort(text: string | undefined, problems: string[]): void {
  if (text === undefined) return;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (port >= 1 && port <= 65_535) return;
  problems.push(`--port is "${text}": must be a port number, 1 to 65535`);
}

function readThresholds(
  values: { readonly warning: string | undefined; readonly critical: string | undefined },
  problems: string[],
): Thresholds {
  const warning = readThreshold("--warning", values.warning, problems);
  const critical = readThreshold("--critical", values.critical, problems);
  return {
    ...(warning === undefined ? {} : { warning }),
    ...(critical === undefined ? {} : { critical }),
  };
}

function readThreshold(
  flag: string,
  text: string | undefined,
  problems: string[],
): Threshold | undefined {
  if (text === undefined) return undefined;
  const range = parseNagiosRange(text);
  if (range !== undefined) return { text, range };
  problems.push(`${flag} is "${text}": must be a range such as 10, 10: or @10:20`);
  return undefined;
}
