/**
 * How members were in the last 24 hours, in half-hours, for a picture of all of them at once.
 *
 * @module
 */

import {
  addFigures,
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
    const sum = read(ring, number);
    addFigures(sum, figures);
    const { knownMs, downMs, plannedMs, outages, carried, worst } = sum;
    const values = [knownMs, downMs, plannedMs, outages, carried, UPTIME_CONDITIONS.indexOf(worst)];
    ring.figures.set(values, cellOf(number));
  }

  /** How a member was. */
  view(name: string, ...present: PresentHalfHour): LastDayView {
    const sum = noFigures();
    let strip = "";
    let firstCarried: number | undefined;
    for (const cell of this.#cells(name, present)) {
      if (cell.outages > 0) firstCarried ??= cell.carried;
      addFigures(sum, cell);
      strip += STRIP_LETTERS[cell.worst];
    }
    const outages24h = sum.outages - sum.carried + (firstCarried ?? 0);
    return { strip, uptime24h: shareOf(sum), outages24h };
  }

  /** The figures of all half-hours together. */
  sum(name: string, ...present: PresentHalfHour): Figures {
    const sum = noFigures();
    for (const cell of this.#cells(name, present)) addFigures(sum, cell);
    return sum;
  }

  *#cells(name: string, [from, fresh, present]: PresentHalfHour): Generator<Figures> {
    const ring = this.#rings.get(name);
    const last = numberOf(from);
    for (let number = last - STRIP_LENGTH + 1; number <= last; number++) {
      const cell = ring === undefined ? noFigures() : read(ring, number);
      const begins = from - (last - number) * HALF_HOUR_MS;
      for (const { halfHours } of fresh) {
        const more = halfHours.get(begins);
        if (more !== undefined) addFigures(cell, more);
      }
      // A state that began in this very millisecond has no time yet.
      if (number === last && present !== undefined) cell.worst = worse(cell.worst, present);
      yield cell;
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

function read({ newest, figures }: Ring, number: number): Figures {
  const sum = noFigures();
  if (number > newest || number <= newest - STRIP_LENGTH) return sum;
  const at = cellOf(number);
  sum.knownMs = figures[at] as number;
  sum.downMs = figures[at + 1] as number;
  sum.plannedMs = figures[at + 2] as number;
  sum.outages = figures[at + 3] as number;
  sum.carried = figures[at + 4] as number;
  sum.worst = UPTIME_CONDITIONS[figures[at + 5] as number] ?? "unknown";
  return sum;
}
