/**
 * Plans what `pulsebox beat` does, from its flags and the variables of the Hilbert wrapper.
 *
 * @module
 */

import type { LostAfter } from "../../../core/lost_after.ts";
import { LOST_RATIO, MARGIN_MS } from "../../../wire/hilbert/replies.ts";
import {
  DURATION_FORM,
  formatDuration,
  parseDuration,
} from "../../../appliance/settings/duration.ts";
import { LOST_AFTER_FORM, readLostAfter } from "../../../appliance/settings/lost_after_type.ts";
import type { Environment } from "../../settings/settings.ts";

/** The heartbeats of one program. Times are milliseconds. */
export interface BeatPlan {
  readonly sendInit: boolean;
  readonly initMs: number;
  readonly sendPing: boolean;
  readonly intervalMs: number;
  /** The silence after which the program is lost; undefined to let the server decide. */
  readonly lostAfter: LostAfter | undefined;
  readonly sendDone: boolean;
  readonly doneMs: number;
}

/** Flags that a plan is made of. */
export interface BeatFlagValues {
  readonly init: string | undefined;
  readonly interval: string | undefined;
  readonly lostAfter: string | undefined;
  readonly noInit: boolean | undefined;
  readonly noPing: boolean | undefined;
  readonly noDone: boolean | undefined;
}

/** A plan, the caller's mistakes, and what deserves only a warning. */
export interface PlannedBeat {
  readonly plan: BeatPlan;
  /** Wrong flags: nothing may start. */
  readonly problems: readonly string[];
  /** Wrong variables: the program starts all the same, with defaults. */
  readonly warnings: readonly string[];
}

const INIT_MS_DEFAULT = 10_000;
const INTERVAL_MS_DEFAULT = 9_000;
const DONE_MS_DEFAULT = 0;
/** Longest delay that is announced: a year. */
const DELAY_MS_MAX = 31_536_000_000;

/**
 * Makes the plan. A flag wins over its variable. Only the exact text `true` turns on init and done, only
 * the exact text `false` turns off pings, as in the original (specs, section 16).
 */
export function planBeat(flags: BeatFlagValues, environment: Environment): PlannedBeat {
  const problems: string[] = [];
  const warnings: string[] = [];
  const read = (name: string): string | undefined => environment.get(name) || undefined;
  const delay = (flag: string, text: string | undefined, name: string, byDefault: number) =>
    text === undefined
      ? delayOfVariable(name, read(name), byDefault, warnings)
      : delayOfFlag(flag, text, byDefault, problems);
  const plan: BeatPlan = {
    sendInit: flags.noInit !== true && (read("HB_SEND_INIT") ?? "true") === "true",
    initMs: delay("--init", flags.init, "HB_INIT_TIMEOUT", INIT_MS_DEFAULT),
    sendPing: flags.noPing !== true && read("HB_SEND_PING") !== "false",
    intervalMs: delay("--interval", flags.interval, "HB_PING_INTERVAL", INTERVAL_MS_DEFAULT),
    lostAfter: lostAfterOfFlag(flags.lostAfter, problems),
    sendDone: flags.noDone !== true && (read("HB_SEND_DONE") ?? "true") === "true",
    doneMs: delay("", undefined, "HB_DONE_TIMEOUT", DONE_MS_DEFAULT),
  };
  return { plan, problems, warnings };
}

/**
 * Says after how much silence the program is lost.
 *
 * @param url Of the server.
 */
export function describePlan(
  { intervalMs, lostAfter }: BeatPlan,
  app: string,
  url: string,
): string {
  const promiseMs = intervalMs + MARGIN_MS;
  const { unit, value } = lostAfter ?? { unit: "promises", value: LOST_RATIO };
  const silenceMs = unit === "promises" ? value * promiseMs : Math.max(value, promiseMs);
  return `"${app}" sends a heartbeat to ${url} every ${
    formatDuration(intervalMs)
  }; it is lost after ` +
    `${formatDuration(silenceMs)} of silence, unless --lost-after of the server says otherwise`;
}

/** The variables for the program, so that its own wrappers agree with us. */
export function variablesOf(plan: BeatPlan): Record<string, string> {
  return {
    HB_SEND_INIT: String(plan.sendInit),
    HB_INIT_TIMEOUT: String(plan.initMs),
    HB_SEND_PING: String(plan.sendPing),
    HB_PING_INTERVAL: String(plan.intervalMs),
    HB_SEND_DONE: String(plan.sendDone),
    HB_DONE_TIMEOUT: String(plan.doneMs),
  };
}

function delayOfFlag(flag: string, text: string, byDefault: number, problems: string[]): number {
  const ms = parseDuration(text);
  if (ms !== undefined && ms <= DELAY_MS_MAX) return Math.ceil(ms);
  problems.push(`${flag} is "${text}": must be ${DURATION_FORM}`);
  return byDefault;
}

function lostAfterOfFlag(text: string | undefined, problems: string[]): LostAfter | undefined {
  if (text === undefined) return undefined;
  const lostAfter = readLostAfter(text);
  if (lostAfter === undefined) {
    problems.push(`--lost-after is "${text}": must be ${LOST_AFTER_FORM}`);
  }
  return lostAfter;
}

function delayOfVariable(
  name: string,
  text: string | undefined,
  byDefault: number,
  warnings: string[],
): number {
  if (text === undefined) return byDefault;
  const ms = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
  if (ms <= DELAY_MS_MAX) return ms;
  warnings.push(`${name} is "${text}": must be milliseconds in digits, taking ${byDefault}`);
  return byDefault;
}
