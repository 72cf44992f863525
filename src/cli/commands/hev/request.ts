/**
 * `pulsebox hev cmd` and `pulsebox hev ack`.
 *
 * @module
 */

import type { HevAlarm } from "../../../clients/hev/client.ts";
import { askHev } from "../../../clients/hev/query.ts";
import { messageOf } from "../../../core/message_of.ts";
import { STATUS_DONE, STATUS_FAILED, STATUS_WRONG_USE } from "../../exit_status.ts";
import type { HevInvocation, HevPlan, HevTool } from "./tool.ts";

const TIMEOUT_MS = 5_000;

/** Sends a command; status 1 if the server refuses it. */
export const cmd: HevTool = async (call, plan, signal) => {
  const [cmdtype = "", name = "", text] = call.positionals;
  const param = text === undefined ? null : Number(text);
  if (param !== null && !Number.isFinite(param)) {
    await call.terminal.complain(`pulsebox: PARAM is "${text}": must be a number\n`);
    return STATUS_WRONG_USE;
  }
  return await ask(call, plan, signal, { type: "cmd", cmdtype, cmd: name, param });
};

/** Acknowledges an alarm; status 1 if the server refuses, since it is not listed. */
export const ack: HevTool = async (call, plan, signal) => {
  const [name = "", priority] = call.positionals;
  const alarm: HevAlarm = priority === undefined
    ? name
    : { alarm_type: priority, alarm_code: name };
  const request = typeof alarm === "string"
    ? { type: "alarm", ack: alarm }
    : { type: "ALARM", ...alarm, param: null };
  return await ask(call, plan, signal, request);
};

async function ask(
  { terminal, values }: HevInvocation,
  { hostname, queryPort }: HevPlan,
  signal: AbortSignal,
  request: { readonly type: string; readonly [field: string]: unknown },
): Promise<number> {
  const dialect = request.type === "ALARM" ? "nul" : "seed";
  try {
    const { isTaken, reason } = await askHev({ ...request, reason: true }, {
      hostname,
      port: queryPort,
      dialect,
      timeoutMs: TIMEOUT_MS,
      signal,
    });
    const reply = isTaken ? "ack" : "nack";
    await terminal.write(
      values.json === true ? `${JSON.stringify({ reply, reason })}\n` : `${reply}\n`,
    );
    if (reason !== undefined) await terminal.complain(`pulsebox: ${reason}\n`);
    return isTaken ? STATUS_DONE : STATUS_FAILED;
  } catch (error) {
    if (signal.aborted) return STATUS_FAILED;
    await terminal.complain(`pulsebox: ${messageOf(error)}\n`);
    return STATUS_FAILED;
  }
}
