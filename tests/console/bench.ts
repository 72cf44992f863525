/**
 * A console without sockets, on a clock that is moved by hand.
 *
 * @module
 */

import { Access } from "../../src/console/access.ts";
import { type ConsoleApp, createConsole } from "../../src/console/console.ts";
import type { Host } from "../../src/console/host.ts";
import type { Panels } from "../../src/console/panels.ts";
import { TokenTable } from "../../src/console/tokens.ts";
import { Events } from "../../src/core/events.ts";
import { MemberTags } from "../../src/core/member_tags.ts";
import { Members } from "../../src/core/members.ts";
import type { Roster } from "../../src/core/roster.ts";
import type { TellingTrial } from "../../src/core/telling.ts";
import { History } from "../../src/store/history.ts";
import { Uptime } from "../../src/store/uptime.ts";

/** Wall time of the beginning. */
export const WALL: number = Date.UTC(2026, 0, 1);

/** What a test can do with it. */
export interface Bench extends Disposable {
  readonly app: ConsoleApp;
  readonly events: Events;
  readonly roster: Roster;
  readonly members: Members;
  readonly problems: string[];
  /** Warnings that wait for somebody to confirm them. */
  readonly unconfirmed: string[];
  readonly flapping: Set<string>;
  readonly errors: unknown[];
  readonly access: Access;
  now(): number;
  advance(ms: number): void;
  request(path: string, init?: RequestInit, peerAddress?: string): Promise<Response>;
}

/** Options of {@linkcode setUp}. */
export interface BenchOptions {
  membersMax?: number;
  panels?: Panels;
  /** The text of a token file. */
  tokens?: string;
  transport?: "http" | "https";
  /** What comes of a test of notifications. */
  trials?: readonly TellingTrial[];
}

/** Makes one. */
export function setUp(options: BenchOptions = {}): Bench {
  const { membersMax = 20, panels = {}, tokens, transport = "http", trials = [] } = options;
  let now = 0;
  const clock = { now: () => now, wall: () => WALL + now };
  const events = new Events();
  const members = new Members({ now, events });
  const history = new History({ clock, now: () => now, events });
  history.open();
  const uptime = new Uptime({ clock, now: () => now, events, members });
  uptime.open();
  const roster = members.open({
    protocol: "hilbert",
    limits: { missed: 1, late: 3, lost: 5, gone: 6 },
    membersMax,
    membersPerAddressMax: membersMax,
    rememberGoneMs: 60_000,
    parseId(id) {
      const [name, address] = id.split(" @ ");
      return name === undefined || address === undefined ? undefined : { id, name, address };
    },
  });
  const tags = new MemberTags();
  tags.configure([{ name: "tetris", tags: ["kiosk"] }]);
  const problems: string[] = [];
  const unconfirmed: string[] = [];
  const flapping = new Set<string>();
  const host: Host = {
    members,
    events,
    history,
    uptime,
    panels,
    flaps: { isFlapping: (id) => flapping.has(id) },
    roles: [],
    clock,
    tags,
    stations: new Map([["10.0.0.7", "Entrance"]]),
    now: () => now,
    wake: () => {},
    metrics: () => ({}),
    problems: () => problems,
    warnings: () => [...unconfirmed],
    unconfirmed: () => [...unconfirmed],
    confirmWarnings: () => void unconfirmed.splice(0),
    telling: { ways: trials.length, lastRun: undefined, test: () => Promise.resolve(trials) },
  };
  const errors: unknown[] = [];
  const access = new Access({
    tokens: tokens === undefined ? undefined : TokenTable.parse(tokens),
    transport,
    now: () => now,
    names: new Set(["pulse.example"]),
  });
  const app = createConsole(host, {
    access,
    version: "1.2.3",
    onError: (error) => errors.push(error),
  });
  return {
    app,
    events,
    roster,
    members,
    problems,
    unconfirmed,
    flapping,
    errors,
    access,
    now: () => now,
    advance(ms) {
      now += ms;
      members.advance(now);
    },
    request: async (path, init, peerAddress = "127.0.0.1") =>
      await app.app.request(`${transport}://localhost:8880${path}`, {
        ...init,
        headers: { host: "localhost:8880", ...init?.headers },
      }, { peerAddress }),
    [Symbol.dispose]() {
      app[Symbol.dispose]();
      history.close();
      uptime.close();
    },
  };
}

/** Lets a program beat. */
export function hear(bench: Bench, name: string, address = "127.0.0.1", promiseMs = 1_000): void {
  const id = `${name} @ ${address}`;
  bench.roster.hear({ id, name, address, promiseMs, kind: "beat" }, bench.now());
}

/** The API's path of a program of this machine. */
export function idPath(name: string): string {
  return `/api/v1/members/${encodeURIComponent(`hilbert/${name} @ 127.0.0.1`)}`;
}
