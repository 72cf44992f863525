/**
 * Many hosts of a fleet, and consoles without pages, in one process: the product's own role, with
 * members made up. Told what to do by lines of JSON on standard input; answers each with one.
 *
 * @module
 */

import { strict as assert } from "node:assert";
import { Events } from "../../src/core/events.ts";
import { Members } from "../../src/core/members.ts";
import { type ConditionCounts, CONDITIONS } from "../../src/core/verdict.ts";
import { Timer } from "../../src/net/timer.ts";
import { BEAT_MS, fleetRules } from "../../src/roles/fleet/options.ts";
import { FleetRole } from "../../src/roles/fleet/role.ts";
import { isFleetViolation } from "../../src/wire/fleet/fields.ts";
import { decodeDocument, type DocumentMember } from "../../src/wire/fleet/host_document.ts";

/** What the process is told. */
export type CrowdCommand =
  | { readonly act: "start"; readonly names: readonly string[]; readonly members: number }
  | { readonly act: "view"; readonly name: string }
  | { readonly act: "change"; readonly perSecond: number; readonly forMs: number }
  | { readonly act: "kill"; readonly names: readonly string[] }
  | { readonly act: "dump" }
  | { readonly act: "status" };

/** How a console without a page is. */
export interface CrowdStatus {
  readonly isDeaf: boolean;
  readonly states: Readonly<Record<string, number>>;
  /** The hosts that it has called lost, ever. */
  readonly everLost: readonly string[];
  /** Since the last status, in milliseconds. */
  readonly latenciesMs: readonly number[];
  /** The longest time since then in which the console heard nobody, in milliseconds. */
  readonly longestGapMs: number;
  /** The longest silence of any single host, beyond the interval of its beats, in milliseconds. */
  readonly longestSilenceMs: number;
  /** Whose silence that was. */
  readonly silentHost: string;
}

const [fleet = "", servers = "", keys = ""] = Deno.args;
const hosts = new Map<string, { role: FleetRole; events: Events; said: string; turn: number }>();
let viewer: { role: FleetRole; timer: Timer } | undefined;
let latenciesMs: number[] = [];
/** When each host was heard last. */
const heardAt = new Map<string, number>();
let longestSilence = { ms: 0, host: "" };
/** When anybody was heard last. */
let anyHeardAt = performance.now();
let longestGapMs = 0;
const seen = new Map<string, string>();
const everLost = new Set<string>();

function link(name: string) {
  const nkeySeed = Deno.readTextFileSync(`${keys}/${name}.nk`).trim();
  return { servers: servers.split(","), tls: { required: false, caCerts: [] }, nkeySeed };
}

function start(name: string, count: number): void {
  const events = new Events();
  const host = { said: "0", turn: 0 };
  const members = Array.from({ length: count }, (_, index): DocumentMember => ({
    id: `hilbert/exhibit-${index} @ 10.0.0.${index % 250}`,
    name: `exhibit-${index}`,
    station: `Station ${index}`,
    state: "ok",
    forMs: 1_000,
  }));
  const none = Object.fromEntries(CONDITIONS.map((one) => [one, 0])) as ConditionCounts;
  const role = FleetRole.start({
    link: link(name),
    fleet,
    host: name,
    label: `Hall ${name.charCodeAt(name.length - 1) % 5}`,
    version: "1",
    url: () => null,
    events,
    describe: () => ({
      verdict: "well",
      headline: own.said,
      counts: { ...none, ok: count },
      members,
    }),
    now: () => performance.now(),
    wall: () => Date.now(),
    wake: () => {},
    onWarning: () => {},
    onRefused: () => {},
  });
  const own = Object.assign(host, { role, events });
  hosts.set(name, own);
}

