/**
 * The HEV role: sending to many clients beside bare writes, from the serial line to the client, what a
 * stalled client costs the others, and what waiting costs.
 *
 * @module
 */

import { Pty } from "../../src/net/serial/pty.ts";
import { ADDRESSES, encodeFrame, NUMBERS } from "../../src/wire/hev/frame.ts";
import { encodePayload } from "../../src/wire/hev/payload.ts";
import { type Child, cpuSeconds, startChild } from "../process.ts";
import { median, quantile, type Row } from "./row.ts";

const AREA = "hev";
const FANOUT = "scripts/bench/hev_fanout.ts";
const FANOUT_CLIENTS = 200;
const FANOUT_ROUNDS = 3;
const FANOUT_SECONDS = 4;

const LATENCY_CLIENTS = 100;
const LATENCY_RATE = 50;
const LATENCY_SECONDS = 4;
const LATENCY_ROUNDS = 3;
/** Frames that fill all buffers of a client that does not read. */
const BURST_FRAMES = 20_000;

const IDLE_SECONDS = 5;
const HOSTNAME = "127.0.0.1";

/** Measures everything. */
export async function run(): Promise<Row[]> {
  return [...await throughput(), ...await fanout(), ...await serial()];
}

/** Packets that arrive in all when the server sends as fast as its clients take them. */
async function throughput(): Promise<Row[]> {
  const samples = { role: [] as number[], bare: [] as number[] };
  for (let round = 0; round < FANOUT_ROUNDS; round++) {
    for (const name of ["role", "bare"] as const) {
      // One at a time, for both want all of the machine.
      await using server = await startChild(
        ["run", "--quiet", "-A", FANOUT, `${name}-flood`],
        /^\d+$/,
      );
      using crowd = await Crowd.connect(Number(server.line), FANOUT_CLIENTS);
      await pause(500);
      const before = crowd.packets;
      const startedAt = performance.now();
      await pause(FANOUT_SECONDS * 1_000);
      samples[name].push(1e3 * (crowd.packets - before) / (performance.now() - startedAt));
    }
  }
  const value = median(samples.role);
  const floor = median(samples.bare);
  return [{
    area: AREA,
    measure: `packets delivered per second to ${FANOUT_CLIENTS} clients, beside Conn.write`,
    value,
    unit: "1/s",
    floor,
    ratio: value / floor,
    goal: ">= 0.90 of floor",
    pass: value / floor >= 0.9,
  }];
}

/** Processor time of the server for one packet to one client, at a fixed rate. */
async function fanout(): Promise<Row[]> {
  await using role = await startChild(["run", "--quiet", "-A", FANOUT, "role"], /^\d+$/);
  await using bare = await startChild(["run", "--quiet", "-A", FANOUT, "bare"], /^\d+$/);
  const samples = { role: [] as number[], bare: [] as number[] };
  for (let round = 0; round <= FANOUT_ROUNDS; round++) {
    for (const [name, server] of [["role", role], ["bare", bare]] as const) {
      const us = await costOf(server);
      // The first round warms up.
      if (round > 0) samples[name].push(us);
    }
  }
  const value = median(samples.role);
  const floor = median(samples.bare);
  return [{
    area: AREA,
    measure: `processor time per packet and client, ${FANOUT_CLIENTS} clients, beside Conn.write`,
    value,
    unit: "us",
    floor,
    ratio: value / floor,
  }];
}

async function costOf(server: Child): Promise<number> {
  using crowd = await Crowd.connect(Number(server.line), FANOUT_CLIENTS);
  await pause(500);
  const before = { cpu: cpuSeconds(server.pid), packets: crowd.packets };
  await pause(FANOUT_SECONDS * 1_000);
  const cpu = cpuSeconds(server.pid) - before.cpu;
  return 1e6 * cpu / (crowd.packets - before.packets);
}

/** One client of so many looks into its packets: this program must not be what is measured. */
const LOOKING_SHARE = 10;

/** Clients of the NUL dialect; packets that are counted all have the same length. */
class Crowd implements Disposable {
  #bytes = 0;
  #packetBytes = NaN;
  readonly #conns: Deno.TcpConn[] = [];
  readonly #onTimestamp: ((timestamp: number) => void) | undefined;

  private constructor(onTimestamp?: (timestamp: number) => void) {
    this.#onTimestamp = onTimestamp;
  }

  static async connect(
    port: number,
    clients: number,
    onTimestamp?: (timestamp: number) => void,
  ): Promise<Crowd> {
    const crowd = new Crowd(onTimestamp);
    for (let client = 0; client < clients; client++) {
      const conn = await Deno.connect({ hostname: HOSTNAME, port });
      crowd.#conns.push(conn);
      void crowd.#read(conn, client % LOOKING_SHARE === 0 ? "looks" : "receives");
    }
    return crowd;
  }

  /** Packets received by all of them together. */
  get packets(): number {
    return this.#bytes / this.#packetBytes;
  }

