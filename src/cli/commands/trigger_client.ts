/**
 * `pulsebox trigger-client`: simulates phones and measures how regularly they are woken.
 *
 * @module
 */

import {
  TriggerCrowd,
  type TriggerCrowdFigures,
  type TriggerCrowdOptions,
} from "../../clients/trigger/crowd.ts";
import { HOUR_MS, MINUTE_MS, SECOND_MS } from "../../core/clock.ts";
import { inBackground } from "../../net/background.ts";
import { TIX_PORT } from "../../wire/tix/datagram.ts";
import { hostAndPort, parsePlace } from "../../wire/url/place.ts";
import type { Invocation } from "../command.ts";
import { DURATION_FORM, parseDuration } from "../../appliance/settings/duration.ts";
import { STATUS_DONE, STATUS_FAILED, STATUS_WRONG_USE } from "../exit_status.ts";
import type { TRIGGER_CLIENT_FLAGS } from "./trigger_client_flags.ts";

/** The most simulated phones in one process: each needs a socket, and systems limit these. */
const COUNT_MAX = 50_000;
const EVERY_MS_DEFAULT = 10 * SECOND_MS;
const LEASE_MS_DEFAULT = 2 * MINUTE_MS;
const FOREVER_MS = 24 * HOUR_MS * 365;
type Call = Invocation<typeof TRIGGER_CLIENT_FLAGS, undefined>;

/** Runs phones until `--for` ends or a signal comes; status 1 if none was ever woken. */
export async function run(call: Call): Promise<number> {
  const plan = readPlan(call);
  if (typeof plan === "string") {
    await call.terminal.complain(`pulsebox: ${plan}\nTry: pulsebox help trigger-client\n`);
    return STATUS_WRONG_USE;
  }
  await using crowd = new TriggerCrowd(plan);
  const end = () => crowd.end();
  Deno.addSignalListener("SIGINT", end);
  Deno.addSignalListener("SIGTERM", end);
  const report = async () => {
    const figures = crowd.figures();
    const isJson = call.values.json === true;
    await call.terminal.write(`${isJson ? JSON.stringify(figures) : lineOf(figures)}\n`);
  };
  try {
    await crowd.run(plan, report, (message) => {
      inBackground(call.terminal.complain(`pulsebox: ${message}\n`));
    });
    await report();
  } finally {
    Deno.removeSignalListener("SIGINT", end);
    Deno.removeSignalListener("SIGTERM", end);
  }
  if (crowd.figures().pings > 0) return STATUS_DONE;
  const place = hostAndPort(plan);
  await call.terminal.complain(
    `pulsebox: No ping arrived from udp ${place}; is pulsebox --trigger running there?\n`,
  );
  return STATUS_FAILED;
}

/** What is to be simulated; times in milliseconds. */
interface Plan extends TriggerCrowdOptions {
  readonly forMs: number;
  readonly everyMs: number;
}

function readPlan({ positionals, values }: Call): Plan | string {
  const text = positionals[0] ?? "";
  const place = parsePlace(text);
  if (typeof place === "string") return `Cannot use "${text}": ${place}`;
  const { scheme, hostname, port = TIX_PORT, target } = place;
  if (scheme !== undefined || target !== "" || port === 0) {
    return `Cannot use "${text}": must be HOST or HOST:PORT`;
  }
  const count = values.count === undefined ? 1 : Number(values.count);
  if (!(Number.isInteger(count) && count >= 1 && count <= COUNT_MAX)) {
    return `--count is "${values.count}": must be a whole number, 1 to ${COUNT_MAX}`;
  }
  const times = { for: FOREVER_MS, every: EVERY_MS_DEFAULT, lease: LEASE_MS_DEFAULT };
  for (const name of ["for", "every", "lease"] as const) {
    const given = values[name];
    if (given === undefined) continue;
    const ms = parseDuration(given);
    if (ms === undefined || ms < SECOND_MS) {
      return `--${name} is "${given}": must be ${DURATION_FORM}, at least 1s`;
    }
    times[name] = ms;
  }
  return { hostname, port, count, forMs: times.for, everyMs: times.every, leaseMs: times.lease };
}

function lineOf(figures: TriggerCrowdFigures): string {
  const { clients, woken, pings, meanMs, offP50Ms, offP99Ms, offMaxMs, lost } = figures;
  const cadence = meanMs === null
    ? ""
    : `, every ${meanMs.toFixed(2)} ms, off by p50 ${offP50Ms.toFixed(1)} p99 ` +
      `${offP99Ms.toFixed(1)} max ${offMaxMs.toFixed(1)} ms, ${lost} lost`;
  return `${woken} of ${clients} woken, ${pings} pings${cadence}`;
}
