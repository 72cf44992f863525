/**
 * Kills a host under load, over and over, and looks at what it remembers.
 *
 *     deno run --allow-all scripts/torture/kill9.ts [COUNT] [SEED]
 *
 * Applications beat, announce other silences, go into maintenance and say goodbye, each with a journal.
 * After each kill the next run must know all that was confirmed a second before; nobody who keeps
 * beating may be late or lost, neither after a start nor in the history; and who died without a goodbye
 * must be lost at the end. Prints one line; exit status 1 if anything was wrong.
 *
 * @module
 */

import { DatabaseSync } from "node:sqlite";
import { Application } from "./application.ts";
import { freePorts, type HostPorts, HostProcess, type MembersJson } from "./host_process.ts";
import { equal, Journal, NOTHING, type Operation } from "./journal.ts";
import { randomFrom } from "./random.ts";

const APPLICATIONS = 30;
const DEAD_MAX = 5;
/** How long a run lasts at the most once it is ready, in milliseconds. */
const RUN_MS_MAX = 2_500;
/** Share of the runs that are killed before they are ready, and within which time. */
const EARLY_SHARE = 0.1;
const EARLY_MS_MAX = 500;
/** Share of the kills that are followed by a longer outage, and its length: more than three promises. */
const OUTAGE_SHARE = 0.05;
const OUTAGE_MS = 4_500;
/** Share of the runs in which the maintenance of the whole host begins or ends. */
const HOST_PAUSE_SHARE = 0.3;
/** How often the members are looked at during a run, in milliseconds. */
const WATCH_MS = 200;
/** The last run goes on until the dead are lost: five promises of 1.4 s, and a margin. */
const LAST_RUN_MS_MAX = 20_000;
/** Complaints in the report. */
const COMPLAINTS_MAX = 20;

/** What a torture found. */
export interface TortureReport {
  kills: number;
  memoriesChecked: number;
  /** Applications that died and were noticed, and those that were held up by their own machine. */
  dead: number;
  heldUp: number;
  complaints: string[];
}

/** Options of {@linkcode torture}. */
export interface TortureOptions {
  /** Kills, 1 or more. */
  count: number;
  seed: number;
  /** Told how it goes. */
  onProgress?: (kills: number, complaints: number) => void;
}

