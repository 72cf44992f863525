/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * Selected members, and the actions on all of them in one call.
 *
 * @module
 */

import { button, element, setText } from "./dom.ts";
import { type ExhibitRow, idAround } from "./exhibit_row.ts";
import type { MembersModel } from "./members_model.ts";
import { text } from "./say.ts";

/** The actions on many members. */
export interface ManyActions {
  pauseMany(ids: readonly string[]): void;
  pauseManyUntilMorning(ids: readonly string[]): unknown;
  acknowledgeMany(ids: readonly string[]): void;
}

/** The selected rows; a bar at the bottom offers the actions. */
export class Selection {
  readonly bar: HTMLElement;
  actions: ManyActions | undefined;
  readonly #ids = new Set<string>();
  readonly #model: MembersModel;
  readonly #rows: () => ExhibitRow[];
  readonly #table: HTMLElement;
  readonly #count = element("b", { "aria-live": "polite" });
  #last: string | undefined;

  constructor(
    model: MembersModel,
    table: HTMLElement,
    right: "read" | "write",
    rows: () => ExhibitRow[],
  ) {
    this.#model = model;
    this.#table = table;
    this.#rows = rows;
    this.bar = element(
      "div",
      { class: "bulk", role: "toolbar", "aria-label": text("bulk.title"), hidden: true },
      this.#count,
      button(text("care.pause"), () => this.actions?.pauseMany([...this.#ids]), { class: "main" }),
      button(text("bulk.until-morning"), () => this.actions?.pauseManyUntilMorning([...this.#ids])),
      button(text("bulk.acknowledge"), () => this.actions?.acknowledgeMany([...this.#ids])),
      button(text("bulk.all"), () => this.#selectAll()),
      button(text("bulk.none"), () => this.clear()),
    );
    table.classList.toggle("selectable", right === "write");
    if (right !== "write") return;
    table.addEventListener("click", (event) => {
      if (!(event.target instanceof HTMLInputElement) || !event.target.matches(".select")) return;
      const id = idAround(event.target);
      if (id !== undefined) this.#choose(id, event.target.checked, event.shiftKey);
    });
    document.addEventListener("keydown", ({ key }) => {
      if (key === "Escape" && this.#ids.size > 0 && document.querySelector("dialog") === null) {
        this.clear();
      }
    });
    model.listen({
      replaced: () => this.#keepKnown(),
      changed: () => {},
      removed: () => this.#keepKnown(),
    });
  }

  /** Clears the selection. */
  clear(): void {
    this.#ids.clear();
    this.#show();
  }

  /** With the shift key, all rows between this one and the last one are set alike. */
  #choose(id: string, isSelected: boolean, isRange: boolean): void {
    const ids = this.#rows().map(({ known }) => known.member.id);
    const from = this.#last === undefined ? -1 : ids.indexOf(this.#last);
    const to = ids.indexOf(id);
    const range = isRange && from >= 0
      ? ids.slice(Math.min(from, to), Math.max(from, to) + 1)
      : [id];
    for (const each of range) {
      if (isSelected) this.#ids.add(each);
      else this.#ids.delete(each);
    }
    this.#last = id;
    this.#show();
  }

  #selectAll(): void {
    for (const { known } of this.#rows()) this.#ids.add(known.member.id);
    this.#show();
  }

  #keepKnown(): void {
    for (const id of [...this.#ids]) if (this.#model.get(id) === undefined) this.#ids.delete(id);
    this.#show();
  }

  #show(): void {
    for (const row of this.#rows()) row.isSelected = this.#ids.has(row.known.member.id);
    const count = this.#ids.size;
    this.#table.classList.toggle("selecting", count > 0);
    this.bar.hidden = count === 0;
    setText(this.#count, text("bulk.count", { count }));
  }
}
