/**
 * Compares what a host tells its fleet of itself with what its own console shows.
 *
 * @module
 */

import type { Shown } from "./part.ts";

/** Within this time what has changed is told, in milliseconds. */
const TOLD_MS = 10_000;

/** A member as the host's own API shows it. */
interface OwnMember {
  readonly id: string;
  readonly state: string;
  readonly pause?: unknown;
  /** Since when it is in this state, by the host's wall clock. */
  readonly since?: string;
}

/** What brokers got from the host itself. */
export class FleetReport {
  /** State of each member in its last document; undefined until it has told one. */
  #told: ReadonlyMap<string, string> | undefined;
  /** What differs, and since when, in milliseconds. */
  readonly #differing = new Map<string, { readonly what: string; readonly since: number }>();

  /** The host tells a document. */
  take(payload: Uint8Array): void {
    const { members } = JSON.parse(new TextDecoder().decode(payload));
    this.#told = new Map(
      members.map(({ id, state = "ok" }: { id: string; state?: string }) => [id, state]),
    );
  }

  /** Nobody can hear the host, or it stood still: that time does not count. */
  rest(): void {
    this.#differing.clear();
  }

  /** The host ends. */
  forget(): void {
    this.#told = undefined;
    this.rest();
  }

  /**
   * @param clock What the clocks of the host's machine show, in milliseconds.
   * @throws {Error} if the host tells others for long what it does not show.
   */
  check(
    { members }: Shown,
    clock: { readonly now: number; readonly wall: number },
    isHostPaused: boolean,
  ): void {
    const told = this.#told;
    if (told === undefined) return;
    const own = (members as readonly OwnMember[]).filter(({ id }) => !id.startsWith("fleet/"));
    const seen = new Set<string>();
    for (const { id, state, pause, since = "" } of own) {
      const said = told.get(id);
      const shown = isHostPaused || pause !== null ? "maintenance" : state;
      const isOld = clock.wall - Date.parse(since) > TOLD_MS;
      if (!isOld || said === shown || said === "emergency") continue;
      seen.add(id);
      this.#note(id, `${id} is ${shown}, and told as ${said}`, clock.now);
    }
    for (const id of told.keys()) {
      if (own.some((member) => member.id === id)) continue;
      seen.add(id);
      this.#note(id, `${id} is told, and not there`, clock.now);
    }
    for (const id of this.#differing.keys()) if (!seen.has(id)) this.#differing.delete(id);
  }

  #note(id: string, what: string, now: number): void {
    const before = this.#differing.get(id);
    if (before?.what !== what) this.#differing.set(id, { what, since: now });
    else if (now - before.since > TOLD_MS) {
      throw new Error(`The fleet hears a wrong report: ${what}`);
    }
  }
}
