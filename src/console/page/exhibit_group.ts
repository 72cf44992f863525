/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * Members under one heading, which can be collapsed.
 *
 * @module
 */

import { element, setText } from "./dom.ts";
import { ExhibitRow } from "./exhibit_row.ts";
import { arrange } from "./keyed_list.ts";
import { byName } from "./member_order.ts";
import { shareWords } from "./member_words.ts";
import type { Known, MembersModel } from "./members_model.ts";
import type { RowFiller } from "./row_filler.ts";
import { text } from "./say.ts";
import { type Kind, kindOf, kindSign } from "./svg.ts";
import { sign } from "./signs.ts";
import { RIBBON, Strip, worstOf } from "./strip.ts";

/** The states that a heading counts, the worst first. */
const COUNTED = ["lost", "late", "unknown", "starting", "paused"] as const;
/** How long all must be healthy before a group that opened by itself closes, in milliseconds. */
const CALM_MS = 600_000;

/** A group of the list. */
export class ExhibitGroup {
  readonly section: HTMLElement;
  readonly head: string;
  readonly #model: MembersModel;
  readonly #filler: RowFiller;
  readonly #rows = new Map<string, ExhibitRow>();
  readonly #body = element("div", { class: "rows", role: "rowgroup" });
  readonly #fold: HTMLButtonElement;
  readonly #count = element("span", { class: "count" });
  readonly #sum = element("span", { class: "sum", role: "cell", "data-was": text("silent.was") });
  readonly #ribbon = new Strip(RIBBON);
  readonly #share = element("span", { class: "share", role: "cell" });
  readonly #headRow: HTMLElement;
  #members: readonly Known[] = [];
  #shownSum = "";
  #isOpen = false;
  /**
   * When all of its members became healthy, on the model's clock; `undefined` while they are not.
   */
  #calmSince: number | undefined;

  /**
   * @param filler Fills rows when there is time.
   * @param onFold Called when somebody opens or closes the group by hand.
   */
  constructor(
    head: string,
    model: MembersModel,
    filler: RowFiller,
    onFold: (isOpen: boolean) => void,
  ) {
    this.head = head;
    this.#model = model;
    this.#filler = filler;
    this.#fold = element("button", { type: "button", class: "fold", "aria-expanded": "false" });
    this.#fold.append(sign("open"), element("span", { class: "title" }, head), this.#count);
    this.#fold.addEventListener("click", () => {
      this.isOpen = !this.#isOpen;
      onFold(this.#isOpen);
    });
    this.#headRow = element(
      "div",
      { class: "head", role: "row" },
      element("span", { class: "who", role: "rowheader" }, this.#fold),
      this.#sum,
      element("span", { class: "day", role: "cell" }, this.#ribbon.picture),
      this.#share,
    );
    const own = element("div", { role: "rowgroup" }, this.#headRow);
    this.#headRow.addEventListener("click", ({ target }) => {
      if (!this.#fold.contains(target as Node)) this.#fold.click();
    });
    this.#headRow.hidden = head === "";
    this.section = element("div", { class: "group" }, own, this.#body);
  }

  /** Whether its rows are on the page. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  set isOpen(isOpen: boolean) {
    if (isOpen === this.#isOpen) return;
    this.#isOpen = isOpen;
    this.#fold.setAttribute("aria-expanded", String(isOpen));
    this.#fill();
  }

  /** Its visible rows, in order. */
  get rows(): ExhibitRow[] {
    return this.#isOpen
      ? this.#members.flatMap(({ member }) => this.#rows.get(member.id) ?? [])
      : [];
  }

  /** Number of its members. */
  get size(): number {
    return this.#members.length;
  }

  /** Whether a member belongs to this group. */
  has(known: Known): boolean {
    return this.#members.includes(known);
  }

  /** Whether one of its members is late, lost or gone. */
  get isTroubled(): boolean {
    return this.#members.some(({ member }) => ["lost", "late"].includes(kindOf(member)));
  }

  /** Whether all have been healthy for so long that a group that opened by itself may close. */
  isCalm(): boolean {
    if (this.isTroubled) this.#calmSince = undefined;
    else this.#calmSince ??= this.#model.nowMs;
    return this.#calmSince !== undefined && this.#model.nowMs - this.#calmSince > CALM_MS;
  }

  /** Replaces the group's members. */
  take(members: readonly Known[]): void {
    this.#members = [...members].sort((a, b) => byName(a.member, b.member));
    const kept = new Set(members.map(({ member }) => member.id));
    for (const id of [...this.#rows.keys()]) if (!kept.has(id)) this.#rows.delete(id);
    this.#fill();
    this.sumUp();
  }

  /** Shows a member of its own as it is now; {@linkcode sumUp} then says what is to be said of all. */
  update({ member }: Known): void {
    this.#rows.get(member.id)?.update();
  }

  /** Shows the summary of all members. */
  sumUp(): void {
    // There is no head for that.
    if (this.head === "") return;
    const counts = new Map<Kind, number>();
    for (const { member } of this.#members) {
      counts.set(kindOf(member), (counts.get(kindOf(member)) ?? 0) + 1);
    }
    const total = this.#members.length;
    setText(this.#count, `${counts.get("ok") ?? 0}/${total}`);
    const shown = COUNTED.map((kind) => counts.get(kind) ?? 0).join();
    if (shown !== this.#shownSum) {
      this.#shownSum = shown;
      const parts = COUNTED.filter((kind) => counts.has(kind)).map((kind) =>
        element(
          "span",
          { class: `part ${kind}` },
          kindSign(kind),
          text(`exhibits.${kind}`, { count: counts.get(kind) ?? 0 }),
        )
      );
      this.#sum.replaceChildren(
        ...(parts.length > 0 ? parts : [
          element(
            "span",
            { class: "part ok" },
            kindSign("ok"),
            element("span", {}, text("exhibits.all-ok")),
          ),
        ]),
      );
    }
    this.#ribbon.draw(worstOf(this.#members.map(({ member }) => member.strip)));
    const shares = this.#members.map(({ member }) => member.uptime24h)
      .filter((share) => share !== null);
    const sum = shares.reduce((all, share) => all + share, 0);
    setText(this.#share, shareWords(shares.length === 0 ? null : sum / shares.length));
  }

  /** A closed group has no rows on the page. */
  #fill(): void {
    if (!this.#isOpen) {
      this.#body.replaceChildren();
      return;
    }
    arrange<Element>(
      this.#body,
      this.#members.map((known) => {
        const id = known.member.id;
        let row = this.#rows.get(id);
        // A member that was forgotten and is back is a new one.
        if (row?.known !== known) this.#rows.set(id, row = new ExhibitRow(known, this.#model));
        row.showsPlace = this.head === "";
        this.#filler.show(row);
        return row.row;
      }),
    );
  }
}
