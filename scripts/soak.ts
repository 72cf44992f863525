/**
 * Lets a host with all roles live for hours among real clients and chaos, and looks for what grows and
 * for laws that are broken: `deno task soak --hours 2`.
 *
 * @module
 */

import { parseArgs } from "node:util";
import { reportText } from "./soak/report.ts";
import { soak, STEADY_PACE } from "./soak/run.ts";

const MINUTE_MS = 60_000;
const MINUTES_DEFAULT = 10;
const APPLICATIONS_DEFAULT = 16;
const SAMPLE_MS = 10_000;
/** A host is killed at least three times in a run, and each half hour. */
const LIVES_MIN = 4;
const LIFE_MS_MAX = 30 * MINUTE_MS;

const HELP = `Usage: deno task soak [--hours H] [--minutes M] [--applications N] [--seed S] [--json]

Runs the program with all roles and --data among real clients of every kind, with hostile peers,
SIGHUP, an unplugged controller, a webhook that fails, and kill -9. Reads memory, descriptors,
threads and the database every 10 s, and checks that what clients counted agrees with the metrics.
  --hours H         How long; may have a fraction
  --minutes M       The same in minutes (${MINUTES_DEFAULT})
  --applications N  Applications that beat; the other clients are as many as go with them (${APPLICATIONS_DEFAULT})
  --seed S          Seed of all that is chosen at random (1)
  --json            Write the report as JSON
Ends with a table; SIGINT and SIGTERM end it early. Exit status 1 if something grows or a law is
broken.`;

async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      hours: { type: "string" },
      minutes: { type: "string", default: `${MINUTES_DEFAULT}` },
      applications: { type: "string", default: `${APPLICATIONS_DEFAULT}` },
      seed: { type: "string", default: "1" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const minutes = values.hours === undefined ? Number(values.minutes) : 60 * Number(values.hours);
  const [applications, seed] = [Number(values.applications), Number(values.seed)];
  if (!(minutes > 0) || !(applications >= 1) || !Number.isInteger(seed)) {
    console.error("Cannot soak: times and counts must be numbers above 0, the seed a whole number");
    return 2;
  }
  const ending = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, () => ending.abort());
  }
  const forMs = minutes * MINUTE_MS;
  const report = await soak({
    forMs,
    sampleMs: Math.min(SAMPLE_MS, forMs / 10),
    lifeMs: Math.min(LIFE_MS_MAX, forMs / LIVES_MIN),
    seed,
    applications,
    pace: STEADY_PACE,
    signal: ending.signal,
    onLine: (line) => console.error(`${new Date().toISOString()} ${line}`),
  });
  const errors = Object.fromEntries(report.errors);
  console.log(values.json ? JSON.stringify({ ...report, errors }) : reportText(report));
  return report.isWell ? 0 : 1;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
