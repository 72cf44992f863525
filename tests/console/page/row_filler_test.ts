/**
 * Which rows of a long list are filled when.
 */

import { strict as assert } from "node:assert";
import { RowFiller } from "../../../src/console/page/row_filler.ts";

const ROWS = 500;
const AT_ONCE = 30;

class Row {
  isEmpty = true;
  updates = 0;

  update(): void {
    this.isEmpty = false;
    this.updates++;
  }
}

/** A list, and the browser's frames. */
class Page {
  readonly #frames: (() => void)[] = [];
  readonly #attributes = new Set<string>();
  readonly filler: RowFiller;

  constructor() {
    const list = {
      setAttribute: (name: string) => void this.#attributes.add(name),
      removeAttribute: (name: string) => void this.#attributes.delete(name),
    };
    this.filler = new RowFiller(list, AT_ONCE, (draw) => this.#frames.push(draw));
  }

  get isBusy(): boolean {
    return this.#attributes.has("aria-busy");
  }

  /** Draws a frame; false if nobody has asked for one. */
  draw(): boolean {
    const frames = this.#frames.splice(0);
    for (const frame of frames) frame();
    return frames.length > 0;
  }
}

Deno.test("RowFiller fills as many rows as a screen shows at once, and the others in later frames", () => {
  const page = new Page();
  const rows = Array.from({ length: ROWS }, () => new Row());
  for (const row of rows) page.filler.show(row);
  const first = rows.filter(({ isEmpty }) => !isEmpty).length;
  assert.equal(first, AT_ONCE);
  assert.ok(rows.slice(0, first).every(({ isEmpty }) => !isEmpty), "the first ones");
  assert.ok(page.isBusy);
  page.draw();
  assert.equal(rows.filter(({ isEmpty }) => !isEmpty).length, first, "this frame is theirs");
  while (page.draw());
  assert.ok(rows.every(({ updates }) => updates === 1));
  assert.ok(!page.isBusy);
});

Deno.test("RowFiller shows a row at once that is filled already", () => {
  const page = new Page();
  const rows = Array.from({ length: ROWS }, () => new Row());
  for (const row of rows) page.filler.show(row);
  while (page.draw());
  for (const row of rows) page.filler.show(row);
  assert.ok(rows.every(({ updates }) => updates === 2));
  assert.ok(!page.isBusy);
});

Deno.test("RowFiller fills all rows for a printout", () => {
  const page = new Page();
  const rows = Array.from({ length: ROWS }, () => new Row());
  for (const row of rows) page.filler.show(row);
  page.filler.finish();
  assert.ok(rows.every(({ updates }) => updates === 1));
  assert.ok(!page.isBusy);
  while (page.draw());
  assert.ok(rows.every(({ updates }) => updates === 1));
});
