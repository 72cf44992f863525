/**
 * One soak: a host with all roles, clients of every kind, chaos, readings and laws.
 *
 * @module
 */

import { DatabaseSync } from "node:sqlite";
import { randomFrom } from "../torture/random.ts";
import { Applications } from "./applications.ts";
import { Chaos } from "./chaos.ts";
import {
  type Crowd,
  type Judge,
  type Metrics,
  type Pace,
  pause,
  sampleOf,
  type Scene,
} from "./crowd.ts";
import { FigureBook, type QuantityRow } from "./figures.ts";
import { SoakHost } from "./host.ts";
import { type Claim, LawBook, type LawRow } from "./law_book.ts";
import { OutageJournal } from "./outage_journal.ts";
import { Pages } from "./pages.ts";
import { Phones } from "./phones.ts";
import { Players } from "./players.ts";
import { Publications } from "./publications.ts";
import { Ventilator } from "./ventilator.ts";

const SECOND_MS = 1_000;
/** How long what was told may take to be delivered at the end, in milliseconds. */
const DELIVERY_MS_MAX = 60_000;
const COMPARE_EVERY_MS = 5_000;

/** The pace of a long run. */
export const STEADY_PACE: Pace = {
  beatMs: 2_000,
  delayMs: 2_000,
  leaseMs: 20_000,
  timebombMs: 10_000,
  tellingMs: 120_000,
  actMs: 60_000,
  chaosMs: 15_000,
};

/** Options of {@linkcode soak}. */
export interface SoakOptions {
  /** How long, in milliseconds, without start and end. */
  readonly forMs: number;
  /** Between two readings, in milliseconds. */
  readonly sampleMs: number;
  /** How long the host lives before it is killed, in milliseconds. */
  readonly lifeMs: number;
  readonly seed: number;
  /** How many applications there are; the other clients are as many as go with them. */
  readonly applications: number;
  readonly pace: Pace;
  /** Ends it early. */
  readonly signal: AbortSignal;
  /** Told how it goes, a line at a time. */
  readonly onLine: (line: string) => void;
}

/** What a soak found. */
export interface SoakReport {
  readonly minutes: number;
  readonly kills: number;
  readonly cpuPercent: number;
  readonly quantities: readonly QuantityRow[];
  readonly laws: readonly LawRow[];
  /** What was done, by what it is. */
  readonly counts: Readonly<Record<string, number>>;
  /** Lines of the host's log that are errors. */
  readonly errors: ReadonlyMap<string, number>;
  readonly isWell: boolean;
}

