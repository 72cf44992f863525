/**
 * What a fleet costs in memory: a host that takes part, and a console that shows thirty thousand members.
 *
 * @module
 */

import { ENGINE_FLAGS } from "../compile/runtime_flags.ts";
import type { NatsLink } from "../../src/net/nats/link.ts";
import { makeStream } from "../../src/net/nats/streams.ts";
import { fleetStreams } from "../../src/roles/fleet/memory.ts";
import { BEAT_MS } from "../../src/roles/fleet/options.ts";
import { encodeBeat } from "../../src/wire/fleet/beat.ts";
import { fleetSubject } from "../../src/wire/fleet/subjects.ts";
import { portableFile } from "../../tests/file/executable.ts";
import { NATS_SERVER, NatsServer } from "../../tests/support/nats_server.ts";
import { residentBytes, startChild } from "../process.ts";
import { connect, documentOf, HOSTS, MEMBERS, NO_COUNTS } from "./fleet_load.ts";
import type { Row } from "./row.ts";

const area = "fleet";
const CONSOLE_MB_MAX = 80;
/** After its start a program settles: last code is compiled, garbage is collected. */
const SETTLE_MS = 6_000;
/** How long hosts beat and change while the console is watched. */
const LIFE_MS = 30_000;
const CHANGES_PER_SECOND = 20;
const CHILD = ["run", "--quiet", "--no-check", "--allow-all", ENGINE_FLAGS];
/** What `fleet_stand.ts` can be. */
const KINDS = ["bare", "client", "role"] as const;

/** Measures with a broker of its own; nothing where none is installed. */
export async function run(): Promise<Row[]> {
  if (!NATS_SERVER.available) return [];
  const folder = await Deno.makeTempDir();
  try {
    await using broker = await NatsServer.start({ folder });
    await using link = await connect(broker.port, "bench");
    for (const plan of fleetStreams("museum", 1)) await makeStream(link, plan);
    const [bare, client, role] = await clientMb(broker.port);
    return [
      {
        area,
        measure: "memory of the role by itself, over bare Deno; floor: the client alone",
        value: role - bare,
        unit: "MB",
        floor: client - bare,
        ratio: (role - bare) / (client - bare),
      },
      ...await consoleRows(broker, link, folder),
    ];
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function clientMb(port: number): Promise<[bare: number, client: number, role: number]> {
  const found: number[] = [];
  for (const kind of KINDS) {
    const script = "scripts/bench/fleet_stand.ts";
    await using child = await startChild([...CHILD, script, kind, String(port)], /^ready$/);
    await sleep(SETTLE_MS);
    found.push(residentBytes(child.pid) / 1e6);
  }
  const [bare = NaN, client = NaN, role = NaN] = found;
  return [bare, client, role];
}

async function consoleRows(broker: NatsServer, link: NatsLink, folder: string): Promise<Row[]> {
  const file = await portableFile(Deno.build.arch === "x86_64" ? "x86_64" : "aarch64");
  const start = () =>
    new Deno.Command(file, {
      args: [`--fleet=${broker.url}`, "--fleet-host=desk", "--fleet-view", "--console-port=0"],
      env: { XDG_CACHE_HOME: folder },
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
  // The first starts unpack and compile.
  for (let starts = 0; starts < 2; starts++) {
    const first = start();
    await (await fetch(`${await consoleUrl(first.stderr)}fleet`)).text();
    first.kill("SIGTERM");
    await first.status;
  }
  const child = start();
  try {
    const url = await consoleUrl(child.stderr);
    await sleep(SETTLE_MS);
    const empty = residentBytes(child.pid) / 1e6;
    const full = await watchedMb(child.pid, link, {
      events: `${url}api/v1/events?fleet=1`,
      page: `${url}fleet`,
      search: `${url}api/v1/fleet/members?q=exhibit`,
    });
    const least = await leastMb(broker, link);
    const members = `${HOSTS} hosts, ${HOSTS * MEMBERS} members`;
    return [
      { area, measure: "a console's memory without hosts, executable", value: empty, unit: "MB" },
      {
        area,
        measure: `a console's memory, ${members} and a page; floor: the least that could show them`,
        value: full,
        unit: "MB",
        floor: least,
        ratio: full / least,
        goal: `<= ${CONSOLE_MB_MAX} MB`,
        pass: full <= CONSOLE_MB_MAX,
      },
      {
        area,
        measure: "a console's memory for a member of another host",
        value: (full - empty) * 1e6 / (HOSTS * MEMBERS),
        unit: "B",
      },
    ];
  } finally {
    child.kill("SIGKILL");
    await child.status;
  }
}

/** What a console would take that is only the client, the documents and the runtime's own server. */
async function leastMb(broker: NatsServer, link: NatsLink): Promise<number> {
  const script = "scripts/bench/fleet_stand.ts";
  await using child = await startChild([...CHILD, script, "least", String(broker.port)], /^http:/);
  await sleep(SETTLE_MS);
  const url = child.line;
  return await watchedMb(child.pid, link, {
    events: `${url}events`,
    page: url,
    search: `${url}members`,
  });
}

/** The memory of a console in megabytes, after a page was open while its hosts lived. */
async function watchedMb(
  pid: number,
  link: NatsLink,
  { events, page, search }: Readonly<Record<"events" | "page" | "search", string>>,
): Promise<number> {
  const abort = new AbortController();
  const reading = read(await fetch(events, { signal: abort.signal })).catch(() => {});
  await live(link);
  await (await fetch(page)).text();
  await (await fetch(search)).text();
  await sleep(SETTLE_MS);
  const full = residentBytes(pid) / 1e6;
  abort.abort();
  await reading;
  return full;
}

/** Hosts beat and change as those of a museum do. */
async function live(link: NatsLink): Promise<void> {
  let seq = 0;
  let n = 0;
  const tell = (host: number) => {
    seq++;
    link.publish(fleetSubject("museum", "host", `h${host}`), documentOf(seq));
  };
  for (let host = 0; host < HOSTS; host++) {
    tell(host);
    // A connection takes only so much at once.
    if (host % 50 === 0) await link.connected().flush();
  }
  const began = performance.now();
  for (let turn = 0; performance.now() - began < LIFE_MS; turn++) {
    tell(turn * 7 % HOSTS);
    if (turn % (CHANGES_PER_SECOND * BEAT_MS / 1_000) === 0) {
      n++;
      const beat = { epoch: 1, n, seq: 0, ageMs: 0, verdict: "well", tells: false } as const;
      const bytes = encodeBeat({ ...beat, counts: { ...NO_COUNTS, ok: MEMBERS } });
      for (let host = 0; host < HOSTS; host++) {
        link.publish(fleetSubject("museum", "beat", `h${host}`), bytes);
      }
    }
    await sleep(1_000 / CHANGES_PER_SECOND);
  }
}

async function consoleUrl(stderr: ReadableStream<Uint8Array>): Promise<string> {
  const lines = stderr.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { value, done } = await lines.read();
    if (done) throw new Error(`Cannot start a console: ${text}`);
    text += value;
    const [, url] = /Listening on (\S+) role=console/.exec(text) ?? [];
    if (url === undefined) continue;
    (async () => {
      while (!(await lines.read()).done);
    })().catch(() => {});
    return `${url}/`;
  }
}

async function read(response: Response): Promise<void> {
  for await (const _ of response.body ?? []);
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
