/**
 * One simulated day of a host, chosen by a seed.
 *
 * @module
 */

import { Crowd } from "./hostile.ts";
import { insist, request } from "./http_peer.ts";
import type { Manner } from "./endpoint.ts";
import { Oracle } from "./oracle.ts";
import { Random } from "./random.ts";
import { Channel } from "./channel.ts";
import { Fleet, fleetSettingsOf, QUIET_MS } from "./fleet.ts";
import { isOfFleet, withoutFleet } from "./fleet_told.ts";
import { Games } from "./games.ts";
import type { Operation } from "./ordeal.ts";
import type { Part } from "./part.ts";
import { EXPIRATION_MS, Phones } from "./phones.ts";
import { Listener, type ToldChange } from "./listener.ts";
import { type Hev, hevOf, hevSettingsOf } from "./hev.ts";
import { type Flags, PORTS, World, type WorldOptions } from "./world.ts";

/** What can happen, and how often. */
const STEPS = {
  wait: 30,
  join: 14,
  silence: 10,
  goodbye: 4,
  failure: 4,
  relapse: 3,
  longer: 5,
  hostile: 8,
  acceptFailure: 3,
  stall: 4,
  clockStep: 4,
  pause: 4,
  resume: 3,
  hostPause: 2,
  hostResume: 3,
  forget: 2,
  endpoint: 5,
  shell: 3,
  restart: 3,
  kill: 3,
  reload: 2,
  ask: 3,
  listenAgain: 2,
  phones: 8,
  games: 20,
  disk: 3,
  foreign: 2,
} as const;

/** What can happen besides in wide scenarios. */
const WIDE_STEPS = { channel: 40, instrument: 60 } as const;

/** What can happen besides to a host that belongs to a fleet. */
const FLEET_STEPS = { fleet: 60 } as const;

/** How many hosts belong to a fleet. */
const FLEET_SHARE: Readonly<Record<Scope, number>> = { plain: 0.02, wide: 0.4, fleet: 1 };

/**
 * What a scenario is made of: `wide` has instruments and the state channel, too, and no steps of
 * roles that the host does not run; in `fleet` each host belongs to a fleet.
 */
export type Scope = "plain" | "wide" | "fleet";

/** One of the steps that a scenario takes. */
export type StepName = keyof typeof STEPS | keyof typeof WIDE_STEPS | keyof typeof FLEET_STEPS;

/** Steps that need a role. */
const ROLE_OF_STEP: Readonly<Partial<Record<StepName, string>>> = {
  phones: "trigger",
  games: "state",
  channel: "state",
  instrument: "hev",
  fleet: "fleet",
};

/** A step with the seed of its own choices, so that others can be left out. */
export interface Step {
  readonly name: StepName;
  readonly seed: number;
}

const NAMES = ["tetris", "foyer", "globe", "a b", "ünïcode", "<i>x</i>"];
const ADDRESSES = ["127.0.0.1", "127.0.0.2", "10.0.0.7", "10.0.0.8"];
const STEPS_MIN = 8;
const STEPS_MAX = 40;
/** A clock is set by up to two years. */
const CLOCK_STEP_MS_MAX = 2 * 365 * 86_400_000;
/** How long an endpoint that works may take to get all messages, in milliseconds. */
const TELLING_MS_MAX = 3 * 3_600_000;
/** Within this time everything that has happened is written down, in milliseconds. */
const COMMIT_MS_MAX = 2_000;
/** Within this time after a disk works again everything is on it, in milliseconds. */
const DISK_MS_MAX = 120_000;
/** How long hostile peers may hold on to a connection, in milliseconds. */
const HOSTILE_MS_MAX = 60_000;

/** Peers that gave up before they were accepted. */
const ACCEPT_FAILURES_MAX = 300;

/** Within this time after the brokers work again a host is connected, in milliseconds. */
const FLEET_MENDS_MS = 20_000;

