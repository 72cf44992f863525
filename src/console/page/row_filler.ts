/**
 * Fills the rows of a long list a frame at a time, those at its top first: whoever opens a page of a
 * thousand members sees the first of them without waiting for the last.
 *
 * @module
 */

/** How long rows are filled in one frame, in milliseconds; half of it remains for the browser. */
const FRAME_MS = 8;

/** A row that can be filled. */
export interface EmptyRow {
  readonly isEmpty: boolean;
  update(): void;
}

/** The element around the rows. */
export interface BusyList {
  setAttribute(name: string, value: string): void;
  removeAttribute(name: string): void;
}

/** Rows that wait for a frame. */
export class RowFiller {
  readonly #list: BusyList;
  readonly #atOnce: number;
  readonly #onNextFrame: (draw: () => void) => void;
  readonly #waiting = new Set<EmptyRow>();
  /** Rows that were filled since the last frame. */
  #filled = 0;
  #isAsked = false;

  /**
   * @param list Says that it is busy while rows wait.
   * @param atOnce How many rows are filled at once: as many as the window shows.
   * @param onNextFrame Calls back before the browser draws next.
   */
  constructor(list: BusyList, atOnce: number, onNextFrame: (draw: () => void) => void) {
    this.#list = list;
    this.#atOnce = atOnce;
    this.#onNextFrame = onNextFrame;
  }

  /** Shows the current state of a row, now or soon. */
  show(row: EmptyRow): void {
    if (!row.isEmpty || this.#filled < this.#atOnce) {
      if (row.isEmpty) this.#filled++;
      this.#waiting.delete(row);
      row.update();
    } else {
      this.#waiting.add(row);
      this.#list.setAttribute("aria-busy", "true");
    }
    this.#ask();
  }

  /** Fills all rows that wait, for a printout. */
  finish(): void {
    for (const row of this.#waiting) row.update();
    this.#waiting.clear();
    this.#list.removeAttribute("aria-busy");
  }

  #ask(): void {
    if (this.#isAsked) return;
    this.#isAsked = true;
    // The next frame shows those that are filled.
    this.#onNextFrame(() => {
      this.#filled = 0;
      this.#onNextFrame(() => this.#onFrame());
    });
  }

  #onFrame(): void {
    const until = performance.now() + FRAME_MS;
    for (const row of this.#waiting) {
      if (performance.now() > until) {
        this.#onNextFrame(() => this.#onFrame());
        return;
      }
      this.#waiting.delete(row);
      row.update();
    }
    this.#isAsked = false;
    this.#list.removeAttribute("aria-busy");
  }
}
