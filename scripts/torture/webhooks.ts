/**
 * Outages of many applications, told to an endpoint that fails in every way, by a host that is killed
 * now and then: `deno run -A scripts/torture/webhooks.ts [APPLICATIONS] [ROUNDS] [KILLS] [SEED]`.
 *
 * Each application has exactly one outage in each round, so exactly one `lost` has to arrive for it:
 * under one identity, in one message. Only a message that was cut off while it was answered may come
 * twice, as the same one.
 *
 * @module
 */

import { freePorts, HostProcess } from "./host_process.ts";
import { randomFrom } from "./random.ts";
import { type Fate, WebhookEndpoint, type WebhookMessage } from "./webhook_endpoint.ts";

/** What the torture found. */
export interface WebhookReport {
  readonly outages: number;
  /** Requests that the endpoint got, and those of them that it answered as it should. */
  readonly requests: number;
  readonly answered: number;
  readonly kills: number;
  /** Sentences; empty if all was as it must be. */
  readonly complaints: string[];
}

/** Options of {@linkcode tortureWebhooks}. */
export interface WebhookTorture {
  readonly applications: number;
  readonly rounds: number;
  /** How often the host is killed, in different rounds. */
  readonly kills: number;
  readonly seed: number;
}

/** The shortest promise of the protocol: lost after five of these, in milliseconds. */
const PROMISE_MS = 1_000;
const BEAT_EVERY_MS = 400;
/** Applications beat until the same host has heard them for so long: more than a commit takes. */
const STEADY_MS = 2_500;
const ROUND_MS_MAX = 120_000;
/** No host may begin to tell anything else within this time. */
const QUIET_MS = 3_000;

/** An endpoint as one would not wish it. */
const FATES: readonly Fate[] = [
  { share: 0.2, refusal: { status: 500 } },
  { share: 0.05, refusal: { status: 302, headers: { location: "/elsewhere" } } },
  { share: 0.05, refusal: { status: 404 } },
  { share: 0.01, waitMs: 11_000 },
  { share: 0.09, waitMs: 300 },
  { share: 0.05, isCutOff: true },
];

/** Outages that were told: who had them, and in which messages. */
type ToldOutages = Map<string, { readonly name: string; readonly messages: Set<string> }>;

function take({ id, type, items }: WebhookMessage, told: ToldOutages): void {
  if (type !== "lost") return;
  for (const { id: outage, member } of items) {
    const known = told.get(outage) ?? { name: member?.name ?? "", messages: new Set() };
    known.messages.add(id);
    told.set(outage, known);
  }
}

/** Runs it, and says what was wrong. */
export async function tortureWebhooks(options: WebhookTorture): Promise<WebhookReport> {
  const { applications, rounds, kills, seed } = options;
  const random = randomFrom(seed);
  const directory = await Deno.makeTempDir({ prefix: "pulsebox-webhooks-" });
  const lost: ToldOutages = new Map();
  const onMessage = (message: WebhookMessage) => take(message, lost);
  await using endpoint = new WebhookEndpoint({ fates: FATES, random, onMessage });
  const ports = freePorts();
  const names = Array.from({ length: applications }, (_, index) => `app${index}`);
  const args = ["--webhook", endpoint.url, "--flap-outages", "1000", "--log-level", "error"];
  const start = () => new HostProcess(directory, ports, args);
  let host = start();
  await host.ready();
  let life = 0;
  let killed = 0;
  const kill = async () => {
    await host.kill();
    killed++;
    host = start();
    await host.ready();
    life++;
  };
  const complaints: string[] = [];
  try {
    for (let round = 1; round <= rounds; round++) {
      const killing = killed < kills ? after(random() * 8_000).then(kill) : Promise.resolve();
      await Promise.all(
        names.map((name) => beatSteadily(ports.heartbeat, name, () => life, random)),
      );
      const told = () => {
        const counts = new Map<string, number>();
        for (const { name } of lost.values()) {
          counts.set(name, (counts.get(name) ?? 0) + 1);
        }
        return names.filter((name) => (counts.get(name) ?? 0) >= round).length;
      };
      const deadline = performance.now() + ROUND_MS_MAX;
      while (told() < names.length && performance.now() < deadline) await after(100);
      await killing;
      if (told() < names.length) {
        complaints.push(`round ${round}: ${names.length - told()} outages were not told`);
      }
    }
    await after(QUIET_MS);
  } finally {
    await host.kill();
    await Deno.remove(directory, { recursive: true });
  }
  const counts = new Map<string, number>();
  for (const [id, { name, messages }] of lost) {
    counts.set(name, (counts.get(name) ?? 0) + 1);
    if (messages.size !== 1) {
      complaints.push(`outage ${id} of ${name} is in ${messages.size} messages`);
    }
  }
  for (const [name, count] of counts) {
    if (count !== rounds) {
      complaints.push(`${name} was told lost ${count} times in ${rounds} rounds`);
    }
  }
  if (endpoint.redirected > 0) complaints.push(`${endpoint.redirected} redirects were followed`);
  const { requests, answered } = endpoint;
  return { outages: applications * rounds, requests, answered, kills: killed, complaints };
}

/** Beats until one and the same host has heard it for a while. */
async function beatSteadily(
  port: number,
  name: string,
  life: () => number,
  random: () => number,
): Promise<void> {
  await after(random() * BEAT_EVERY_MS);
  let heardBy = -1;
  let since = performance.now();
  while (heardBy !== life() || performance.now() - since < STEADY_MS) {
    const asked = life();
    const isHeard = await beat(port, name);
    if (!isHeard || asked !== heardBy) {
      heardBy = isHeard && asked === life() ? asked : -1;
      since = performance.now();
    }
    await after(BEAT_EVERY_MS);
  }
}

async function beat(port: number, name: string): Promise<boolean> {
  try {
    const url = `http://127.0.0.1:${port}/hb_ping?${PROMISE_MS - 1_000}&appid=${name}`;
    const reply = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await reply.body?.cancel();
    return reply.ok;
  } catch {
    return false;
  }
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

if (import.meta.main) {
  const [applications = 200, rounds = 5, kills = 3, seed = 1] = Deno.args.map(Number);
  const started = performance.now();
  const report = await tortureWebhooks({ applications, rounds, kills, seed });
  console.log({ ...report, seconds: Math.round((performance.now() - started) / 1000) });
  Deno.exit(report.complaints.length === 0 ? 0 : 1);
}