  [Symbol.dispose](): void {
    for (const conn of this.#conns) conn.close();
  }

  async #read(conn: Deno.TcpConn, role: "looks" | "receives"): Promise<void> {
    const buffer = new Uint8Array(65_536);
    const decoder = new TextDecoder();
    try {
      for (let count; (count = await conn.read(buffer)) !== null;) {
        this.#bytes += count;
        if (Number.isNaN(this.#packetBytes)) this.#packetBytes = buffer.indexOf(0) + 1;
        if (this.#onTimestamp === undefined || role === "receives") continue;
        const text = decoder.decode(buffer.subarray(0, count));
        for (const [, timestamp] of text.matchAll(/"timestamp":(\d+)/g)) {
          this.#onTimestamp(Number(timestamp));
        }
      }
    } catch {
      // Closed at the end of the round.
    }
  }
}

/** From the last byte of a frame on the line to the client, through the whole program. */
async function serial(): Promise<Row[]> {
  await using pty = await Pty.open();
  await using product = await startProduct(pty.portPath);
  const port = Number(product.line);
  const device = new Device(pty);
  void device.drain();
  await device.burst(BURST_FRAMES);
  const rounds = { alone: [] as Latency[], beside: [] as Latency[] };
  for (let round = 0; round <= LATENCY_ROUNDS; round++) {
    const alone = await latencies(device, port);
    using _stalled = await Deno.connect({ hostname: HOSTNAME, port });
    await device.burst(BURST_FRAMES);
    const beside = await latencies(device, port);
    // The first round warms up.
    if (round === 0) continue;
    rounds.alone.push(alone);
    rounds.beside.push(beside);
  }
  const alone = middle(rounds.alone);
  const beside = middle(rounds.beside);
  const idle = await idleCpu(product);
  const clients = `${LATENCY_CLIENTS} clients at ${LATENCY_RATE} Hz`;
  const added = beside.p99Ms - alone.p99Ms;
  return [
    atMost(`serial frame to client p50, ${clients}`, alone.p50Ms, "ms"),
    atMost(`serial frame to client p99, ${clients}`, alone.p99Ms, "ms", 5),
    atMost("what a stalled client adds to the others' p50", beside.p50Ms - alone.p50Ms, "ms", 1),
    atMost("what a stalled client adds to the others' p99", added, "ms", 1),
    atMost("processor time at rest, port open", idle, "%", 0.5),
  ];
}

/** Starts the program on a serial port; its line is the port of its clients. */
async function startProduct(path: string): Promise<Child> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--allow-all",
      "main.ts",
      "--hev",
      "--no-console",
      `--hev-source=serial:${path}`,
      "--hev-web-port=0",
      "--hev-native-port=0",
      "--hev-query-port=0",
      "--hev-web-dialect=nul",
      "--hev-silence=1h",
      "--write-timeout=1h",
    ],
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const reader = child.stderr.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  let port: string | undefined;
  while (port === undefined) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`Cannot start the program: it wrote "${text}"`);
    text += value;
    port = /Listening on tcp:\/\/\S+?:(\d+) /.exec(text)?.[1];
  }
  const drained = (async () => {
    while (!(await reader.read()).done);
  })();
  return {
    pid: child.pid,
    line: port,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.status;
      await drained;
    },
  };
}

/** The controller's end of the line. */
class Device {
  readonly sentAt = new Map<number, number>();
  readonly #pty: Pty;
  #number = 0;
  #timestamp = 0;

  constructor(pty: Pty) {
    this.#pty = pty;
  }

  async send(): Promise<void> {
    const timestamp = ++this.#timestamp;
    const payload = encodePayload({ version: 0xb6, type: "DATA", values: { timestamp } }, 81);
    this.#number = (this.#number + 1) % NUMBERS;
    const frame = { kind: "information" as const, address: ADDRESSES.data, payload };
    const bytes = encodeFrame({ ...frame, number: this.#number });
    this.sentAt.set(timestamp, performance.now());
    await this.#pty.device.write(bytes);
  }

  async burst(frames: number): Promise<void> {
    for (let frame = 0; frame < frames; frame++) await this.send();
    await pause(1_000);
  }

  /** The program's acknowledgements go nowhere. */
  async drain(): Promise<void> {
    const buffer = new Uint8Array(new ArrayBuffer(4_096));
    while (await this.#pty.device.read(buffer) !== null);
  }
}

interface Latency {
  readonly p50Ms: number;
  readonly p99Ms: number;
}

function middle(rounds: readonly Latency[]): Latency {
  return {
    p50Ms: median(rounds.map(({ p50Ms }) => p50Ms)),
    p99Ms: median(rounds.map(({ p99Ms }) => p99Ms)),
  };
}

async function latencies(device: Device, port: number): Promise<Latency> {
  const samples: number[] = [];
  using _crowd = await Crowd.connect(port, LATENCY_CLIENTS, (timestamp) => {
    const sentAt = device.sentAt.get(timestamp);
    if (sentAt !== undefined) samples.push(performance.now() - sentAt);
  });
  await pause(500);
  device.sentAt.clear();
  samples.length = 0;
  const startAt = performance.now();
  for (let frame = 0; frame < LATENCY_RATE * LATENCY_SECONDS; frame++) {
    await pause(startAt + frame * 1_000 / LATENCY_RATE - performance.now());
    await device.send();
  }
  await pause(500);
  return { p50Ms: median(samples), p99Ms: quantile(samples, 0.99) };
}

async function idleCpu(product: Child): Promise<number> {
  const before = cpuSeconds(product.pid);
  await pause(IDLE_SECONDS * 1_000);
  return 100 * (cpuSeconds(product.pid) - before) / IDLE_SECONDS;
}

function atMost(measure: string, value: number, unit: string, most?: number): Row {
  const row = { area: AREA, measure, value, unit };
  return most === undefined ? row : { ...row, goal: `<= ${most} ${unit}`, pass: value <= most };
}

function pause(delayMs: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  setTimeout(resolve, Math.max(0, delayMs));
  return promise;
}
