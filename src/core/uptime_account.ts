/**
 * How one member has been.
 *
 * @module
 */

import type { Calendar } from "./calendar.ts";
import type { Circumstances } from "./uptime_circumstances.ts";
import type { Acknowledgement, Member, MemberRef } from "./member.ts";
import {
  Cells,
  type Figures,
  type Portion,
  portionsOf,
  type UptimeCondition,
  worse,
} from "./uptime_cells.ts";
import type { WallTrack } from "./wall_track.ts";

/** Whose figures these are. */
export type Watched = Pick<MemberRef, "protocol" | "id">;

/** How a member is as far as uptime goes. */
export type Presence = "up" | "late" | "down";

/**
 * The presence that a member's state stands for; `undefined` if the member is not watched.
 *
 * @param wasDown Whether the member was down at the last count: a member that has only announced
 * itself still is.
 */
export function presenceOf({ state, beats }: Member, wasDown: boolean): Presence | undefined {
  switch (state) {
    case "unknown":
      return undefined;
    case "starting":
      return wasDown && beats === 0 ? "down" : "up";
    case "ok":
      return "up";
    case "late":
      return "late";
    case "lost":
    case "gone":
      return "down";
  }
}

/** By what stretches of listening time are dated. */
export interface Dating {
  readonly track: WallTrack;
  readonly calendar: Calendar;
}

/** Who looked after an outage. */
export type Handling = Pick<Acknowledgement, "by" | "note">;

/** An outage of one member. All lengths are measured, in milliseconds. */
export interface MeasuredOutage {
  /** Larger for each that begins. */
  seq: number;
  readonly member: Watched;
  readonly cause: string;
  /** True if it began in maintenance. */
  readonly planned: boolean;
  /** Time that counts against the member. */
  downMs: number;
  /** Time of it in maintenance. */
  plannedMs: number;
  /** Time of it in which Pulsebox itself could not listen. */
  unwatchedMs: number;
  /** Who looked after it, and what that person had to say; null if nobody did. */
  handling: Handling | null;
  /** Unix time up to which it is counted: its end if it is over. */
  toMs: number;
  isOver: boolean;
  /** Where it was last counted. */
  counted: Pick<Portion, "day" | "halfHour"> | undefined;
}

/** An outage that has not lasted yet. */
export function newOutage(
  seq: number,
  member: Watched,
  cause: string,
  planned: boolean,
): MeasuredOutage {
  const lengths = { downMs: 0, plannedMs: 0, unwatchedMs: 0 };
  return {
    seq,
    member,
    cause,
    planned,
    ...lengths,
    handling: null,
    toMs: 0,
    isOver: false,
    counted: undefined,
  };
}

/** How long an outage has lasted, in milliseconds. */
export function lengthOf(outage: Readonly<MeasuredOutage>): number {
  return outage.downMs + outage.plannedMs + outage.unwatchedMs;
}

/** Counts one member's time, from when it is watched until it is not. */
export class UptimeAccount {
  readonly member: Watched;
  /** What was counted and is not on disk. */
  readonly fresh: Cells = new Cells();
  presence: Presence = "up";
  circumstances: Circumstances = { paused: false, hostPaused: false, unheard: false };
  /** Listening time up to which all is counted, in milliseconds. */
  countedTo: number;
  /**
   * Listening time before which no silence counts: until then the member was present or in
   * maintenance.
   */
  silentFrom: number;
  outage: MeasuredOutage | undefined;
  /** Who looks after the member. */
  #handling: Handling | null = null;

  constructor(member: Watched, now: number, silentFrom: number) {
    this.member = { protocol: member.protocol, id: member.id };
    this.countedTo = now;
    this.silentFrom = silentFrom;
  }

  /** Whether it is in maintenance, of its own or of the whole host. */
  get isPaused(): boolean {
    return this.circumstances.hostPaused || this.circumstances.paused;
  }