/** Within this time consoles agree on who tells people, in milliseconds. */
const FLEET_TELLS_MS = 150_000;

/** What a ping that could not be sent costs, in milliseconds. */
const PING_LOST_MS = 1_100;

interface App {
  readonly name: string;
  readonly address: string;
  delayMs: number;
  /** When it beats next, in milliseconds of monotonic time; `Infinity` if it is silent. */
  nextAt: number;
}

/** The steps of a seed. */
export function stepsOf(seed: number, scope: Scope = "plain"): Step[] {
  const random = new Random(seed);
  const weights = weightsOf(scope, settingsOf(seed, scope));
  const count = random.whole(STEPS_MIN, STEPS_MAX);
  return Array.from({ length: count }, () => ({
    name: random.weighted(weights),
    seed: random.whole(0, 2 ** 31),
  }));
}

function weightsOf(scope: Scope, settings: Flags): Readonly<Record<StepName, number>> {
  const all: Readonly<Record<StepName, number>> = {
    ...STEPS,
    channel: 0,
    instrument: 0,
    // One without weight changes no choice, so that hosts without a fleet do what they always did.
    fleet: "fleet" in settings ? FLEET_STEPS.fleet : 0,
  };
  if (scope !== "wide") return all;
  const weights: Record<StepName, number> = { ...all, ...WIDE_STEPS };
  for (const [name, role] of Object.entries(ROLE_OF_STEP)) {
    if (!(role in settings)) weights[name as StepName] = 0;
  }
  return weights;
}

/** What came of a run. */
export interface Outcome {
  readonly complaint: string | undefined;
  /** What happened, for a reader. */
  readonly trace: readonly string[];
  /** Simulated time, in milliseconds. */
  readonly simulatedMs: number;
  /** What the host asked of its machine: how often, and what of it failed. */
  readonly operations: { readonly count: number; readonly failed: Operation | undefined };
}

/**
 * Runs steps on a host.
 *
 * @param options What is to go wrong with the machine.
 */
export async function runScenario(
  settings: Flags,
  steps: readonly Step[],
  options: WorldOptions = {},
): Promise<Outcome> {
  const root = await makeFolder();
  const world = await World.make(root, options);
  const scenario = new Scenario(world, settings);
  let complaint: string | undefined;
  try {
    await scenario.begin();
    for (const step of steps) await scenario.take(step);
    await scenario.finish();
  } catch (error) {
    complaint = error instanceof Error ? error.stack ?? error.message : String(error);
  }
  try {
    await world[Symbol.asyncDispose]();
  } catch (error) {
    complaint ??= `Cannot stop: ${error}`;
  }
  complaint ??= world.faults[0];
  await Deno.remove(root, { recursive: true });
  const trace = complaint === undefined ? [] : [...scenario.trace, "--- log ---", ...world.log];
  const { count, fired } = world.ordeal;
  const operations = { count, failed: fired?.operation };
  return { complaint, trace, simulatedMs: world.time.now, operations };
}

/** A folder for the host's data, in memory where the machine has such a place: the disk is played. */
async function makeFolder(): Promise<string> {
  const prefix = "pulsebox-sim-";
  try {
    return await Deno.makeTempDir({ dir: "/dev/shm", prefix });
  } catch {
    return await Deno.makeTempDir({ prefix });
  }
}

class Scenario {
  readonly trace: string[] = [];
  readonly #world: World;
  readonly #settings: Flags;
  readonly #apps = new Map<string, App>();
  readonly #oracle: Oracle;
  readonly #listener: Listener;
  readonly #crowd: Crowd;
  readonly #phones: Phones | undefined;
  readonly #games: Games | undefined;
  readonly #channel: Channel | undefined;
  readonly #instrument: Hev | undefined;
  readonly #fleet: Fleet | undefined;
  readonly #parts: readonly Part[];
  /** When the disk began to fail, or to work again. */
  #diskChangedAt = -Infinity;
  #isForgiven = false;
  #hasMissed = false;

