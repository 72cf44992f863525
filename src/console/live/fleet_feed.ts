/**
 * The hosts of a fleet for pages that show all of them.
 *
 * @module
 */

import { Timer } from "../../net/timer.ts";
import type { Host } from "../host.ts";
import type { FleetHost, FleetPanel, FleetStatus } from "../panels.ts";

/** How long changes are gathered before they are sent, in milliseconds. */
const GATHER_MS = 250;

/** How the fleet is, and what has changed. */
export interface FleetNews {
  /** Wall time, ISO 8601. */
  at: string;
  /** Whether `hosts` are all that there are. */
  all: boolean;
  status: FleetStatus;
  /** Those that are not as they were told last. */
  hosts: FleetHost[];
  /** Names of hosts that are known no more. */
  forgotten: string[];
}

/** Finds what has changed, and tells it soon after. */
export class FleetFeed implements Disposable {
  readonly #host: Host;
  readonly #panel: FleetPanel;
  readonly #onNews: (news: FleetNews) => void;
  readonly #listening: Disposable;
  /** What was told of each host last. */
  readonly #told = new Map<string, FleetHost>();
  #gathering: Timer | undefined;

  constructor(host: Host, panel: FleetPanel, onNews: (news: FleetNews) => void) {
    this.#host = host;
    this.#panel = panel;
    this.#onNews = onNews;
    this.#listening = panel.listen(() => this.soon());
    this.#news();
  }

  /** The fleet with all its hosts. */
  all(): FleetNews {
    return this.#with(this.#panel.hosts(), { all: true, forgotten: [] });
  }

  /** Something may have changed. */
  soon(): void {
    this.#gathering ??= Timer.after(GATHER_MS, () => this.tell());
  }

  /** Tells how the fleet is, changed or not. */
  tell(): void {
    this.#gathering?.stop();
    this.#gathering = undefined;
    this.#onNews(this.#news());
  }

  [Symbol.dispose](): void {
    this.#listening[Symbol.dispose]();
    this.#gathering?.stop();
  }

  #news(): FleetNews {
    const hosts = this.#panel.hosts();
    const changed = hosts.filter((host) => {
      const told = this.#told.get(host.host);
      if (told !== undefined && isToldAlready(told, host)) return false;
      this.#told.set(host.host, host);
      return true;
    });
    const names = new Set(hosts.map(({ host }) => host));
    const forgotten = [...this.#told.keys()].filter((name) => !names.has(name));
    for (const name of forgotten) this.#told.delete(name);
    return this.#with(changed, { all: false, forgotten });
  }

  #with(hosts: FleetHost[], rest: Pick<FleetNews, "all" | "forgotten">): FleetNews {
    const at = new Date(this.#host.clock.wall()).toISOString();
    return { at, ...rest, status: this.#panel.status(), hosts };
  }
}

/** Whether nothing has changed but what changes with time: pages count that themselves. */
function isToldAlready(told: FleetHost, host: FleetHost): boolean {
  const haveCounts = told.counts !== null && host.counts !== null;
  return haveSame(told, host, ["since", "silentMs", ...(haveCounts ? ["counts"] as const : [])]) &&
    (!haveCounts || haveSame(told.counts, host.counts));
}

/** Whether all fields have the same simple values, except for some. */
function haveSame<T extends object>(one: T, other: T, except: readonly (keyof T)[] = []): boolean {
  const keys = Object.keys(one) as (keyof T)[];
  return keys.every((key) => except.includes(key) || one[key] === other[key]);
}