function view(name: string): void {
  const events = new Events();
  const now = () => performance.now();
  const members = new Members({ now: now(), events });
  const none = Object.fromEntries(CONDITIONS.map((one) => [one, 0])) as ConditionCounts;
  const changes = events.subscribe();
  const role = FleetRole.start({
    link: link(name),
    fleet,
    host: name,
    label: null,
    version: "1",
    url: () => null,
    roster: members.open(fleetRules()),
    events: new Events(),
    describe: () => ({ verdict: "well", headline: "", counts: none, members: [] }),
    now,
    wall: () => Date.now(),
    wake: () => {},
    onWarning: (warning) => console.error(`${name}: ${warning}`),
    onRefused: ({ reason }) => console.error(reason),
  });
  const shown = role.viewer ?? assert.fail();
  const document = shown.document.bind(shown);
  shown.document = (subject, bytes) => {
    document(subject, bytes);
    if (!subject.endsWith(`.${name}`)) noteGap();
    const read = decodeDocument(bytes);
    if (isFleetViolation(read)) return;
    // What is told anew after a reconnection is no change.
    if (read.headline === "0" || seen.get(subject) === read.headline) return;
    seen.set(subject, read.headline);
    latenciesMs.push(Date.now() - Number(read.headline));
  };
  const beat = shown.beat.bind(shown);
  shown.beat = (subject, bytes) => {
    beat(subject, bytes);
    if (subject.endsWith(`.${name}`)) return;
    noteGap();
    noteSilence(subject);
    heardAt.set(subject, performance.now());
  };
  const timer = Timer.every(100, () => {
    members.advance(now());
    for (let event = changes.take(); event; event = changes.take()) {
      if (event.type === "member-state" && event.to === "lost") everLost.add(event.member.id);
    }
  });
  viewer = { role, timer };
}

/** Somebody is heard. */
function noteGap(): void {
  longestGapMs = Math.max(longestGapMs, performance.now() - anyHeardAt);
  anyHeardAt = performance.now();
}

/** Notes the silence of a host that is longer than any before. */
function noteSilence(subject: string): void {
  const ms = performance.now() - (heardAt.get(subject) ?? performance.now()) - BEAT_MS;
  if (ms > longestSilence.ms) longestSilence = { ms, host: subject.split(".").at(-1) ?? "" };
}

/** Hosts change one after the other, evenly. */
async function change(perSecond: number, forMs: number): Promise<number> {
  const names = [...hosts.keys()];
  const began = performance.now();
  let count = 0;
  for (; performance.now() - began < forMs; count++) {
    const host = hosts.get(names[(count * 7_919) % names.length] ?? "") ?? assert.fail();
    host.said = String(Date.now());
    host.events.publish({ type: "telling-recovered", at: performance.now(), way: "" });
    const waitMs = began + (count + 1) * 1_000 / perSecond - performance.now();
    if (waitMs > 1) await new Promise((resolve) => setTimeout(resolve, waitMs));
  }
  return count;
}

function dump(): Record<string, string> {
  const said = [...hosts].map(([name, host]) => [name, host.said]);
  if (viewer === undefined) return Object.fromEntries(said);
  const seen = [...viewer.role.viewer?.picture.hosts() ?? []].flatMap(({ name, document }) => {
    const read = document && decodeDocument(document.bytes);
    return read === undefined || isFleetViolation(read) ? [] : [[name, read.headline]];
  });
  return Object.fromEntries(seen);
}

function status(): CrowdStatus {
  const states: Record<string, number> = {};
  for (const { state } of viewer?.role.viewer?.roster.values() ?? []) {
    states[state] = (states[state] ?? 0) + 1;
  }
  noteGap();
  for (const subject of heardAt.keys()) noteSilence(subject);
  const found = { isDeaf: viewer?.role.isDeaf ?? false, states, everLost: [...everLost] };
  const { ms: longestSilenceMs, host: silentHost } = longestSilence;
  const figures = { latenciesMs, longestGapMs, longestSilenceMs, silentHost };
  latenciesMs = [];
  longestGapMs = 0;
  longestSilence = { ms: 0, host: "" };
  everLost.clear();
  return { ...found, ...figures };
}

async function obey(command: CrowdCommand): Promise<unknown> {
  switch (command.act) {
    case "start":
      for (const name of command.names) start(name, command.members);
      return "started";
    case "view":
      view(command.name);
      return "started";
    case "change":
      return await change(command.perSecond, command.forMs);
    case "kill":
      for (const name of command.names) {
        await hosts.get(name)?.role.stop();
        hosts.delete(name);
      }
      return "killed";
    case "dump":
      return dump();
    case "status":
      return status();
  }
}

let text = "";
for await (const piece of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
  text += piece;
  const lines = text.split("\n");
  text = lines.pop() ?? "";
  for (const line of lines) console.log(JSON.stringify(await obey(JSON.parse(line))));
}
for (const { role } of hosts.values()) await role.stop();
viewer?.timer.stop();
await viewer?.role.stop();
