/**
 * A live copy of a host's members, kept up to date from the console's events.
 *
 * @module
 */

import type { ConsoleEvent, MemberInfo, PhonesInfo } from "../clients/console.ts";

/** States in the order of urgency, the worst first. */
const URGENCY = ["lost", "gone", "late", "starting", "unknown", "ok"];

/** How old the newest snapshot or pulse may be for its verdict to count, in milliseconds. */
const NEWS_MS_MAX = 5_000;

/** A member as shown. Its times run on from the moment of the console's report. */
export class LiveMembers {
  readonly #members = new Map<string, { info: MemberInfo; toldAt: number }>();
  /** Phones that the host wakes; null if it wakes none. */
  phones: PhonesInfo | null = null;
  /** Members on the host; those that are known here may be fewer. */
  total = 0;
  #headline = "";
  #newsAt = -Infinity;
  #newsWallMs = 0;

  /**
   * Applies an event; unknown ones are ignored.
   *
   * @param now Monotonic time in milliseconds, as in all methods.
   */
  take({ name, data }: ConsoleEvent, now: number): void {
    if (name === "snapshot" || name === "pulse") {
      this.#newsAt = now;
      this.#newsWallMs = Date.now();
    }
    // The console is part of the same program, so its events need no validation.
    switch (name) {
      case "snapshot": {
        const { members, host, trigger } = data as SnapshotInfo;
        this.#members.clear();
        for (const info of members) this.#members.set(info.id, { info, toldAt: now });
        this.#takeHost(host);
        this.#takePhones(trigger);
        return;
      }
      case "member": {
        const info = data as MemberInfo;
        this.#members.set(info.id, { info, toldAt: now });
        return;
      }
      case "forgotten":
        this.#members.delete((data as { id: string }).id);
        return;
      case "host":
        this.#takeHost(data as HostInfo);
        return;
      case "pulse":
        this.#takePhones((data as PulseInfo).trigger);
        for (const [id, figures] of Object.entries((data as PulseInfo).beats)) {
          const known = this.#members.get(id);
          if (known === undefined) continue;
          const [beats, silentMs, deadlineInMs] = figures;
          this.#members.set(id, {
            info: { ...known.info, beats, silentMs, deadlineInMs },
            toldAt: now,
          });
        }
    }
  }

  /**
   * The verdict's sentence, or since when there has been no news: an old verdict does not count.
   */
  headline(now: number): string {
    if (now - this.#newsAt <= NEWS_MS_MAX) return this.#headline;
    return `No news since ${new Date(this.#newsWallMs).toISOString()}`;
  }

  /** The members as they are now, the worst first. */
  rows(now: number): MemberInfo[] {
    const rows = [...this.#members.values()].map(({ info, toldAt }) => {
      const passedMs = now - toldAt;
      const { deadlineInMs, silentMs } = info;
      return {
        ...info,
        silentMs: silentMs + passedMs,
        deadlineInMs: deadlineInMs === null ? null : Math.max(0, deadlineInMs - passedMs),
      };
    });
    return rows.sort((a, b) => urgency(a) - urgency(b) || (a.name < b.name ? -1 : 1));
  }

  #takePhones(figures: PulseInfo["trigger"]): void {
    if (figures === undefined || figures === null) return;
    this.phones = { count: figures.clients, newest: figures.newest };
  }

  #takeHost({ total, headline }: HostInfo): void {
    this.total = total;
    this.#headline = headline;
  }
}

interface HostInfo {
  readonly total: number;
  readonly headline: string;
}

interface SnapshotInfo extends Pick<PulseInfo, "trigger"> {
  readonly members: MemberInfo[];
  readonly host: HostInfo;
}

interface PulseInfo {
  readonly trigger?: { readonly clients: number; readonly newest: PhonesInfo["newest"] } | null;
  readonly beats: Readonly<Record<string, readonly [number, number, number | null]>>;
}

function urgency({ state, pause }: MemberInfo): number {
  return pause === null ? URGENCY.indexOf(state) : URGENCY.length;
}
