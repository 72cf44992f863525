/**
 * `pulsebox trigger-client`: phones that are woken, and how regularly.
 *
 * @module
 */

import { Cadence } from "../../clients/trigger_cadence.ts";
import { TriggerClient } from "../../clients/trigger.ts";
import { HOUR_MS, MINUTE_MS, SECOND_MS } from "../../core/clock.ts";
import { Alarm } from "../../net/alarm.ts";
import { TIX_PORT } from "../../wire/tix/datagram.ts";
import type { Invocation } from "../command.ts";
import { DURATION_FORM, parseDuration } from "../duration.ts";
import { STATUS_DONE, STATUS_FAILED, STATUS_WRONG_USE } from "../exit_status.ts";
import { parseHostPort } from "../host_port.ts";
import type { TRIGGER_CLIENT_FLAGS } from "./trigger_client_flags.ts";

/** Simulated phones of one process: each has a socket, and systems allow so many. */
const COUNT_MAX = 50_000;
const EVERY_MS_DEFAULT = 10 * SECOND_MS;
const LEASE_MS_DEFAULT = 2 * MINUTE_MS;
const FOREVER_MS = 24 * HOUR_MS * 365;
/** Phones register one after the other at this pace, as real ones do not come all at once. */
const STARTS_AT_ONCE = 200;
const START_PAUSE_MS = 20;

type Call = Invocation<typeof TRIGGER_CLIENT_FLAGS, undefined>;

/** Runs phones until the time is over or a signal comes; status 1 if none was ever woken. */
export async function run(call: Call): Promise<number> {
  const plan = readPlan(call);
  if (typeof plan === "string") {
    await call.terminal.complain(`pulsebox: ${plan}\nTry: pulsebox help trigger-client\n`);
    return STATUS_WRONG_USE;
  }
  using crowd = new Crowd(plan);
  const end = () => crowd.end();
  Deno.addSignalListener("SIGINT", end);
  Deno.addSignalListener("SIGTERM", end);
  try {
    const report = async () => {
      const figures = crowd.figures();
      await call.terminal.write(
        call.values.json === true ? `${JSON.stringify(figures)}\n` : `${lineOf(figures)}\n`,
      );
    };
    await crowd.run(report, (message) => call.terminal.complain(`pulsebox: ${message}\n`));
  } finally {
    Deno.removeSignalListener("SIGINT", end);
    Deno.removeSignalListener("SIGTERM", end);
  }
  return crowd.figures().pings > 0 ? STATUS_DONE : STATUS_FAILED;
}

/** What is to be simulated; times in milliseconds. */
interface Plan {
  readonly hostname: string;
  readonly port: number;
  readonly count: number;
  readonly forMs: number;
  readonly everyMs: number;
  readonly leaseMs: number;
}

function readPlan({ positionals, values }: Call): Plan | string {
  const text = positionals[0] ?? "";
  const place = parseHostPort(text, TIX_PORT);
  if (place === undefined) return `Cannot use "${text}": must be HOST or HOST:PORT`;
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
  return { ...place, count, forMs: times.for, everyMs: times.every, leaseMs: times.lease };
}

/** What the command prints; times in milliseconds. */
interface Figures {
  readonly clients: number;
  readonly woken: number;
  readonly pings: number;
  readonly meanMs: number | null;
  readonly offP50Ms: number;
  readonly offP99Ms: number;
  readonly offMaxMs: number;
  readonly lost: number;
}

function lineOf(figures: Figures): string {
  const { clients, woken, pings, meanMs, offP50Ms, offP99Ms, offMaxMs, lost } = figures;
  const cadence = meanMs === null
    ? ""
    : `, every ${meanMs.toFixed(2)} ms, off by p50 ${offP50Ms.toFixed(1)} p99 ` +
      `${offP99Ms.toFixed(1)} max ${offMaxMs.toFixed(1)} ms, ${lost} lost`;
  return `${woken} of ${clients} woken, ${pings} pings${cadence}`;
}

/** The simulated phones. */
class Crowd implements Disposable {
  readonly #plan: Plan;
  readonly #clients: TriggerClient[] = [];
  readonly #cadence = new Cadence();
  readonly #alarm = new Alarm();
  #told = 0;
  #isOver = false;

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  /** Wakes everybody's end. */
  end(): void {
    this.#isOver = true;
    this.#alarm.close();
  }

  /** Starts the phones, reports now and then and at the end. */
  async run(
    report: () => Promise<void>,
    complain: (message: string) => Promise<void>,
  ): Promise<void> {
    const { count, forMs, everyMs } = this.#plan;
    const endAt = performance.now() + forMs;
    const watching: Promise<void>[] = [];
    while (this.#clients.length < count && !this.#isOver) {
      watching.push(this.#watch(this.#add(complain)));
      if (this.#clients.length % STARTS_AT_ONCE === 0) await this.#alarm.sleep(START_PAUSE_MS);
    }
    while (!this.#isOver && performance.now() < endAt) {
      await this.#alarm.sleep(Math.min(everyMs, endAt - performance.now()));
      if (!this.#isOver && performance.now() < endAt) await report();
    }
    await Promise.all(this.#clients.map((client) => client.close()));
    await Promise.all(watching);
    await report();
  }

  figures(): Figures {
    const { meanMs, offP50Ms, offP99Ms, offMaxMs, lost } = this.#cadence.figures();
    let woken = 0;
    let pings = 0;
    for (const client of this.#clients) {
      if (client.pings > 0) woken++;
      pings += client.pings;
    }
    return {
      clients: this.#clients.length,
      woken,
      pings,
      meanMs: Number.isNaN(meanMs) ? null : meanMs,
      offP50Ms,
      offP99Ms,
      offMaxMs,
      lost,
    };
  }

  [Symbol.dispose](): void {
    this.end();
    for (const client of this.#clients) void client.close();
  }

  #add(complain: (message: string) => Promise<void>): TriggerClient {
    const { hostname, port, leaseMs } = this.#plan;
    const client = new TriggerClient({
      hostname,
      port,
      leaseMs,
      // All have the same reason; once is enough.
      onFailure: (message) => {
        if (this.#told++ === 0) void complain(message);
      },
    });
    this.#clients.push(client);
    return client;
  }

  async #watch(client: TriggerClient): Promise<void> {
    for await (const { intervalMs } of client) {
      if (intervalMs !== undefined) this.#cadence.observe(intervalMs);
    }
  }
}