/** Runs it. */
export async function soak(options: SoakOptions): Promise<SoakReport> {
  const directory = await Deno.makeTempDir({ prefix: "pulsebox-soak-" });
  try {
    return await new Soak(options, directory).run();
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

class Soak {
  readonly #options: SoakOptions;
  readonly #directory: string;
  readonly #random: () => number;
  readonly #laws = new LawBook();
  readonly #figures: FigureBook;
  readonly #ending = new AbortController();
  #crowds: readonly Crowd[] = [];
  #outages: OutageJournal | undefined;

  constructor(options: SoakOptions, directory: string) {
    this.#options = options;
    this.#directory = directory;
    this.#random = randomFrom(options.seed);
    this.#figures = new FigureBook(options.lifeMs / 3);
  }

  async run(): Promise<SoakReport> {
    const { pace, applications } = this.#options;
    await using stack = new AsyncDisposableStack();
    const outages = stack.use(new OutageJournal(this.#random));
    this.#outages = outages;
    const host = stack.use(this.#makeHost(outages.url));
    const scene: Scene = {
      places: host.places,
      pace,
      random: this.#random,
      signal: this.#ending.signal,
    };
    const ventilator = await Ventilator.plugIn(scene, host.serialPath);
    stack.use(ventilator);
    // Clients end before the host does; this comes once more after the last of them.
    stack.defer(() => this.#ending.abort());
    await host.start();
    const publications = stack.use(new Publications(scene));
    const pages = stack.use(new Pages(2 + Math.floor(applications / 8), scene));
    this.#crowds = [
      outages,
      ventilator,
      publications,
      pages,
      stack.use(new Applications(applications, scene, outages)),
      stack.use(new Phones(applications, scene)),
      stack.use(new Players(Math.ceil(applications / 4), scene)),
    ];
    stack.defer(() => this.#ending.abort());
    const chaos = new Chaos({ host, ventilator, publications }, scene);
    const startedAt = performance.now();
    await this.#disturb(host, chaos, pages);
    await this.#settle(host);
    const minutes = (performance.now() - startedAt) / 60_000;
    // It holds the database locked.
    await host.kill();
    this.#checkDatabase(host);
    return this.#report(host, chaos, minutes);
  }

  #makeHost(webhook: string): SoakHost {
    const { leaseMs, timebombMs } = this.#options.pace;
    return new SoakHost({
      directory: this.#directory,
      webhook,
      flags: [
        `--trigger-expiration=${leaseMs / SECOND_MS}`,
        `--state-timebomb=${timebombMs / SECOND_MS}`,
        "--flap-outages=1000",
        // Its packets are increments, so that each must arrive; those of the web port are snapshots.
        "--hev-native-dialect=nul",
      ],
    });
  }

  /** The time in which things happen. */
  async #disturb(host: SoakHost, chaos: Chaos, pages: Pages): Promise<void> {
    const { forMs, sampleMs, lifeMs, signal } = this.#options;
    const over = AbortSignal.any([signal, AbortSignal.timeout(forMs)]);
    const disturbing = [chaos.run(over), this.#compare(pages, over)];
    let killAt = performance.now() + lifeMs;
    for (let at = performance.now() + sampleMs; !over.aborted; at += sampleMs) {
      await pause(at - performance.now(), over);
      const metrics = await this.#sample(host);
      const mustBegin = metrics === undefined || performance.now() >= killAt;
      if (!mustBegin || over.aborted) continue;
      await pause(this.#random() * sampleMs, over);
      await this.#kill(host);
      killAt = performance.now() + lifeMs;
      at = performance.now();
    }
    await Promise.all(disturbing);
  }

  async #kill(host: SoakHost): Promise<void> {
    this.#figures.endLife();
    await host.kill();
    for (const crowd of this.#crowds) crowd.begin?.();
    await host.start();
    this.#options.onLine(`killed; life ${host.lives} begins`);
  }

  async #compare(pages: Pages, over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      await pages.compare();
      await pause(COMPARE_EVERY_MS, over);
    }
  }

  /** Looks at all between two readings of the metrics; there are none if the host does not answer. */
  async #sample(host: SoakHost): Promise<Metrics | undefined> {
    const answers = { law: "the host answers", atLeast: 1 };
    let before: Metrics;
    let judges: Judge[];
    let after: Metrics;
    try {
      before = await host.metrics();
      judges = this.#crowds.map((crowd) => crowd.look());
      after = await host.metrics();
    } catch (error) {
      this.#check([{ ...answers, value: 0, detail: String(error) }]);
      return undefined;
    }
    this.#check([{ ...answers, value: 1 }]);
    this.#check([...judges.flatMap((judge) => judge(before, after)), ...generalClaims(after)]);
    this.#options.onLine(this.#figures.read(host, after));
    return after;
  }

  #check(claims: readonly Claim[]): void {
    for (const breach of this.#laws.check(claims)) this.#options.onLine(`BROKEN: ${breach}`);
  }

  /** Lets everything come to its end. */
  async #settle(host: SoakHost): Promise<void> {
    this.#options.onLine("settling");
    await Promise.all(this.#crowds.map((crowd) => crowd.settle?.()));
    const deadline = performance.now() + DELIVERY_MS_MAX;
    let waiting = NaN;
    do {
      await pause(SECOND_MS, this.#ending.signal);
      const metrics = await this.#sample(host);
      waiting = metrics === undefined ? NaN : sampleOf(metrics, "pulsebox_notifications_waiting");
    } while (waiting > 0 && performance.now() < deadline);
    const unplugged = this.#outages?.openOf("hev").length ?? NaN;
    this.#check([
      ...this.#crowds.flatMap((crowd) => crowd.finalClaims?.() ?? []),
      { law: "all that was to be told is delivered", value: waiting, atMost: 0 },
      { law: "a controller that is plugged in is told to be back", value: unplugged, atMost: 0 },
    ]);
    this.#figures.endLife();
  }

  #checkDatabase(host: SoakHost): void {
    const database = new DatabaseSync(host.databasePath, { readOnly: true });
    try {
      const rows = database.prepare("PRAGMA integrity_check").all();
      const faults = rows.map((row) => String(row["integrity_check"])).filter((it) => it !== "ok");
      const detail = faults[0] ?? "";
      this.#check([{ law: "the database is sound", value: faults.length, atMost: 0, detail }]);
    } finally {
      database.close();
    }
  }

  #report(host: SoakHost, chaos: Chaos, minutes: number): SoakReport {
    const quantities = this.#figures.rows();
    const laws = this.#laws.rows;
    const { errors } = host;
    const counts = Object.assign(
      { "kills": host.lives - 1 },
      Object.fromEntries(chaos.counts),
      ...this.#crowds.map((crowd) => crowd.figures()),
    );
    return {
      minutes,
      kills: host.lives - 1,
      cpuPercent: 100 * this.#figures.cpuSeconds / (minutes * 60),
      quantities,
      laws,
      counts,
      errors,
      isWell: errors.size === 0 && laws.every(({ broken }) => broken === 0) &&
        quantities.every(({ verdict }) => verdict !== "grows" && verdict !== "too much"),
    };
  }
}

function generalClaims(after: Metrics): Claim[] {
  const none = (law: string, name: string): Claim => ({
    law,
    value: sampleOf(after, name),
    atMost: 0,
  });
  return [
    none("the store never fails", "pulsebox_store_failures_total"),
    none("no entry of the history is dropped", "pulsebox_history_dropped_total"),
    none("no figure of uptime is dropped", "pulsebox_uptime_dropped_total"),
    none("no notification is given up", "pulsebox_notifications_dropped_total"),
    { law: "the store is up", value: sampleOf(after, "pulsebox_store_up"), atLeast: 1 },
  ];
}
