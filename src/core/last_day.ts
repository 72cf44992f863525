/**
 * How members were in the last 24 hours, in half-hours, for a picture of all of them at once.
 *
 * @module
 */

import {
  addFigures,
  addLater,
  type Cells,
  type Figures,
  HALF_HOUR_MS,
  noFigures,
  shareOf,
  UPTIME_CONDITIONS,
  type UptimeCondition,
  worse,
} from "./uptime_cells.ts";

/** Half-hours of a strip. */
export const STRIP_LENGTH = 48;

/** How a half-hour was at its worst. */
export const STRIP_LETTERS: Readonly<Record<UptimeCondition, string>> = {
  unknown: "-",
  ok: "o",
  maintenance: "m",
  late: "l",
  lost: "x",
};

/** How a member was in the last 24 hours. */
export interface LastDayView {
  /** A letter of {@linkcode STRIP_LETTERS} for each half-hour, the present one last. */
  readonly strip: string;
  /** The fraction of the counted time in which it was present, 0 to 1; null if no time counts. */
  readonly uptime24h: number | null;
  /** Outages of which some time lies in the 24 hours. */
  readonly outages24h: number;
}

/** What is not in a {@linkcode LastDay} yet. */
export type PresentHalfHour = readonly [
  /** Unix time in milliseconds at which the present half-hour begins. */
  from: number,
  /** Figures that were not added yet. */
  fresh: readonly Cells[],
  /** How the member is at this moment; `undefined` if nobody watches it. */
  present: UptimeCondition | undefined,
];

/** Figures of each half-hour: known, down and planned time, outages, carried outages, worst. */
const FIGURES_PER_CELL = 6;

/** One member's half-hours in a ring, as small as they can be. */
interface Ring {
  /** Number of the newest half-hour. */
  newest: number;
  readonly figures: Float32Array;
}

/** The settled figures of the last 24 hours of up to so many members. */
export class LastDay {
  readonly #membersMax: number;
  readonly #rings = new Map<string, Ring>();

  constructor(membersMax: number) {
    this.#membersMax = membersMax;
  }

  /** Number of members of which anything is known. */
  get size(): number {
    return this.#rings.size;
  }

  /**
   * Adds figures that will not be counted again.
   *
   * @param from Unix time in milliseconds at which the half-hour begins.
   */
  add(name: string, from: number, figures: Readonly<Figures>): void {
    const number = numberOf(from);
    const ring = this.#ringOf(name, number);
    if (number <= ring.newest - STRIP_LENGTH) return;
    for (; ring.newest < number; ring.newest++) {
      const start = cellOf(ring.newest + 1);
      ring.figures.fill(0, start, start + FIGURES_PER_CELL);
    }
    const sum = noFigures();
    read(ring, number, sum);
    addFigures(sum, figures);
    const { knownMs, downMs, plannedMs, outages, carried, worst } = sum;
    const values = [knownMs, downMs, plannedMs, outages, carried, UPTIME_CONDITIONS.indexOf(worst)];
    ring.figures.set(values, cellOf(number));
  }

  /** How a member was. */
  view(name: string, ...present: PresentHalfHour): LastDayView {
    const sum = noFigures();
    let strip = "";
    this.#forEachCell(name, present, (cell) => {
      addLater(sum, cell);
      strip += STRIP_LETTERS[cell.worst];
    });
    return { strip, uptime24h: shareOf(sum), outages24h: sum.outages };
  }

  /** The figures of all half-hours together. */
  sum(name: string, ...present: PresentHalfHour): Figures {
    const sum = noFigures();
    this.#forEachCell(name, present, (cell) => addFigures(sum, cell));
    return sum;
  }

  /**
   * Calls back with the figures of each half-hour, the oldest first. They are valid during the call:
   * a page asks for 2 000 members, and an object for each half-hour took most of its time.
   */
  #forEachCell(
    name: string,
    [from, fresh, present]: PresentHalfHour,
    take: (cell: Readonly<Figures>) => void,
  ): void {
    const ring = this.#rings.get(name);
    const last = numberOf(from);
    const cell = noFigures();
    for (let number = last - STRIP_LENGTH + 1; number <= last; number++) {
      read(ring, number, cell);
      const begins = from - (last - number) * HALF_HOUR_MS;
      for (const { halfHours } of fresh) {
        const more = halfHours.get(begins);
        if (more !== undefined) addFigures(cell, more);
      }
      // A state that began in this very millisecond has no time yet.
      if (number === last && present !== undefined) cell.worst = worse(cell.worst, present);
      take(cell);
    }
  }

  #ringOf(name: string, newest: number): Ring {
    const known = this.#rings.get(name);
    if (known !== undefined) return known;
    const [oldest] = this.#rings.keys();
    if (this.#rings.size >= this.#membersMax && oldest !== undefined) this.#rings.delete(oldest);
    const ring = { newest, figures: new Float32Array(STRIP_LENGTH * FIGURES_PER_CELL) };
    this.#rings.set(name, ring);
    return ring;
  }
}

function numberOf(from: number): number {
  return Math.floor(from / HALF_HOUR_MS);
}

function cellOf(number: number): number {
  return (number % STRIP_LENGTH) * FIGURES_PER_CELL;
}

/** Reads a half-hour into figures; nothing is known of those that a ring does not hold. */
function read(ring: Ring | undefined, number: number, into: Figures): void {
  const isHeld = ring !== undefined && number <= ring.newest && number > ring.newest - STRIP_LENGTH;
  const at = cellOf(number);
  const figure = (index: number) => isHeld ? ring.figures[at + index] ?? 0 : 0;
  into.knownMs = figure(0);
  into.downMs = figure(1);
  into.plannedMs = figure(2);
  into.outages = figure(3);
  into.carried = figure(4);
  into.worst = UPTIME_CONDITIONS[figure(5)] ?? "unknown";
}
