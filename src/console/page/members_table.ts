/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * All members, the worst first, with search and filter.
 *
 * @module
 */

import type { MemberView } from "../member_view.ts";
import type { TriggerFigures } from "../panels.ts";
import { element, setText, tableHead } from "./dom.ts";
import { agoWords, type MemberActions, MemberRow } from "./member_row.ts";
import { speech, text } from "./say.ts";
import { phonesPlace, STATE_WORDS } from "./words.ts";

/** Which members are shown. */
const FILTERS = [
  "all",
  "attention",
  "ok",
  "paused",
] as const;

type Filter = typeof FILTERS[number];

const URGENT_RANK_MAX = 2;
/** Rows that are put on the page in one frame: a screenful first, the rest while it is looked at. */
const ROWS_PER_FRAME = 60;
/** How often the times of visible rows move on, in milliseconds. */
const TICK_MS = 250;

/** The table of members. */
export class MembersTable {
  readonly section: HTMLElement;
  readonly #rows = new Map<string, MemberRow>();
  /** All rows in the order in which they stand. */
  #order: MemberRow[] = [];
  readonly #visible = new Set<MemberRow>();
  readonly #rowOf = new WeakMap<Element, MemberRow>();
  readonly #body = element("tbody");
  /** All phones as one row, behind the members. */
  readonly #phones = element("tbody", { hidden: true });
  readonly #table: HTMLTableElement;
  readonly #count = element("p", { class: "count", "aria-live": "polite" });
  readonly #search = element("input", { type: "search", id: "search", autocomplete: "off" });
  readonly #filter = element("select", { id: "filter" });
  readonly #actions: MemberActions;
  readonly #right: "read" | "write";
  readonly #observer: IntersectionObserver;
  #total = 0;
  #frame = 0;

