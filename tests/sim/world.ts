/**
 * A machine that runs one host of Pulsebox on virtual time, network, programs and endpoints.
 *
 * @module
 */

import { configure, getLogger, reset } from "@logtape/logtape";
import type { Appliance } from "../../src/appliance.ts";
import { startAppliance } from "../../src/appliance.ts";
import { OPTION_KEYS } from "../../src/appliance/settings/options.ts";
import { resolveSettings } from "../../src/cli/settings/settings.ts";
import { Disk } from "./disk.ts";
import { Ordeal } from "./ordeal.ts";
import { Random } from "./random.ts";
import { installRecordings } from "./recordings.ts";
import { Endpoint, Shell } from "./endpoint.ts";
import { insist, type Patience, type Reply, request } from "./http_peer.ts";
import { VirtualSerial } from "./virtual_serial.ts";
import { VirtualNetwork } from "./virtual_network.ts";
import { VirtualTime } from "./virtual_time.ts";

/** Flags of the command line by their settings' names. */
export type Flags = Readonly<Record<string, unknown>>;

/** Ports of a simulated host. */
export const PORTS = {
  console: 8880,
  heartbeat: 8888,
  trigger: 7561,
  state: 6969,
  statePublishers: 8765,
  stateSubscribers: 4321,
  hevWeb: 54320,
  hevQuery: 54321,
  hevNative: 54322,
} as const;
/** Lines of the log that are kept for the report of a failure. */
const LOG_LINES_MAX = 400;
/** How long the machine may take to load code, in milliseconds of real time, and in which steps. */
const LOADING_MS_MAX = 20_000;
const LOADING_STEP_MS = 5;
/** How long a host that waits for a port is left to itself at a time, in milliseconds. */
const PORT_LOOK_MS = 100;
/** What the wall clock shows at first: a morning far from any change of summer time. */
const WALL_START_MS = Date.UTC(2026, 4, 12, 6);

/** How a world differs from one in which all goes well. */
export interface WorldOptions {
  /** How fast the host's own clock runs; other than 1 it is a host that is broken. */
  readonly clockRate?: number;
  /** Number of the operation that fails, from 1. */
  readonly failAt?: number;
}

/** The machine. Only one can exist at a time, because it takes the place of the real one. */
export class World implements AsyncDisposable, Patience {
  readonly time = new VirtualTime(WALL_START_MS);
  readonly ordeal: Ordeal;
  readonly network: VirtualNetwork;
  readonly serial: VirtualSerial;
  readonly endpoint = new Endpoint(this.time);
  readonly shell = new Shell(this.time);
  readonly disk: Disk;
  onWait: (ms: number) => void = () => {};
  readonly log: string[] = [];
  /** What went wrong outside of any call: promises that nobody awaited, listeners that threw. */
  readonly faults: string[] = [];
  static #isWarm = false;
  readonly #installed = new DisposableStack();
  readonly #root: string;
  #run = 0;
  #appliance: Appliance | undefined;

  readonly #clockRate: number;

  private constructor(root: string, { clockRate = 1, failAt = Infinity }: WorldOptions) {
    this.#root = root;
    this.#clockRate = clockRate;
    this.ordeal = new Ordeal(failAt, () => this.time.now);
    this.network = new VirtualNetwork(this.time, this.ordeal);
    this.serial = new VirtualSerial(this.time, this.ordeal);
    this.disk = new Disk(this.ordeal);
    const { time, network, serial, endpoint, shell, disk } = this;
    for (const part of [time, network, serial, endpoint, shell, disk]) {
      this.#installed.use(part.install());
    }
    // Waits of the product have some chance in them, which a seed must repeat.
    const { random } = Math;
    const chance = new Random(0);
    Math.random = () => chance.fraction();
    this.#installed.defer(() => void Object.assign(Math, { random }));
    this.#installed.use(installRecordings(this.ordeal));
    const onRejection = (event: PromiseRejectionEvent) => {
      event.preventDefault();
      this.faults.push(`unhandled rejection: ${event.reason?.stack ?? event.reason}`);
    };
    addEventListener("unhandledrejection", onRejection);
    this.#installed.defer(() => removeEventListener("unhandledrejection", onRejection));
  }