  constructor(world: World, settings: Flags) {
    this.#world = world;
    this.#settings = settings;
    this.#listener = new Listener(world.network, () => world.time.now);
    this.#oracle = new Oracle(() => world.time.now, "webhook" in this.#settings);
    this.#crowd = new Crowd(world.network);
    const { network, time } = world;
    if ("trigger" in this.#settings) this.#phones = new Phones(network, time, PORTS.trigger);
    if ("state" in this.#settings) {
      this.#games = new Games(world, PORTS.state, () => this.#oracle.hostPause);
      this.#channel = new Channel(world);
    }
    if ("hev" in this.#settings) {
      this.#instrument = hevOf(world, settings, () => this.#oracle.hostPause);
    }
    if ("fleet" in this.#settings) {
      this.#fleet = new Fleet(world, settings, () => this.#oracle.hostPause);
    }
    this.#listener.onChange = (change) => {
      try {
        this.#fleet?.told(change);
      } catch (error) {
        world.faults.push(error instanceof Error ? error.message : String(error));
      }
    };
    world.onWait = (ms) => this.#listen(ms);
    const parts = [this.#phones, this.#games, this.#channel, this.#instrument, this.#fleet];
    this.#parts = parts.filter((part) => part !== undefined);
  }

  async begin(): Promise<void> {
    this.#note(`start ${JSON.stringify(this.#settings)}`);
    await this.#world.start(this.#settings);
    await this.#connect();
  }

  async take({ name, seed }: Step): Promise<void> {
    const random = new Random(seed);
    this.#note(name);
    await this.#steps[name](random);
    this.#forgive();
    if (this.#hasMissed && !this.#listener.isConnected) await this.#connect();
    await this.#check();
  }

  /** One operation of the machine has failed: what that may cost is not held against the host. */
  #forgive(): void {
    const { fired } = this.#world.ordeal;
    if (fired === undefined || this.#isForgiven) return;
    this.#isForgiven = true;
    this.#note(`${fired.operation} has failed at ${(fired.at / 1_000).toFixed(3)}`);
    this.#oracle.isPlain = false;
    // The listener may have missed what was told.
    this.#hasMissed = true;
    if (fired.operation === "send") this.#phones?.stand(PING_LOST_MS);
    for (const part of this.#parts) part.forgive?.(fired.operation);
    if (fired.operation !== "disk") return;
    this.#diskChangedAt = fired.at;
    this.#oracle.doubtDisk();
    for (const part of this.#parts) part.doubtDisk?.();
  }

  /** Everybody gets what was promised, and nothing is left. */
  async finish(): Promise<void> {
    const world = this.#world;
    this.#note("finish");
    world.endpoint.manner = "takes";
    world.shell.exitStatus = 0;
    world.disk.manner = "works";
    await this.#check();
    await this.#mendFleet();
    const began = world.time.now;
    await this.#pass(COMMIT_MS_MAX);
    for (let waited = 0; !await this.#isQuiet(); waited += 1) {
      if (this.#world.time.now > began + TELLING_MS_MAX) {
        throw new Error("Messages still wait after three hours");
      }
      await this.#pass(waited < 30 ? COMMIT_MS_MAX : 60_000);
    }
    if (!this.#hasMissed) this.#oracle.checkRuns(this.#listener.changes, world.shell.runs);
    const told = world.endpoint.taken.map(withoutFleet);
    this.#oracle.checkTold(this.#changesHere(), told);
    await this.#fleet?.checkTold(world.endpoint.taken, this.#listener.changes);
    for (const id of this.#oracle.certain()) {
      const reply = await world.ask(`/api/v1/members/uptime?id=${encodeURIComponent(id)}`);
      if (reply.status === 200) {
        this.#oracle.checkUptime(id, JSON.parse(reply.body), this.#listener.changes);
      }
    }
    this.#listener.close();
    if ("webhook" in this.#settings) {
      this.#instrument?.finish(this.#oracle.alarmsOf(told));
    }
    // Whoever only listens may do so for ever.
    this.#instrument?.leave();
    this.#channel?.leave();
    this.#crowd.leave([PORTS.hevWeb, PORTS.hevNative]);
    await this.#pass(HOSTILE_MS_MAX);
    const held = world.network.serverEnds;
    if (held > 0) throw new Error(`${held} connections are still held for nobody`);
    this.#crowd.leave();
    await world.stop();
    const { timers } = world.time;
    const { outgoing } = world.network;
    const openSockets = world.network.openSockets + outgoing;
    const { descriptors } = world.serial;
    this.#fleet?.leave();
    if (timers + openSockets + descriptors > 0) {
      throw new Error(
        `After the stop ${timers} timers, ${openSockets} sockets and ${descriptors} files are left`,
      );
    }
  }

  /** The brokers work again, and some time after the console knows all that hosts said. */
  async #mendFleet(): Promise<void> {
    if (this.#fleet === undefined) return;
    this.#fleet.mend();
    await this.#pass(FLEET_MENDS_MS);
    await this.#pass(QUIET_MS);
    await this.#fleet.checkPicture();
    if (this.#fleet.tells) await this.#pass(FLEET_TELLS_MS);
  }

  /** Changes of members that are no hosts of a fleet. */
  #changesHere(): ToldChange[] {
    return this.#listener.changes.filter(({ member }) => !isOfFleet(member));
  }

  readonly #steps: Readonly<Record<StepName, (random: Random) => Promise<void>>> = {
    wait: (random) => this.#pass(random.pick([50, 900, 1_000, 5_000, 20_000, 60_000])),
    join: async (random) => {
      const app: App = {
        name: random.pick(NAMES),
        address: random.pick(ADDRESSES),
        delayMs: random.pick([0, 100, 500, 1_000, 3_000, 10_000]),
        nextAt: Infinity,
      };
      this.#apps.set(`${app.name} @ ${app.address}`, app);
      await this.#beat(app, random.chance(0.5) ? "hb_init" : "hb_ping");
    },
    silence: async (random) => {
      const app = this.#one(random);
      if (app !== undefined) app.nextAt = Infinity;
      await this.#pass(random.pick([100, 3_000, 30_000]));
    },
    goodbye: async (random) => {
      const app = this.#one(random);
      if (app !== undefined) await this.#goodbye(app);
    },
    failure: async (random) => {
      const app = this.#one(random);
      if (app !== undefined) await this.#fail(app);
    },
    // It fails, is back, and fails again before its next turn has come.
    relapse: async (random) => {
      const app = this.#one(random);
      if (app === undefined) return;
      await this.#fail(app);
      await this.#pass(2_000);
      await this.#beat(app, "hb_ping");
      await this.#pass(100);
      await this.#fail(app);
    },
    longer: (random) => this.#pass(random.whole(60_000, 400_000)),
    hostile: async (random) => {
      const port = random.pick(this.#world.network.ports);
      for (const part of this.#parts) part.strangerAt?.(port);
      this.#crowd.come(random, port);
      await this.#world.time.settle();
    },
    acceptFailure: async (random) => {
      const error = random.pick([
        () => Object.assign(new Deno.errors.NotConnected("os error 107"), { code: "ENOTCONN" }),
        () =>
          Object.assign(new Deno.errors.ConnectionAborted("os error 103"), {
            code: "ECONNABORTED",
          }),
      ]);
      const port = random.pick(this.#world.network.ports);
      for (let left = random.whole(1, ACCEPT_FAILURES_MAX); left > 0; left--) {
        this.#world.network.failAccept(port, error());
      }
      await this.#world.time.settle();
    },
    stall: async (random) => {
      const ms = random.pick([100, 400, 1_500, 10_000, 3_600_000]);
      this.#note(`stall ${ms}`);
      this.#oracle.isPlain = false;
      this.#world.time.stall(ms);
      this.#oracle.stand(ms);
      for (const part of this.#parts) part.stand(ms);
      for (const app of this.#apps.values()) {
        if (app.nextAt < this.#world.time.now) app.nextAt = this.#world.time.now;
      }
      await this.#pass(1);
    },
    clockStep: async (random) => {
      const ms = random.whole(-CLOCK_STEP_MS_MAX, CLOCK_STEP_MS_MAX);
      this.#world.time.stepWall(random.chance(0.5) ? ms : random.whole(-5_000, 5_000));
      this.#oracle.isPlain = false;
      await this.#pass(1_000);
    },
    pause: async (random) => {
      const app = this.#one(random);
      if (app === undefined) return;
      const forMs = random.pick([undefined, 5_000, 60_000]);
      const body = { reason: "cleaning", ...(forMs === undefined ? {} : { forMs }) };
      const reply = await this.#call("POST", `/api/v1/members/pause?id=${escaped(app)}`, body);
      if (reply.status === 200) this.#oracle.pause(idOf(app), forMs ?? Infinity);
      else this.#oracle.refused(idOf(app), reply);
    },
    resume: async (random) => {
      const app = this.#one(random);
      if (app === undefined) return;
      const reply = await this.#call("POST", `/api/v1/members/resume?id=${escaped(app)}`, {});
      if (reply.status === 200) this.#oracle.resume(idOf(app));
      else this.#oracle.refused(idOf(app), reply);
    },
    hostPause: async () => {
      await this.#call("POST", "/api/v1/pause", { reason: "closed" });
      this.#oracle.pauseHost(true);
    },
    hostResume: async () => {
      await this.#call("POST", "/api/v1/resume", {});
      this.#oracle.pauseHost(false);
      for (const part of this.#parts) part.hostResumed?.();
    },
    forget: async (random) => {
      const app = this.#one(random);
      if (app === undefined) return;
      app.nextAt = Infinity;
      const reply = await this.#call("DELETE", `/api/v1/members?id=${escaped(app)}`);
      if (reply.status === 200) this.#oracle.gone(idOf(app));
      else this.#oracle.refused(idOf(app), reply);
    },
    endpoint: (random) => {
      const manners: Manner[] = [
        "takes",
        "takes",
        "refuses",
        "busy",
        "hangs",
        "unreachable",
        "deaf-after",
      ];
      this.#world.endpoint.manner = random.pick(manners);
      return Promise.resolve();
    },
    shell: (random) => {
      this.#world.shell.exitStatus = random.pick([0, 1]);
      this.#world.shell.takesMs = random.pick([0, 500, 90_000]);
      return Promise.resolve();
    },
    restart: async (random) => {
      await this.#world.stop();
      this.#listen(2_000);
      await this.#away(random, "stopped");
    },
    kill: async (random) => {
      await this.#world.kill();
      this.#oracle.killed();
      for (const part of this.#parts) part.killed?.();
      await this.#away(random, "killed");
    },
    reload: () => this.#world.reload(this.#settings),
    ask: async (random) => {
      const target = random.pick([
        "/",
        "/metrics",
        "/healthz",
        "/api/v1/history",
        "/badge.svg",
        "/nope",
      ]);
      const reply = await this.#world.ask(target);
      if (reply.status >= 500 && target !== "/healthz") {
        throw new Error(`${target} got ${reply.status}`);
      }
    },
    listenAgain: () => this.#connect(),
    // A page of somebody else, in a browser of somebody on the network.
    foreign: async (random) => {
      const fields = random.pick([
        ["Origin: https://evil.example", "Sec-Fetch-Site: cross-site"],
        ["Origin: https://evil.example"],
        ["Origin: null", "Sec-Fetch-Site: cross-site"],
      ]);
      const { status } = await this.#world.ask("/api/v1/pause", {
        method: "POST",
        body: {},
        fields,
      });
      if (status !== 403) throw new Error(`A foreign page pauses the host: ${status}`);
      await this.#games?.checkForeign(fields);
    },
    phones: async (random) => await this.#phones?.step(random),
    games: async (random) => await this.#games?.step(random),
    channel: async (random) => await this.#channel?.step(random),
    instrument: async (random) => await this.#instrument?.step(random),
    fleet: async (random) => await this.#fleet?.step(random),
    disk: async (random) => {
      const { disk } = this.#world;
      disk.manner = random.pick(["works", "works", "full", "broken"]);
      this.#note(`the disk ${disk.manner}`);
      this.#diskChangedAt = this.#world.time.now;
      await this.#pass(COMMIT_MS_MAX);
    },
  };

  /** Time passes, and all that beat do so. */
  async #pass(ms: number): Promise<void> {
    const until = this.#world.time.now + ms;
    for (;;) {
      let next: App | undefined;
      for (const app of this.#apps.values()) {
        if (app.nextAt <= until && app.nextAt < (next?.nextAt ?? Infinity)) next = app;
      }
      let at = next?.nextAt ?? until;
      let part: Part | undefined;
      for (const other of this.#parts) {
        if (other.nextAt() >= at) continue;
        at = other.nextAt();
        part = other;
      }
      const stepMs = Math.max(0, at - this.#world.time.now);
      await this.#world.time.pass(stepMs);
      this.#listen(stepMs);
      if (part !== undefined) await part.act();
      else if (next !== undefined) await this.#beat(next, "hb_ping");
      else return;
    }
  }

  async #beat(app: App, command: "hb_init" | "hb_ping"): Promise<void> {
    app.nextAt = this.#world.time.now + Math.max(app.delayMs, 200);
    const target = `/${command}?${app.delayMs}&appid=${encodeURIComponent(app.name)}`;
    const reply = await this.#send(target, app.address);
    if (reply?.status !== 200 || reply.body !== String(app.delayMs + 1_000)) {
      throw new Error(`${command} of ${idOf(app)} got ${JSON.stringify(reply)}`);
    }
    this.#oracle.heard(idOf(app), app.delayMs + 1_000, command === "hb_init" ? "starting" : "ok");
  }

  async #fail(app: App): Promise<void> {
    app.nextAt = Infinity;
    const target = `/hb_fail?${app.delayMs}&appid=${encodeURIComponent(app.name)}&reason=exit+7`;
    const reply = await this.#send(target, app.address);
    if (reply?.status !== 200) throw new Error(`hb_fail got ${reply?.status}`);
    this.#oracle.failed(idOf(app), app.delayMs + 1_000);
  }

  async #goodbye(app: App): Promise<void> {
    app.nextAt = Infinity;
    const reply = await this.#send(`/hb_done?0&appid=${encodeURIComponent(app.name)}`, app.address);
    if (reply?.status !== 200) throw new Error(`hb_done got ${reply?.status}`);
    this.#oracle.left(idOf(app));
  }

  /** Honest requests are answered at once, whatever others do. */
  async #send(target: string, from: string) {
    return await insist(
      this.#world,
      target,
      () => request(this.#world.network, PORTS.heartbeat, target, { from }),
    );
  }

  async #call(method: string, target: string, body?: unknown) {
    const reply = await this.#world.ask(target, {
      method,
      ...(body === undefined ? {} : { body }),
    });
    if (reply.status >= 500) {
      throw new Error(`${method} ${target} got ${reply.status} ${reply.body}`);
    }
    return reply;
  }

  async #away(random: Random, how: string): Promise<void> {
    this.#oracle.isPlain = false;
    const { disk, time } = this.#world;
    const isWritten = disk.manner === "works" && time.now - this.#diskChangedAt > DISK_MS_MAX;
    if (!isWritten) {
      this.#oracle.doubtDisk();
      for (const part of this.#parts) part.doubtDisk?.();
    }
    const awayMs = random.pick([0, 1_000, 60_000, 3_600_000]);
    this.#note(`${how} for ${awayMs} ms`);
    for (const part of this.#parts) part.stopped?.();
    await this.#world.time.pass(awayMs);
    await this.#world.start(this.#settings);
    this.#oracle.restarted(awayMs);
    for (const part of this.#parts) part.restarted();
    for (const app of this.#apps.values()) {
      if (app.nextAt < this.#world.time.now) app.nextAt = this.#world.time.now;
    }
    await this.#connect();
  }

  #listen(ms: number): void {
    this.#oracle.listen(ms);
    for (const part of this.#parts) part.listen(ms);
  }

  async #connect(): Promise<void> {
    this.#listener.listen(PORTS.console);
    await this.#world.time.settle();
  }

  #one(random: Random): App | undefined {
    const apps = [...this.#apps.values()];
    return apps.length === 0 ? undefined : random.pick(apps);
  }

  async #check(): Promise<void> {
    const [fault] = this.#world.faults;
    if (fault !== undefined) throw new Error(fault);
    const { body } = await this.#world.ask("/api/v1/members");
    const verdict = JSON.parse((await this.#world.ask("/api/v1/verdict")).body);
    const hasEmergency = await this.#games?.hasEmergency() ?? false;
    const shown = JSON.parse(body);
    this.#oracle.checkMembers(shown, verdict, hasEmergency);
    for (const part of this.#parts) await part.check({ members: shown.members, verdict });
    const list = await this.#send("/list", "127.0.0.1");
    this.#oracle.checkList(list?.body ?? "");
    // The stream gathers what happens for a moment; nobody beats meanwhile.
    let difference: string | undefined;
    for (let tries = 0; tries < 2; tries++) {
      await this.#world.time.pass(100);
      this.#listen(100);
      if (!this.#listener.isConnected) return;
      const after = JSON.parse((await this.#world.ask("/api/v1/members")).body);
      difference = this.#oracle.differenceOf(this.#listener, after);
      if (difference === undefined) return;
    }
    throw new Error(difference);
  }

  /** Whether nothing has happened lately, and all is told. */
  async #isQuiet(): Promise<boolean> {
    const lastAt = this.#listener.changes.at(-1)?.at ?? 0;
    if (this.#world.time.now - lastAt < COMMIT_MS_MAX) return false;
    const { changes } = this.#listener;
    if ("onLost" in this.#settings && this.#oracle.owesRun(changes, this.#world.shell.runs)) {
      return false;
    }
    const { body } = await this.#world.ask("/metrics");
    return Number(/^pulsebox_notifications_waiting (\d+)/m.exec(body)?.[1] ?? 0) === 0;
  }

  #note(what: string): void {
    this.trace.push(`${(this.#world.time.now / 1_000).toFixed(3)} ${what}`);
  }
}

/** The host's settings of a seed. */
export function settingsOf(seed: number, scope: Scope = "plain"): Flags {
  const random = new Random(seed ^ 0x5bd1e995);
  return {
    heartbeat: true,
    ...(random.chance(0.8) ? { webhook: ["http://127.0.0.1:9/hook"] } : {}),
    ...(random.chance(0.5) ? { onLost: "echo" } : {}),
    ...(random.chance(0.4)
      ? { trigger: true, triggerExpirationMs: String(EXPIRATION_MS / 1_000) }
      : {}),
    ...(random.chance(0.4) ? { state: true } : {}),
    ...(scope === "wide" && random.chance(0.5) ? hevSettingsOf(random) : {}),
    ...fleetOf(seed, scope),
  };
}

/** Whether a host belongs to a fleet: chosen apart from all else, which stays as it was without. */
function fleetOf(seed: number, scope: Scope): Flags {
  const random = new Random(seed ^ 0x2545f491);
  return random.chance(FLEET_SHARE[scope]) ? fleetSettingsOf(random) : {};
}

function idOf({ name, address }: App): string {
  return `hilbert/${name} @ ${address}`;
}

function escaped(app: App): string {
  return encodeURIComponent(idOf(app));
}