/** Kills a host `count` times. */
export async function torture(options: TortureOptions): Promise<TortureReport> {
  const directory = await Deno.makeTempDir({ prefix: "pulsebox-kill9-" });
  try {
    const run = new Torture(directory, options.seed);
    for (let kill = 0; kill < options.count; kill++) {
      await run.once();
      options.onProgress?.(kill + 1, run.report.complaints.length);
    }
    await run.last();
    return run.report;
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

class Torture {
  readonly report: TortureReport = {
    kills: 0,
    memoriesChecked: 0,
    dead: 0,
    heldUp: 0,
    complaints: [],
  };
  readonly #directory: string;
  readonly #ports: HostPorts = freePorts();
  readonly #random: () => number;
  readonly #applications: Application[] = [];
  /** The maintenance of the host as a whole. */
  readonly #hostJournal = new Journal();
  #killedAt = -Infinity;

  constructor(directory: string, seed: number) {
    this.#directory = directory;
    this.#random = randomFrom(seed);
    for (let index = 0; index < APPLICATIONS; index++) {
      const random = randomFrom(seed * 1_000 + index);
      this.#applications.push(new Application(`app${index}`, random));
    }
  }

  /** One run: start, check, load, kill. */
  async once(): Promise<void> {
    if (this.#random() < OUTAGE_SHARE) await delay(OUTAGE_MS);
    const host = new HostProcess(this.#directory, this.#ports);
    try {
      if (this.#random() < EARLY_SHARE) {
        await delay(this.#random() * EARLY_MS_MAX);
        // It heard nobody, so the next run is measured by the kill before.
        this.report.kills++;
        return;
      }
      await host.ready();
      await this.#check(host);
      if (this.#random() < HOST_PAUSE_SHARE) await this.#toggleHostPause(host);
      await this.#load(host, this.#random() * RUN_MS_MAX, () => {
        this.#killedAt = performance.now();
        return host.kill();
      });
      this.report.kills++;
    } finally {
      await host.kill();
    }
  }

  /** After an outage, a run that is long enough for the dead to be noticed. */
  async last(): Promise<void> {
    await delay(OUTAGE_MS);
    const host = new HostProcess(this.#directory, this.#ports);
    try {
      await host.ready();
      await this.#check(host);
      if (this.#hostJournal.latest.pause !== undefined) await this.#toggleHostPause(host);
      const dead = this.#applications.filter((application) => application.dead);
      const deadline = performance.now() + LAST_RUN_MS_MAX;
      await this.#load(host, LAST_RUN_MS_MAX, () => Promise.resolve(), async () => {
        const { members } = await host.members();
        const states = new Map(members.map(({ name, state }) => [name, state]));
        const noticed = dead.every(({ name }) => ["lost", "gone"].includes(states.get(name) ?? ""));
        return noticed || performance.now() > deadline;
      });
      const { members } = await host.members();
      for (const { name } of dead) {
        const state = members.find((member) => member.name === name)?.state;
        if (state !== "lost" && state !== "gone") this.#complain(`${name} died and is ${state}`);
      }
      this.report.dead = dead.length;
      this.report.heldUp = this.#applications.filter(({ heldUp }) => heldUp).length;
    } finally {
      await host.kill();
    }
    this.#checkHistory();
  }

  async #check(host: HostProcess): Promise<void> {
    const [{ members, pause }, list] = [await host.members(), new Set(await host.list())];
    this.#checkHost(pause?.reason);
    for (const application of this.#applications) {
      const found = members.find(({ name }) => name === application.name);
      const complaint = application.check(found, list.has(application.id), this.#killedAt);
      if (complaint !== undefined) this.#complain(`after kill ${this.report.kills}: ${complaint}`);
      this.report.memoriesChecked++;
    }
  }

  #checkHost(pause: string | undefined): void {
    const memory = { ...NOTHING, pause };
    const acceptable = this.#hostJournal.acceptable(this.#killedAt);
    this.#hostJournal.rebase(memory);
    if (acceptable.some((one) => equal(one, memory))) return;
    this.#complain(`after kill ${this.report.kills}: host has pause "${pause}"`);
  }

  /** Begins or ends the maintenance of the host. */
  async #toggleHostPause(host: HostProcess): Promise<void> {
    const operation: Operation = this.#hostJournal.latest.pause === undefined
      ? { kind: "pause", reason: `kill ${this.report.kills}` }
      : { kind: "resume" };
    const confirm = this.#hostJournal.begin(operation);
    const body = operation.kind === "pause" ? { reason: operation.reason } : {};
    const response = await host.console(operation.kind, body);
    await response.body?.cancel();
    confirm(performance.now());
  }

  /** Lets all applications live until the time is over or `isOver` says so, then ends the run. */
  async #load(
    host: HostProcess,
    lengthMs: number,
    end: () => Promise<void>,
    isOver: () => Promise<boolean> = () => Promise.resolve(false),
  ): Promise<void> {
    const stop = new AbortController();
    const lives = this.#applications.map((application) => application.live(host, stop.signal));
    const deadline = performance.now() + lengthMs;
    const mortal = this.#applications[Math.floor(this.#random() * APPLICATIONS)];
    while (performance.now() < deadline && !(await isOver())) {
      await delay(Math.min(WATCH_MS, Math.max(0, deadline - performance.now())));
      this.#watch(await host.members());
    }
    const dead = this.#applications.filter((application) => application.dead).length;
    if (dead < DEAD_MAX) mortal?.die();
    await end();
    stop.abort();
    await Promise.all(lives);
  }

  #watch({ members }: MembersJson): void {
    const now = performance.now();
    const byName = new Map(members.map((member) => [member.name, member]));
    for (const application of this.#applications) {
      const complaint = application.watch(byName.get(application.name), now);
      if (complaint !== undefined) this.#complain(`in run ${this.report.kills}: ${complaint}`);
    }
  }

  /** Alarms that came and went between two looks are in the history. */
  #checkHistory(): void {
    const database = new DatabaseSync(`${this.#directory}/pulsebox.db`);
    try {
      const alarms = database.prepare(`
        SELECT id, detail FROM history
        WHERE type = 'member-state' AND detail ->> 'to' IN ('late', 'lost', 'gone')
      `).all();
      for (const { id, detail } of alarms) {
        const application = this.#applications.find((one) => one.id === id);
        if (application?.dead !== true && application?.heldUp !== true) {
          this.#complain(`history: ${id} ${detail}`);
        }
      }
    } finally {
      database.close();
    }
  }

  #complain(complaint: string): void {
    const { complaints } = this.report;
    if (complaints.length < COMPLAINTS_MAX) complaints.push(complaint);
  }
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

if (import.meta.main) {
  const count = Number(Deno.args[0] ?? 1_000);
  const seed = Number(Deno.args[1] ?? Date.now() % 1_000_000);
  const started = performance.now();
  const report = await torture({
    count,
    seed,
    onProgress: (kills, complaints) => {
      if (kills % 50 === 0) console.error(`${kills} kills, ${complaints} complaints`);
    },
  });
  for (const complaint of report.complaints) console.error(complaint);
  const seconds = Math.round((performance.now() - started) / 1_000);
  console.log(
    `kill9: seed ${seed}, ${report.kills} kills in ${seconds} s, ` +
      `${report.memoriesChecked} memories checked, ${report.dead} dead noticed, ${report.heldUp} held up, ` +
      `${report.complaints.length} complaints`,
  );
  Deno.exit(report.complaints.length === 0 ? 0 : 1);
}
