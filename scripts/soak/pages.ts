/**
 * Pages of the console that follow its events, and must show what its API tells.
 *
 * @module
 */

import { ConsoleClient, type ConsoleEvent } from "../../src/clients/console.ts";
import { isRecord } from "../../src/clients/console_answers.ts";
import { type Crowd, type Judge, pause, sampleOf, type Scene } from "./crowd.ts";
import type { Claim } from "./law_book.ts";

const AGAIN_MS = 200;
/** News may take this long to a page, in milliseconds. */
const NEWS_MS_MAX = 1_000;

/** One page: the states of members, as it shows them. */
class Page {
  readonly #console: ConsoleClient;
  readonly #signal: AbortSignal;
  readonly states = new Map<string, string>();
  events = 0;
  isThere = false;

  constructor(console: ConsoleClient, signal: AbortSignal) {
    this.#console = console;
    this.#signal = signal;
  }

  /** Opens itself again whenever its stream ends. */
  async live(): Promise<void> {
    while (!this.#signal.aborted) {
      try {
        for await (const event of this.#console.events(this.#signal)) this.#take(event);
      } catch {
        // The host does not run.
      }
      this.isThere = false;
      await pause(AGAIN_MS, this.#signal);
    }
  }

  #take({ name, data }: ConsoleEvent): void {
    this.events++;
    if (!isRecord(data)) return;
    if (name === "snapshot" && Array.isArray(data["members"])) {
      this.states.clear();
      this.isThere = true;
      for (const member of data["members"]) this.#show(member);
    } else if (name === "member") {
      this.#show(data);
    } else if (name === "forgotten") {
      this.states.delete(String(data["id"]));
    }
  }

  #show(member: unknown): void {
    if (isRecord(member)) this.states.set(String(member["id"]), String(member["state"]));
  }
}

/** All pages. */
export class Pages implements Crowd {
  readonly #console: ConsoleClient;
  readonly #signal: AbortSignal;
  readonly #pages: readonly Page[];
  readonly #running: Promise<unknown>;
  #lies = 0;
  #comparisons = 0;
  #firstLie = "";

  constructor(count: number, { places, signal }: Scene) {
    this.#console = new ConsoleClient(`http://127.0.0.1:${places.console}`);
    this.#signal = signal;
    this.#pages = Array.from({ length: count }, () => new Page(this.#console, signal));
    this.#running = Promise.all(this.#pages.map((page) => page.live()));
  }

  /**
   * Compares what pages show with what the API tells. What changes meanwhile is left out: news take
   * their time to a page.
   */
  async compare(): Promise<void> {
    const first = await this.#states();
    await pause(NEWS_MS_MAX, this.#signal);
    const pages = this.#pages.filter(({ isThere }) => isThere);
    const shown = pages.map(({ states }) => new Map(states));
    const second = await this.#states();
    await pause(NEWS_MS_MAX, this.#signal);
    const third = await this.#states();
    if (first === undefined || second === undefined || third === undefined) return;
    this.#comparisons++;
    for (const [index, { isThere, states }] of pages.entries()) {
      for (const [id, state] of first) {
        const showed = shown[index]?.get(id);
        const isSteady = second.get(id) === state && third.get(id) === state &&
          isThere && states.get(id) === showed;
        if (!isSteady || showed === state) continue;
        this.#lies++;
        this.#firstLie ||= `${id} is ${state}, a page shows ${showed ?? "nothing"}`;
      }
    }
  }

  look(): Judge {
    return (_, after) => [
      ...this.finalClaims(),
      {
        law: "no event is dropped inside the host",
        value: sampleOf(after, "pulsebox_events_dropped_total"),
        atMost: 0,
      },
    ];
  }

  finalClaims(): Claim[] {
    return [{
      law: "pages show what the API tells",
      value: this.#lies,
      atMost: 0,
      detail: this.#firstLie,
    }];
  }

  figures(): Readonly<Record<string, number>> {
    return {
      "events on pages": this.#pages.reduce((sum, { events }) => sum + events, 0),
      "comparisons of pages with the API": this.#comparisons,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#running;
  }

  async #states(): Promise<ReadonlyMap<string, string> | undefined> {
    try {
      const { members } = await this.#console.members();
      return new Map(members.map(({ id, state }) => [id, state]));
    } catch {
      // The host does not run.
      return undefined;
    }
  }
}
