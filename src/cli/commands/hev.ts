/**
 * `pulsebox hev …`: tools around a HEV server.
 *
 * @module
 */

import { Timer } from "../../net/timer.ts";
import { DURATION_FORM, parseDuration } from "../../appliance/settings/duration.ts";
import { STATUS_WRONG_USE } from "../exit_status.ts";
import { didYouMean } from "../suggest.ts";
import { HEV_ACTIONS, HEV_FLAGS, RECORD_FORMATS } from "./hev/flags.ts";
import type { HevInvocation, HevPlan, HevTool } from "./hev/tool.ts";

type Action = typeof HEV_ACTIONS[number];

/** Each is loaded only when it is needed. */
const TOOLS: Readonly<Record<Action, () => Promise<HevTool>>> = {
  values: async () => (await import("./hev/values.ts")).values,
  watch: async () => (await import("./hev/values.ts")).watch,
  cmd: async () => (await import("./hev/request.ts")).cmd,
  ack: async () => (await import("./hev/request.ts")).ack,
  record: async () => (await import("./hev/record.ts")).record,
  replay: async () => (await import("./hev/replay.ts")).replay,
  emulate: async () => (await import("./hev/emulate.ts")).emulate,
};

/** How many words follow each action, at least and at most. */
const ARGUMENTS: Readonly<Record<Action, readonly [min: number, max: number, usage: string]>> = {
  values: [0, 0, ""],
  watch: [0, 0, ""],
  cmd: [2, 3, "TYPE COMMAND [PARAM]"],
  ack: [1, 2, "ALARM [PRIORITY]"],
  record: [1, 1, "FILE"],
  replay: [1, 1, "FILE"],
  emulate: [0, 1, "[-f FILE] [--tty PATH]"],
};

/** Runs the tool that the first word names. */
export async function run(call: HevInvocation): Promise<number> {
  const [word = "", ...words] = call.positionals;
  const action = HEV_ACTIONS.find((known) => known === word);
  const problem = action === undefined
    ? `Unknown action "${word}"${
      didYouMean(word, HEV_ACTIONS) || `: must be one of ${HEV_ACTIONS.join(", ")}`
    }`
    : problemOfWords(action, words);
  const plan = planOf(call);
  if (action === undefined || problem !== undefined || typeof plan === "string") {
    await call.terminal.complain(
      `pulsebox: ${problem ?? String(plan)}\nTry: pulsebox help hev\n`,
    );
    return STATUS_WRONG_USE;
  }
  const ending = new AbortController();
  const end = () => ending.abort();
  Deno.addSignalListener("SIGINT", end);
  Deno.addSignalListener("SIGTERM", end);
  const timer = Timer.after(plan.forMs, end);
  try {
    const tool = await TOOLS[action]();
    return await tool({ ...call, positionals: words }, plan, ending.signal);
  } finally {
    timer.stop();
    Deno.removeSignalListener("SIGINT", end);
    Deno.removeSignalListener("SIGTERM", end);
  }
}

function problemOfWords(action: Action, words: readonly string[]): string | undefined {
  const [min, max, usage] = ARGUMENTS[action];
  if (words.length >= min && words.length <= max) return undefined;
  return `Write: pulsebox hev ${action} ${usage}`.trimEnd();
}

function planOf(call: HevInvocation): HevPlan | string {
  const { values } = call;
  const port = portOf(call, "port", "hevWebPort");
  if (typeof port === "string") return port;
  const queryPort = portOf(call, "queryPort", "hevQueryPort");
  if (typeof queryPort === "string") return queryPort;
  const count = values.count === undefined ? Infinity : Number(values.count);
  if (count !== Infinity && !(Number.isInteger(count) && count > 0)) {
    return `--count is "${values.count}": must be a whole number, 1 or more`;
  }
  const forMs = values.for === undefined ? Infinity : parseDuration(values.for);
  if (forMs === undefined) return `--for is "${values.for}": must be ${DURATION_FORM}`;
  const speed = Number(values.speed ?? 1);
  if (!(speed > 0 && speed < Infinity)) {
    return `--speed is "${values.speed}": must be a number, more than 0`;
  }
  const format = RECORD_FORMATS.find((known) => known === (values.format ?? RECORD_FORMATS[0]));
  if (format === undefined) {
    return `--format is "${values.format}": must be one of ${RECORD_FORMATS.join(", ")}`;
  }
  const hostname = values.host ?? call.settings.hevHost;
  return { hostname, port, queryPort, count, forMs, format, speed };
}

/** A port from its flag or from the setting of a host on this machine. */
function portOf(
  { values, settings }: HevInvocation,
  key: "port" | "queryPort",
  setting: "hevWebPort" | "hevQueryPort",
): number | string {
  const text = values[key];
  if (text === undefined) return settings[setting];
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  return port <= 65_535
    ? port
    : `--${HEV_FLAGS[key].flag} is "${text}": must be a port number, 0 to 65535`;
}
