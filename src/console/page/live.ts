/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * The host's live events.
 *
 * @module
 */

import type { HistoryView } from "../history_view.ts";
import type { FleetNews } from "../live/fleet_feed.ts";
import type { HostSummary, Snapshot } from "../live/snapshot.ts";
import type { Strips } from "../live/strip_feed.ts";
import type { WaveBatch } from "../live/wave_feed.ts";
import type { MemberView } from "../member_view.ts";
import type { GameClient, StandingAlarm, TriggerFigures } from "../panels.ts";
import { byId } from "./dom.ts";
import { NewsAge } from "./news_age.ts";
import { Reload } from "./reload.ts";
import { SharedStream } from "./shared_stream.ts";

/** New figures of the members that were heard in the last second. */
export interface Pulse {
  at: string;
  /** Beats, silence (ms), time left (ms) by identity. */
  beats: Record<string, [beats: number, silentMs: number, deadlineInMs: number | null]>;
  trigger?: TriggerFigures;
}

/** What the host sends, by the name of the event. */
export interface LiveEvents {
  snapshot: Snapshot;
  member: MemberView;
  forgotten: { id: string };
  host: HostSummary;
  happened: HistoryView;
  games: GameClient[];
  alarms: StandingAlarm[];
  waves: WaveBatch;
  strips: Strips;
  pulse: Pulse;
  fleet: FleetNews;
}

/** What a page listens to: all that the stream of its kind tells, because other tabs may need it. */
export type Listeners<K extends keyof LiveEvents> = {
  [Name in K]: (data: LiveEvents[Name]) => void;
};

/** A kind of stream. */
export interface StreamKind<K extends keyof LiveEvents> {
  /** What is asked for. */
  readonly query: string;
  /** The events that prove that the page is up to date; each has the host's time. */
  readonly proofs: readonly (K & ("snapshot" | "pulse" | "fleet"))[];
}

/** What pages of one host need. */
export const HOST_STREAM: StreamKind<Exclude<keyof LiveEvents, "fleet">> = {
  query: "beats=1",
  proofs: ["snapshot", "pulse"],
};

/** What pages of a fleet need. */
export const FLEET_STREAM: StreamKind<"snapshot" | "fleet"> = {
  query: "fleet=1",
  proofs: ["fleet"],
};

/**
 * The age of the last snapshot or pulse at which the page counts as out of date, in milliseconds.
 */
const FRESH_MS_MAX = 5_000;
/**
 * The host sends something every second; a connection that is silent for longer, in milliseconds,
 * is dead.
 */
const STALE_MS = 3_000;

/** Called when news starts or stops to arrive. */
export interface NewsListener {
  /** A recent event has arrived that proves that the page is up to date. */
  news(): void;
  /** None has arrived for {@linkcode FRESH_MS_MAX}. */
  silence(): void;
}
/** The first wait before the page connects again, in milliseconds; doubled each time. */
const RETRY_MS_MIN = 500;
/** The longest wait before the page connects again, in milliseconds. */
const RETRY_MS_MAX = 8_000;

/** Listens forever: reconnects by itself, and reports when there is no news. */
export class Live<K extends keyof LiveEvents> {
  readonly #kind: StreamKind<K>;
  readonly #listeners: Listeners<K>;
  readonly #listener: NewsListener;
  readonly #shared: SharedStream;
  readonly #reload = new Reload();
  readonly #age = new NewsAge(Date.parse(byId("verdict").dataset["made"] ?? ""));
  /** Before the first snapshot, there is nothing that an event could change. */
  #hasSnapshot = false;
  /**
   * True from an event that could not be shown until the next snapshot: the page is out of date.
   */
  #isBroken = false;
  #source: EventSource | undefined;
  #heardAt = performance.now();
  /** When the last attempt to connect started. */
  #triedAt = performance.now();
  #newsAt = performance.now();
  #isStale = false;
  #retryMs = RETRY_MS_MIN;
  #retryAt: number | undefined;

