/**
 * Uptime from a full record, computed another way: second by second, from everything that ever
 * happened, with the summer time of Europe as the law has it.
 *
 * @module
 */

import type { PulseEvent } from "../../src/core/events.ts";
import { nameOf } from "../../src/core/notices.ts";
import type { VirtualHost } from "./virtual_host.ts";

/** Time is looked at in ticks of this length, in milliseconds. Nothing happens between them. */
export const TICK_MS = 30_000;

/** How a member was in one tick. */
interface Tick {
  wallMs: number;
  presence: "up" | "down";
  isPaused: boolean;
}

/** What is known of a period, in milliseconds. */
export interface Known {
  knownMs: number;
  downMs: number;
  plannedMs: number;
}

interface Watched {
  /** While somebody watches it. */
  presence: "up" | "down" | undefined;
  isPaused: boolean;
  /** The ticks in which it was watched, of all runs. */
  ticks: Tick[];
}

/** Day of Europe/Berlin: summer time from the last Sunday of March to that of October, 01:00 UTC. */
export function berlinDay(wallMs: number): string {
  const year = new Date(wallMs).getUTCFullYear();
  const change = (month: number) => {
    const last = new Date(Date.UTC(year, month + 1, 0, 1));
    return last.getTime() - last.getUTCDay() * 86_400_000;
  };
  const isSummer = wallMs >= change(2) && wallMs < change(9);
  return new Date(wallMs + (isSummer ? 2 : 1) * 3_600_000).toISOString().slice(0, 10);
}

/** Keeps every tick of every member of several runs. */
export class UptimeModel {
  readonly #members = new Map<string, Watched>();
  #hostPaused = false;
  #isDeaf = false;

  /** Begins a run with the members that came back. */
  begin(host: VirtualHost): void {
    this.#hostPaused = host.members.pause !== undefined;
    this.#isDeaf = host.hilbert.isDeaf;
    const seen = new Set<string>();
    for (const member of host.hilbert.values()) {
      const name = nameOf({ protocol: "hilbert", id: member.id });
      seen.add(name);
      const watched = this.#member(name);
      watched.isPaused = member.pause !== undefined;
      const isDown = member.state === "lost" || member.state === "gone" ||
        member.state === "starting" && member.beats === 0 && watched.presence === "down";
      if (member.state === "unknown") watched.presence = undefined;
      else watched.presence = isDown ? "down" : "up";
    }
    for (const [name, watched] of this.#members) {
      if (!seen.has(name)) watched.presence = undefined;
    }
  }

  /** Takes what happened at the beginning of the tick that comes. */
  take(event: PulseEvent): void {
    switch (event.type) {
      case "member-state": {
        const watched = this.#member(nameOf(event.member));
        if (event.to === "unknown") watched.presence = undefined;
        else if (event.to === "lost" || event.to === "gone") {
          const wasSilent = event.cause === "silence" || event.cause === "never-heard";
          if (watched.presence !== "down") this.#lose(watched, wasSilent ? event.silentMs : 0);
        } else if (event.cause !== "announced" || watched.presence !== "down") {
          watched.presence = "up";
          // What was before is no part of a later silence.
          if (event.to !== "late") watched.ticks.push({ ...BREAK });
        }
        break;
      }
      case "member-forgotten":
        Object.assign(this.#member(nameOf(event.member)), { presence: undefined, isPaused: false });
        break;
      case "member-paused":
      case "member-resumed": {
        const isPaused = event.type === "member-paused";
        if (event.member !== undefined) {
          const watched = this.#member(nameOf(event.member));
          watched.isPaused = isPaused;
          watched.ticks.push({ ...BREAK });
          break;
        }
        this.#hostPaused = isPaused;
        for (const watched of this.#members.values()) watched.ticks.push({ ...BREAK });
        break;
      }
      case "deafness-began":
      case "deafness-ended":
        this.#isDeaf = event.type === "deafness-began";
        for (const watched of this.#members.values()) watched.ticks.push({ ...BREAK });
        break;
      default:
    }
  }

  /** Lets a tick go by that begins at this time of the wall clock. */
  pass(wallMs: number): void {
    for (const { presence, isPaused: isItself, ticks } of this.#members.values()) {
      const isPaused = isItself || this.#hostPaused;
      if (presence === undefined || this.#isDeaf && !isPaused) continue;
      ticks.push({ wallMs, presence, isPaused });
    }
  }

  /** What is known of a member, by period. */
  known(name: string, periodOf: (wallMs: number) => string): Map<string, Known> {
    const periods = new Map<string, Known>();
    for (const tick of this.#member(name).ticks) {
      if (tick.wallMs === BREAK.wallMs) continue;
      const period = periodOf(tick.wallMs);
      const known = periods.get(period) ?? { knownMs: 0, downMs: 0, plannedMs: 0 };
      known.knownMs += TICK_MS;
      if (tick.isPaused) known.plannedMs += TICK_MS;
      else if (tick.presence === "down") known.downMs += TICK_MS;
      periods.set(period, known);
    }
    return periods;
  }

  /** Back to the last sign of life, but not into maintenance. */
  #lose(watched: Watched, silentMs: number): void {
    watched.presence = "down";
    if (watched.isPaused || this.#hostPaused) return;
    let restMs = silentMs;
    for (let index = watched.ticks.length - 1; index >= 0 && restMs > 0; index--) {
      const tick = watched.ticks[index];
      if (tick === undefined || tick.wallMs === BREAK.wallMs) return;
      tick.presence = "down";
      restMs -= TICK_MS;
    }
  }

  #member(name: string): Watched {
    let watched = this.#members.get(name);
    if (watched === undefined) {
      watched = { presence: undefined, isPaused: false, ticks: [] };
      this.#members.set(name, watched);
    }
    return watched;
  }
}

/** No tick, but an end to how far a silence reaches back. */
const BREAK: Readonly<Tick> = { wallMs: -1, presence: "up", isPaused: false };