  constructor(actions: MemberActions, right: "read" | "write") {
    this.#actions = actions;
    this.#right = right;
    for (const value of FILTERS) {
      this.#filter.append(element("option", { value }, text(`members.filter.${value}`)));
    }
    const titles = (["state", "name", "address", "heard", "left"] as const)
      .map((key) => text(`members.${key}`));
    this.#table = element(
      "table",
      { class: "members" },
      tableHead(...titles, ...(right === "write" ? [text("members.actions")] : [])),
      this.#body,
      this.#phones,
    );
    this.section = element(
      "section",
      { "aria-labelledby": "members-title" },
      element("h2", { id: "members-title" }, text("members.title")),
      element(
        "div",
        { class: "tools", role: "search" },
        element("label", { for: "search" }, text("members.search")),
        this.#search,
        element("label", { for: "filter" }, text("members.show")),
        this.#filter,
        this.#count,
      ),
      this.#table,
    );
    this.#search.addEventListener("input", () => this.#sift());
    this.#filter.addEventListener("change", () => this.#sift());
    this.#observer = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) {
        const row = this.#rowOf.get(target);
        if (row === undefined) continue;
        if (isIntersecting) this.#visible.add(row);
        else this.#visible.delete(row);
      }
    });
    setInterval(() => {
      for (const row of this.#visible) row.tick();
    }, TICK_MS);
  }

  /** Shows these members and no others. */
  replace(members: readonly MemberView[], total: number): void {
    const kept = new Set(members.map(({ id }) => id));
    for (const id of [...this.#rows.keys()]) if (!kept.has(id)) this.#drop(id);
    for (const member of members) {
      const known = this.#rows.get(member.id);
      if (known === undefined) this.#add(member);
      else known.update(member);
    }
    this.#total = total;
    this.#order = [...this.#rows.values()].sort(byUrgency);
    this.#sift();
    this.#arrange();
  }

  /** Shows how many phones there are; none is no row. */
  showPhones({ clients, newest }: TriggerFigures): void {
    const { sign, key } = STATE_WORDS.ok;
    this.#phones.hidden = clients === 0;
    this.#phones.replaceChildren(element(
      "tr",
      { class: "ok" },
      element("td", { class: "state" }, `${sign} ${text(key)}`),
      element("th", { scope: "row" }, text("phones.count", { count: clients })),
      element("td", {}, phonesPlace(newest, speech)),
      element("td", {}, newest === null ? "" : agoWords(newest.registeredMs)),
      element("td"),
      ...(this.#right === "write" ? [element("td")] : []),
    ));
  }

  /** Shows a member as it is now. */
  put(member: MemberView): void {
    const known = this.#rows.get(member.id);
    const rank = known?.words.rank;
    const row = known ?? this.#add(member);
    if (known !== undefined) known.update(member);
    if (rank !== row.words.rank) this.#place(row);
    this.#hide(row);
    this.#tell();
  }

  /** Shows a member no more. */
  remove(id: string): void {
    this.#drop(id);
    this.#tell();
  }

  /** Takes new figures of members whose state is the same. */
  beat(beats: Readonly<Record<string, [number, number, number | null]>>): void {
    for (const [id, figures] of Object.entries(beats)) this.#rows.get(id)?.beat(...figures);
  }

  /** How many there are on the host. */
  setTotal(total: number): void {
    this.#total = total;
    this.#tell();
  }

  #add(member: MemberView): MemberRow {
    const row = new MemberRow(member, this.#actions, this.#right);
    this.#rows.set(member.id, row);
    return row;
  }

  #drop(id: string): void {
    const row = this.#rows.get(id);
    if (row === undefined) return;
    this.#rows.delete(id);
    this.#visible.delete(row);
    this.#order = this.#order.filter((other) => other !== row);
    if (!row.isOnPage) return;
    this.#observer.unobserve(row.row);
    row.row.remove();
  }

  /** Puts a row to where it belongs. */
  #place(row: MemberRow): void {
    // Moving an element takes the focus from what is in it.
    const focused = row.isOnPage && row.row.contains(document.activeElement)
      ? document.activeElement
      : null;
    this.#order = this.#order.filter((other) => other !== row);
    let low = 0;
    let high = this.#order.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.#order[middle];
      if (other !== undefined && byUrgency(other, row) <= 0) low = middle + 1;
      else high = middle;
    }
    const next = this.#order.slice(low).find(({ isOnPage }) => isOnPage);
    this.#order.splice(low, 0, row);
    this.#insert(row, next?.row ?? null);
    if (focused instanceof HTMLElement) focused.focus();
  }

  /** Brings the rows into their order, those that are not on the page yet some in each frame. */
  #arrange(): void {
    let inserted = 0;
    let child = this.#body.firstElementChild;
    for (const row of this.#order) {
      if (row.isOnPage && row.row === child) {
        child = child.nextElementSibling;
        continue;
      }
      if (!row.isOnPage && inserted++ === ROWS_PER_FRAME) {
        this.#frame ||= requestAnimationFrame(() => {
          this.#frame = 0;
          this.#arrange();
        });
        return;
      }
      this.#insert(row, child);
    }
  }

  #insert(row: MemberRow, before: Element | null): void {
    if (!row.isOnPage) {
      this.#rowOf.set(row.row, row);
      this.#observer.observe(row.row);
    }
    this.#body.insertBefore(row.row, before);
  }

  #sift(): void {
    for (const row of this.#order) this.#hide(row);
    this.#tell();
  }

  #hide(row: MemberRow): void {
    row.isHidden = !this.#isWanted(row);
  }

  #isWanted({ member, words }: MemberRow): boolean {
    const filter = this.#filter.value as Filter;
    const isPaused = member.pause !== null;
    if (filter === "attention" && words.rank > URGENT_RANK_MAX) return false;
    if (filter === "ok" && (isPaused || member.state !== "ok")) return false;
    if (filter === "paused" && !isPaused) return false;
    const wanted = this.#search.value.trim().toLowerCase();
    if (wanted === "") return true;
    return [member.id, member.station ?? "", text(words.key)].some((part) =>
      part.toLowerCase().includes(wanted)
    );
  }

  #tell(): void {
    const shown = this.#order.reduce((sum, { isHidden }) => isHidden ? sum : sum + 1, 0);
    const all = Math.max(this.#total, this.#rows.size);
    setText(
      this.#count,
      shown === all
        ? text("members.count", { count: all })
        : text("members.count-of", { shown, count: all }),
    );
  }
}

function byUrgency(a: MemberRow, b: MemberRow): number {
  const rank = a.words.rank - b.words.rank;
  if (rank !== 0) return rank;
  return a.member.name < b.member.name ? -1 : a.member.name > b.member.name ? 1 : 0;
}