  constructor(kind: StreamKind<K>, listeners: Listeners<K>, listener: NewsListener) {
    this.#kind = kind;
    this.#listeners = listeners;
    this.#listener = listener;
    // Do this first, so that any failure below is noticed.
    setInterval(() => this.#watch(), 500);
    const { pathname } = new URL("api/v1/events", document.baseURI);
    const take = (name: string, data: unknown) => this.#take(name, data);
    this.#shared = new SharedStream(`${pathname}?${kind.query}`, take, () => this.#yield());
    this.#connect();
    // After a computer has slept, its connection is dead.
    addEventListener("online", () => this.#retrySoon());
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden && this.#isStale) this.#retrySoon();
    });
  }

  /** Shows something with the next frame. */
  showSoon(show: () => void): void {
    requestAnimationFrame(() => this.#show(show));
  }

  /** If it cannot be shown, the page is out of date until the next snapshot. */
  #show(show: () => void): void {
    const wasBroken = this.#isBroken;
    this.#isBroken = true;
    show();
    this.#isBroken = wasBroken;
  }

  #connect(): void {
    this.#source?.close();
    this.#retryAt = undefined;
    this.#triedAt = performance.now();
    const source = new EventSource(`api/v1/events?${this.#kind.query}`);
    this.#source = source;
    for (const name of Object.keys(this.#listeners)) {
      source.addEventListener(name, (event) => {
        if (source !== this.#source) return;
        const { data }: { data: string } = event;
        this.#take(name, JSON.parse(data));
        this.#shared.tell(name, data);
      });
    }
    source.addEventListener("error", () => {
      if (source !== this.#source) return;
      source.close();
      this.#shared.stop();
      this.#retryAt ??= performance.now() + this.#retryMs;
      this.#retryMs = Math.min(RETRY_MS_MAX, 2 * this.#retryMs);
      // An event source does not say why it failed; if the session has ended, go to the login.
      fetch("api/v1/members?limit=1").then((reply) => {
        if (reply.status === 401) location.assign(`login${location.search}`);
      }, () => {});
    });
  }

  /** Another tab's stream serves this one too. */
  #yield(): void {
    if (!this.#hasSnapshot) return;
    this.#source?.close();
    this.#source = undefined;
    this.#retryAt = undefined;
    this.#shared.stop();
  }

  #take(name: string, data: unknown): void {
    if (name === "snapshot") this.#hasSnapshot = true;
    if (!this.#hasSnapshot || !(name in this.#listeners)) return;
    this.#heard();
    const listener = this.#listeners[name as K] as (data: unknown) => void;
    if (name === "snapshot") this.#isBroken = false;
    this.#show(() => listener(data));
    if (this.#isBroken || !this.#kind.proofs.some((proof) => proof === name)) return;
    if (this.#age.of((data as Snapshot | Pulse | FleetNews).at) <= FRESH_MS_MAX) this.#hasNews();
  }

  #heard(): void {
    this.#heardAt = performance.now();
    this.#retryMs = RETRY_MS_MIN;
  }

  /** No other event proves that the page is up to date. */
  #hasNews(): void {
    this.#newsAt = performance.now();
    this.#isStale = false;
    this.#listener.news();
  }

  #watch(): void {
    const now = performance.now();
    if (!this.#isStale && now - this.#newsAt > FRESH_MS_MAX) {
      this.#isStale = true;
      this.#listener.silence();
    }
    if (this.#isStale) this.#reload.consider(now - this.#newsAt, () => this.#isStale);
    // Replace a connection that is open but silent; each attempt gets more time, for slow networks.
    if (now - Math.max(this.#heardAt, this.#triedAt) > STALE_MS + this.#retryMs) {
      this.#retryAt ??= now;
      this.#retryMs = Math.min(RETRY_MS_MAX, 2 * this.#retryMs);
    }
    if (this.#retryAt !== undefined && now >= this.#retryAt) this.#connect();
  }

  #retrySoon(): void {
    this.#retryMs = RETRY_MS_MIN;
    this.#retryAt = performance.now();
  }
}