  /** @param root A folder that the world may fill. */
  static async make(root: string, options: WorldOptions = {}): Promise<World> {
    const world = new World(root, options);
    await configure({
      reset: true,
      sinks: { kept: (record) => world.#note(record.level, record.message) },
      loggers: [
        { category: ["pulsebox"], sinks: ["kept"], lowestLevel: "info" },
        { category: ["logtape", "meta"], sinks: ["kept"], lowestLevel: "error" },
      ],
    });
    return world;
  }

  /** Whether a host runs. */
  get isRunning(): boolean {
    return this.#appliance !== undefined;
  }

  /** The folder with the host's data. */
  get dataFolder(): string {
    return `${this.#root}/run-${this.#run}`;
  }

  /** Starts the host with flags as an operator gives them. */
  async start(flags: Flags): Promise<void> {
    const settings = await this.#settingsOf(flags);
    const notifier = {
      active: false,
      watchdogIntervalMs: undefined,
      status: () => Promise.resolve(false),
      ready: () => Promise.resolve(false),
      watchdog: () => Promise.resolve(false),
      stopping: () => Promise.resolve(false),
    };
    const clock = { now: () => this.time.now * this.#clockRate, wall: () => this.time.wall };
    const ports = { clock, log: getLogger("pulsebox"), notifier };
    try {
      this.#appliance = await this.#started(startAppliance(settings, ports));
    } catch (error) {
      // A service manager starts it again.
      if (this.ordeal.fired === undefined) throw error;
      await this.time.pass(1_000);
      this.#appliance = await this.#started(startAppliance(settings, ports));
    }
    await this.time.settle();
    if (!World.#isWarm) await this.#warmUp();
  }

  /** Reads the settings again, as SIGHUP does. */
  async reload(flags: Flags): Promise<void> {
    await this.time.during(
      this.#appliance?.reload(await this.#settingsOf(flags)) ?? Promise.resolve(),
    );
    await this.time.settle();
  }

  /** Stops the host as a service manager does. */
  async stop(): Promise<void> {
    const stopping = this.#appliance?.stop();
    this.#appliance = undefined;
    // What is left gets the time that a stop may take.
    await this.time.pass(2_000);
    await stopping;
    await this.time.settle();
  }

  /** Ends the host as `kill -9` does: what it had written is all that stays. */
  async kill(): Promise<void> {
    const from = this.dataFolder;
    this.#run++;
    await Deno.mkdir(this.dataFolder);
    for await (const { name, isFile } of Deno.readDir(from)) {
      if (isFile && !name.endsWith("-shm")) {
        await Deno.copyFile(`${from}/${name}`, `${this.dataFolder}/${name}`);
      }
    }
    this.network.kill();
    this.serial.kill();
    this.time.clear();
    this.#appliance = undefined;
  }

  /** Asks the console. */
  async ask(
    target: string,
    options: { method?: string; body?: unknown; fields?: readonly string[] } = {},
  ): Promise<Reply> {
    const { method = "GET", body, fields = [] } = options;
    return await insist(
      this,
      `${method} ${target}`,
      () =>
        request(this.network, PORTS.console, target, {
          method,
          fields,
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        }),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      if (this.#appliance !== undefined) await this.stop();
    } finally {
      this.#installed.dispose();
      await reset();
    }
  }

  /** Waits for a start; virtual time passes only if the host waits for a port that is held. */
  async #started(work: Promise<Appliance>): Promise<Appliance> {
    let isOver = false;
    const end = () => isOver = true;
    work.then(end, end);
    while (!isOver) {
      await this.time.pauseForReal(0);
      if (this.log.at(-1)?.includes("Waiting for ")) await this.time.pass(PORT_LOOK_MS);
    }
    return await work;
  }

  /** Waits for code that the first host of a process loads when it is first asked. */
  async #warmUp(): Promise<void> {
    World.#isWarm = true;
    for (const target of ["/", "/metrics", "/api/v1/members"]) {
      let isOver = false;
      request(this.network, PORTS.console, target).then(() => isOver = true);
      for (let waited = 0; !isOver && waited < LOADING_MS_MAX; waited += LOADING_STEP_MS) {
        await this.time.pauseForReal(LOADING_STEP_MS);
      }
    }
    await this.time.settle();
  }

  async #settingsOf(flags: Flags) {
    const { settings, problems } = await resolveSettings(OPTION_KEYS, {
      flags: { data: this.dataFolder, ...flags },
      environment: { get: () => undefined },
      readTextFile: () => Promise.reject(new Error("there is none")),
    });
    if (settings === undefined) throw new Error(problems.join("; "));
    return settings;
  }

  #note(level: string, message: readonly unknown[]): void {
    const text = message.map((part) => typeof part === "string" ? part : Deno.inspect(part)).join(
      "",
    );
    this.log.push(`${(this.time.now / 1_000).toFixed(3)} ${level} ${text}`);
    if (this.log.length > LOG_LINES_MAX) this.log.shift();
  }
}
