/**
 * The members as the page knows them. It changes nothing on the page; views listen to it.
 *
 * @module
 */

import type { Strips } from "../live/strip_feed.ts";
import type { MemberDetail, MemberView } from "../member_view.ts";

/** The most intervals between beats that are kept for one member. */
export const BEATS_MAX = 60;

/** A member, and what this page has observed about it. */
export interface Known {
  member: MemberView;
  /** When the host reported it, on the page's clock (ms). */
  toldAt: number;
  /** Lengths of the last intervals between beats, the newest last, in milliseconds. */
  readonly intervals: number[];
  /** When it was last heard, on the page's clock (ms); `undefined` if unknown. */
  heardAt: number | undefined;
}

/** Called with changes. */
export interface MembersListener {
  /** Everything may have changed. */
  replaced(): void;
  /** Some have changed; called once for all changes since the last frame. */
  changed(known: readonly Known[]): void;
  removed(id: string): void;
  /** A member was heard; its state is the same. */
  heard?(known: Known): void;
}

/** New figures of members whose state is the same: beats, silence, time left. */
export type Beats = Readonly<Record<string, [number, number, number | null]>>;

/** What the host tells of one member alone. */
type Recalled = Pick<MemberDetail, "id" | "beats" | "silentMs" | "intervalsMs">;

/** All members that the host reports, in the order of its first reports. */
export class MembersModel {
  readonly #known = new Map<string, Known>();
  readonly #listeners = new Set<MembersListener>();
  readonly #clock: () => number;
  readonly #onFrame: (show: () => void) => void;
  /** Members that listeners get with the next frame. */
  readonly #changed = new Set<Known>();
  /** What to add to the page's clock to get the host's wall clock, in milliseconds. */
  #offsetMs = 0;
  /** Number of members on the host; the page may know fewer. */
  total = 0;

  /**
   * @param clock A clock that does not jump, in milliseconds.
   * @param onFrame Calls back before the next frame is drawn.
   */
  constructor(clock: () => number, onFrame: (show: () => void) => void) {
    this.#clock = clock;
    this.#onFrame = onFrame;
  }

  /** Adds a view. */
  listen(listener: MembersListener): void {
    this.#listeners.add(listener);
  }

  /** All known members. */
  get all(): IterableIterator<Known> {
    return this.#known.values();
  }

  /** Number of known members. */
  get size(): number {
    return this.#known.size;
  }

  /** The member with an identity. */
  get(id: string): Known | undefined {
    return this.#known.get(id);
  }

  /** The page's clock, which does not jump, in milliseconds. */
  get nowMs(): number {
    return this.#clock();
  }

  /** The host's wall clock in milliseconds since 1970. */
  get wallMs(): number {
    return this.#clock() + this.#offsetMs;
  }

  /** Sets the host's wall clock, ISO 8601. */
  setClock(at: string): void {
    this.#offsetMs = Date.parse(at) - this.#clock();
  }

  /** How long ago a time of the host was, in milliseconds. */
  ageMs(at: string): number {
    return Math.max(0, this.wallMs - Date.parse(at));
  }

  /** The host's wall clock some time ago, in milliseconds since 1970. */
  wallAgo(ms: number): number {
    return this.wallMs - ms;
  }

  /** How long ago the host reported a member, in milliseconds. */
  toldAgoMs({ toldAt }: Known): number {
    return this.#clock() - toldAt;
  }

  /** Replaces all members. */
  replace(members: readonly MemberView[], total: number): void {
    const kept = new Set(members.map(({ id }) => id));
    for (const id of [...this.#known.keys()]) if (!kept.has(id)) this.#known.delete(id);
    for (const member of members) this.#take(member);
    this.#changed.clear();
    this.total = total;
    for (const listener of this.#listeners) listener.replaced();
  }

  /** Updates a member. */
  put(member: MemberView): void {
    this.#tellSoon(this.#take(member));
  }

  /** Forgets a member. */
  remove(id: string): void {
    const known = this.#known.get(id);
    if (known === undefined) return;
    this.#known.delete(id);
    this.#changed.delete(known);
    for (const listener of this.#listeners) listener.removed(id);
  }

  /** Updates figures of members whose state is the same. */
  beat(beats: Beats): void {
    for (const [id, [count, silentMs, deadlineInMs]] of Object.entries(beats)) {
      const known = this.#known.get(id);
      if (known === undefined) continue;
      const more = count - known.member.beats;
      this.#noteBeats(known, more, silentMs);
      known.member = { ...known.member, beats: count, silentMs, deadlineInMs };
      known.toldAt = this.#clock();
      for (const listener of this.#listeners) listener.heard?.(known);
    }
  }

  /** Takes over the intervals that the host has kept, and those that this page saw since. */
  recall({ id, beats, silentMs, intervalsMs }: Recalled): void {
    const known = this.#known.get(id);
    if (known === undefined || intervalsMs.length === 0) return;
    const newer = Math.min(known.intervals.length, Math.max(0, known.member.beats - beats));
    const seen = known.intervals.slice(known.intervals.length - newer);
    known.intervals.splice(0, BEATS_MAX, ...[...intervalsMs, ...seen].slice(-BEATS_MAX));
    if (known.member.beats >= beats) return;
    // The next pulse must not count these beats again.
    known.member = { ...known.member, beats };
    known.heardAt = this.#clock() - silentMs;
  }

  /** Updates strips, which time alone changes. */
  setStrips(strips: Strips): void {
    for (const [id, [strip, uptime24h, outages24h]] of Object.entries(strips)) {
      const known = this.#known.get(id);
      if (known === undefined) continue;
      known.member = { ...known.member, strip, uptime24h, outages24h };
      this.#tellSoon(known);
    }
  }

  #tellSoon(known: Known): void {
    if (this.#changed.size === 0) this.#onFrame(() => this.#tell());
    this.#changed.add(known);
  }

  #tell(): void {
    const changed = [...this.#changed];
    if (changed.length === 0) return;
    this.#changed.clear();
    for (const listener of this.#listeners) listener.changed(changed);
  }

  #take(member: MemberView): Known {
    const toldAt = this.#clock();
    const known = this.#known.get(member.id);
    if (known === undefined) {
      const heardAt = member.beats === 0 ? undefined : toldAt - member.silentMs;
      const made = { member, toldAt, intervals: [], heardAt };
      this.#known.set(member.id, made);
      return made;
    }
    this.#noteBeats(known, member.beats - known.member.beats, member.silentMs);
    known.member = member;
    known.toldAt = toldAt;
    return known;
  }

  /**
   * The host reports beats once a second: of several in between, only the mean interval is known.
   */
  #noteBeats(known: Known, count: number, silentMs: number): void {
    if (count <= 0) return;
    const heardAt = this.#clock() - silentMs;
    if (known.heardAt !== undefined) {
      const meanMs = Math.max(0, heardAt - known.heardAt) / count;
      for (let beat = 0; beat < Math.min(count, BEATS_MAX); beat++) known.intervals.push(meanMs);
      known.intervals.splice(0, Math.max(0, known.intervals.length - BEATS_MAX));
    }
    known.heardAt = heardAt;
  }
}