  /** Counts the time up to a moment. */
  count(now: number, dating: Dating): void {
    const ms = now - this.countedTo;
    if (ms <= 0) return;
    this.#tally(this.fresh, this.outage, now, dating);
    if (this.outage !== undefined) prolong(this.outage, now, ms, this.#portion, dating);
    this.countedTo = now;
  }

  /**
   * What {@linkcode count} would count, and the outage that would result, without changing
   * anything.
   */
  preview(now: number, dating: Dating): Preview {
    const cells = new Cells();
    const outage = this.outage && { ...this.outage };
    const ms = Math.max(0, now - this.countedTo);
    this.#tally(cells, outage, now, dating);
    if (outage !== undefined) prolong(outage, now, ms, this.#portion, dating);
    return { cells, outage, fresh: this.fresh, condition: this.#condition };
  }

  /**
   * Begins an outage. Takes back the presence that was counted since the member was last heard.
   *
   * @param silentMs How long nothing had been heard of it, in milliseconds.
   */
  begin(
    outage: MeasuredOutage,
    at: number,
    silentMs: number,
    dating: Dating,
  ): void {
    this.count(at, dating);
    this.presence = "down";
    this.outage = outage;
    outage.handling = this.#handling;
    outage.toMs = dating.track.wallOf(at);
    const from = Math.max(at - silentMs, this.silentFrom);
    if (this.isPaused || !(from < at)) return;
    outage.downMs = at - from;
    for (const { portion, cells } of this.#portions(this.fresh, from, at, dating)) {
      for (const cell of cells) {
        cell.downMs += portion.ms;
        cell.worst = "lost";
      }
      countOutage(outage, portion, cells);
    }
  }

  /**
   * Joins an outage that was under way at the last stop with the part that this run has seen.
   *
   * @return That part, which is no outage of its own any more.
   */
  join(lasting: MeasuredOutage): MeasuredOutage | undefined {
    const { outage } = this;
    if (outage === undefined) return undefined;
    lasting.downMs += outage.downMs;
    lasting.plannedMs += outage.plannedMs;
    lasting.unwatchedMs += outage.unwatchedMs;
    lasting.handling = outage.handling ?? lasting.handling;
    this.outage = lasting;
    return outage;
  }

  /**
   * Records who looks after the member, in the outage that is under way or the next one.
   *
   * @return The outage that has changed.
   */
  handle(handling: Handling | null): MeasuredOutage | undefined {
    this.#handling = handling && { by: handling.by, note: handling.note };
    if (this.outage !== undefined) this.outage.handling = this.#handling;
    return this.outage;
  }

  /** Ends and returns the outage, if there is one. All time up to now must have been counted. */
  end(): MeasuredOutage | undefined {
    const { outage } = this;
    this.outage = undefined;
    if (outage !== undefined) outage.isOver = true;
    return outage;
  }

  #tally(
    into: Cells,
    outage: MeasuredOutage | undefined,
    now: number,
    dating: Dating,
  ): void {
    const condition = this.#condition;
    if (condition === "unknown") return;
    for (const { portion, cells } of this.#portions(into, this.countedTo, now, dating)) {
      for (const cell of cells) {
        cell.knownMs += portion.ms;
        cell.worst = worse(cell.worst, condition);
        if (condition === "maintenance") cell.plannedMs += portion.ms;
        else if (condition === "lost") cell.downMs += portion.ms;
      }
      if (outage !== undefined && condition === "lost") countOutage(outage, portion, cells);
    }
  }

  get #condition(): UptimeCondition {
    if (this.isPaused) return "maintenance";
    if (this.circumstances.unheard) return "unknown";
    if (this.presence === "down") return "lost";
    return this.presence === "late" ? "late" : "ok";
  }

  /** As what the time of an outage counts. */
  get #portion(): "plannedMs" | "unwatchedMs" | "downMs" {
    if (this.isPaused) return "plannedMs";
    return this.circumstances.unheard ? "unwatchedMs" : "downMs";
  }

  *#portions(
    into: Cells,
    from: number,
    to: number,
    { track, calendar }: Dating,
  ): Generator<{ portion: Portion; cells: readonly [day: Figures, halfHour: Figures] }> {
    for (const piece of track.pieces(from, to)) {
      for (const portion of portionsOf(piece, calendar)) {
        yield { portion, cells: [into.day(portion.day), into.halfHour(portion.halfHour)] };
      }
    }
  }
}

/** A member's figures since the last count, and its outage now. */
export interface Preview {
  readonly cells: Cells;
  readonly outage: MeasuredOutage | undefined;
  /** What was counted and is not on disk, without the cells of this preview. */
  readonly fresh: Cells;
  /** How the member is at this moment. */
  readonly condition: UptimeCondition;
}

function prolong(
  outage: MeasuredOutage,
  now: number,
  ms: number,
  portion: "plannedMs" | "unwatchedMs" | "downMs",
  { track }: Dating,
): void {
  outage[portion] += ms;
  outage.toMs = track.wallOf(now);
}

/** Counts an outage once in each period that it reaches into. */
function countOutage(
  outage: MeasuredOutage,
  { day, halfHour }: Portion,
  cells: readonly [day: Figures, halfHour: Figures],
): void {
  const { counted } = outage;
  const isNew = [counted?.day !== day, counted?.halfHour !== halfHour] as const;
  for (const [index, cell] of cells.entries()) {
    if (!isNew[index]) continue;
    cell.outages++;
    if (counted !== undefined) cell.carried++;
  }
  outage.counted = { day, halfHour };
}
