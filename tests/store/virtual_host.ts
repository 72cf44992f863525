/**
 * A host without sockets: members, events and a store on a clock that stands until it is moved.
 *
 * @module
 */

import { Events } from "../../src/core/events.ts";
import { Members } from "../../src/core/members.ts";
import type { Roster } from "../../src/core/roster.ts";
import type { Outbox } from "../../src/store/outbox.ts";
import type { OutboxContext } from "../../src/store/outbox.ts";
import { Store } from "../../src/store/store.ts";
import type { StoreOptions } from "../../src/store/store_options.ts";

/** A clock that is moved by hand. Listening time equals its monotonic time. */
export class HandClock {
  monotonicMs: number;
  wallMs: number;

  constructor(wallMs: number = Date.UTC(2026, 0, 1), monotonicMs = 1_000) {
    this.wallMs = wallMs;
    this.monotonicMs = monotonicMs;
  }

  now(): number {
    return this.monotonicMs;
  }

  wall(): number {
    return this.wallMs;
  }

  /** Lets time pass on both clocks. */
  pass(ms: number): void {
    this.monotonicMs += ms;
    this.wallMs += ms;
  }
}

/** One line of a log, as a test looks at it. */
export interface Line {
  level: "info" | "warn" | "error";
  message: string;
}

/** One run of a host; close it to end the run, or copy its directory as a kill would leave it. */
export class VirtualHost implements Disposable {
  readonly clock: HandClock;
  readonly events = new Events();
  readonly members: Members;
  readonly hilbert: Roster;
  readonly store: Store;
  readonly lines: Line[] = [];

  constructor(
    directory: string | undefined,
    clock: HandClock = new HandClock(),
    options: Partial<StoreOptions> & {
      membersMax?: number;
      makeOutbox?: (context: OutboxContext) => Outbox;
    } = {},
  ) {
    this.clock = clock;
    this.members = new Members({
      now: clock.now(),
      events: this.events,
      changes: directory === undefined ? "ignore" : "collect",
    });
    const now = () => clock.now();
    const { members, events } = this;
    this.store = Store.open({
      directory,
      clock,
      now,
      members,
      events,
      outbox: options.makeOutbox?.({ clock, now, members, events }),
      log: {
        info: (message) => void this.lines.push({ level: "info", message }),
        warn: (message) => void this.lines.push({ level: "warn", message }),
        error: (message) => void this.lines.push({ level: "error", message }),
      },
      lockWaitMs: 0,
      ...options,
    });
    this.hilbert = openHilbert(this.members, options.membersMax);
  }

  /** Lets a program beat. */
  beat(name: string, promiseMs = 5_000): void {
    this.hilbert.hear(heardFrom(name, promiseMs), this.clock.now());
  }

  /** The state of a program, `undefined` if nobody knows it. */
  stateOf(name: string): string | undefined {
    return this.hilbert.get(idOf(name))?.state;
  }

  [Symbol.dispose](): void {
    this.store.close();
  }
}

/** Opens a roster with the rules of the Hilbert protocol. */
export function openHilbert(members: Members, membersMax = 20_000): Roster {
  return members.open({
    protocol: "hilbert",
    limits: { missed: 1, late: 3, lost: 5, gone: 6 },
    membersMax,
    membersPerAddressMax: membersMax,
    rememberGoneMs: 7 * 86_400_000,
  });
}

/** What a program says when it beats. */
export function heardFrom(name: string, promiseMs = 5_000) {
  const address = "127.0.0.1";
  return { id: idOf(name), name, address, promiseMs, kind: "beat" as const };
}

/** The identity of a program on this host. */
export function idOf(name: string): string {
  return `${name} @ 127.0.0.1`;
}

/** Makes a directory that goes away at the end of the block. */
export function temporaryDirectory(): Disposable & { path: string } {
  const path = Deno.makeTempDirSync({ prefix: "pulsebox-store-" });
  return { path, [Symbol.dispose]: () => Deno.removeSync(path, { recursive: true }) };
}

/** Copies a data directory as a kill would leave it: files as they are, without a close. */
export function copyAsKilled(source: string, target: string): void {
  for (const entry of Deno.readDirSync(source)) {
    Deno.copyFileSync(`${source}/${entry.name}`, `${target}/${entry.name}`);
  }
}
