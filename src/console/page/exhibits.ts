/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * All members in groups whose order never changes, with search and filters that are part of the
 * URL.
 *
 * @module
 */

import { compareNames } from "../../core/name_order.ts";
import type { TriggerFigures } from "../panels.ts";
import { choiceOf, element, setText } from "./dom.ts";
import { glide } from "./glide.ts";
import { ExhibitGroup } from "./exhibit_group.ts";
import type { ExhibitRow } from "./exhibit_row.ts";
import { arrange } from "./keyed_list.ts";
import {
  type Filter,
  FILTERS,
  type Grouping,
  groupingFor,
  GROUPINGS,
  groupOf,
  isWanted,
} from "./member_order.ts";
import { isCounting, isDown } from "./member_words.ts";
import type { Known, MembersModel } from "./members_model.ts";
import { RowFiller } from "./row_filler.ts";
import { text } from "./say.ts";
import { Selection } from "./selection.ts";
import { keyOfStrips, StripScale } from "./strip_scale.ts";
import { setUrl, urlNames, urlValue } from "./url_state.ts";

/** From this many groups on, healthy groups are closed. */
const OPEN_GROUPS_MAX = 11;
/** How often countdowns and durations advance, in milliseconds. */
const TICK_MS = 250;
const SLOW_TICK_MS = 5_000;
/** As many rows as the window shows; none is lower than 36 px. */
const ROWS_SHOWN = Math.ceil(innerHeight / 36);
/** From this many members on, invisible rows are not laid out. */
const MANY_ROWS = 200;

/** The list of members. */
export class Exhibits {
  readonly section: HTMLElement;
  readonly selection: Selection;
  readonly #model: MembersModel;
  readonly #groups = new Map<string, ExhibitGroup>();
  /** Groups that somebody opened or closed by hand; they stay so. */
  readonly #opened = urlNames("open");
  readonly #shut = urlNames("shut");
  readonly #list = element("div", { class: "groups" });
  readonly #filler = new RowFiller(this.#list, ROWS_SHOWN, (draw) => requestAnimationFrame(draw));
  readonly #scale = new StripScale();
  readonly #count = element("p", { class: "count", "aria-live": "polite" });
  readonly #phones = element("p", { class: "phones soft", hidden: true });
  readonly #filter: HTMLSelectElement;
  readonly #grouping: HTMLSelectElement;
  readonly #search: HTMLInputElement;
  readonly #tags = element("select", {
    id: "tag",
    "aria-label": text("exhibits.tag"),
    hidden: true,
  });
  #shownTags = "";
  #shownGrouping: Grouping = "none";
  /** Known before the choice of tags, which offers only tags that a member has. */
  #tag = urlValue("tag");

  /** @param search The search field. */
  constructor(model: MembersModel, search: HTMLInputElement, right: "read" | "write") {
    this.#model = model;
    this.#search = search;
    search.value = urlValue("q");
    const shown = urlValue("state");
    this.#filter = choiceOf("filter", FILTERS, shown, (key) => text(`exhibits.show.${key}`));
    this.#filter.setAttribute("aria-label", text("members.show"));
    const wordsOf = (key: "" | Grouping) => text(`exhibits.group.${key || "auto"}`);
    this.#grouping = choiceOf("grouping", ["", ...GROUPINGS], urlValue("group"), wordsOf);
    this.#grouping.setAttribute("aria-label", text("exhibits.group"));
    const table = element(
      "div",
      { class: "list", role: "table", "aria-labelledby": "members-title" },
      this.#scale.row,
      this.#list,
    );
    this.selection = new Selection(model, table, right, () => this.#rows());
    this.section = element(
      "section",
      { id: "exhibits", "aria-labelledby": "members-title" },
      element("h2", { id: "members-title", class: "unseen" }, text("members.title")),
      element(
        "div",
        { class: "tools", role: "search" },
        this.#count,
        this.#tags,
        this.#filter,
        this.#grouping,
      ),
      table,
      this.#phones,
      keyOfStrips(),
    );
    for (const control of [search, this.#filter, this.#grouping, this.#tags]) {
      control.addEventListener("input", () => this.#onWish());
    }
    addEventListener("popstate", () => {
      search.value = urlValue("q");
      this.#filter.value = urlValue("state") || "all";
      this.#grouping.value = urlValue("group");
      this.#tag = this.#tags.value = urlValue("tag");
      this.#regroup();
    });
    model.listen({
      replaced: () => this.#regroup(),
      changed: (changed) => this.#onChanged(changed),
      removed: () => this.#regroup(),
    });
    setInterval(() => this.#tick((known) => isCounting(known.member)), TICK_MS);
    setInterval(() => {
      this.#tick((known) => isDown(known.member));
      glide(() => this.#groups.forEach((group) => this.#settle(group)));
      this.#scale.draw(this.#model.wallMs);
    }, SLOW_TICK_MS);
    // A printout shows all members.
    addEventListener("beforeprint", () => {
      this.#groups.forEach((group) => (group.isOpen = true));
      this.#filler.finish();
    });
    addEventListener("afterprint", () => this.#regroup());
    document.addEventListener("keydown", (event) => this.#onKey(event));
  }

  /** Phones are not members: one line stands for all of them. */
  showPhones({ clients, newest }: TriggerFigures): void {
    this.#phones.hidden = clients === 0;
    const count = text("phones.count", { count: clients });
    const place = newest === null ? "" : ` · ${text("phones.newest", { address: newest.address })}`;
    setText(this.#phones, count + place);
  }

  /** The number of members on the host. */
  setTotal(total: number): void {
    if (total === this.#model.total) return;
    this.#model.total = total;
    this.#tell();
  }

  #rows(): ExhibitRow[] {
    return [...this.#groups.values()].sort((a, b) => compareNames(a.head, b.head))
      .flatMap((group) => group.rows);
  }

  #wish() {
    return { text: this.#search.value, filter: this.#filter.value as Filter, tag: this.#tag };
  }

  #onWish(): void {
    this.#tag = this.#tags.value;
    const { text: words, filter, tag } = this.#wish();
    setUrl({
      q: words,
      state: filter === "all" ? "" : filter,
      group: this.#grouping.value,
      tag,
    });
    this.#regroup();
  }

  #onChanged(changed: readonly Known[]): void {
    // Under a filter, a change of state or of tags adds or removes a row.
    if (this.#isNarrowed) return this.#regroup();
    if (this.#shownTags !== "" || changed.some(({ member }) => member.tags[0])) this.#showTags();
    const touched = new Set<ExhibitGroup>();
    for (const known of changed) {
      const group = this.#groups.get(groupOf(known.member, this.#shownGrouping));
      if (group === undefined || !group.has(known)) return this.#regroup();
      group.update(known);
      touched.add(group);
    }
    for (const group of touched) group.sumUp();
    touched.forEach((group) => this.#settle(group));
  }

  #groupingNow(): Grouping {
    const chosen = this.#grouping.value;
    if (GROUPINGS.some((grouping) => grouping === chosen)) return chosen as Grouping;
    return groupingFor([...this.#model.all].map(({ member }) => member));
  }

  /** Puts every member into its group. */
  #regroup(): void {
    const grouping = this.#shownGrouping = this.#groupingNow();
    const wish = this.#wish();
    const wanted = [...this.#model.all].filter(({ member }) => isWanted(member, wish));
    const members = Map.groupBy(wanted, ({ member }) => groupOf(member, grouping));
    for (const head of [...this.#groups.keys()]) {
      if (!members.has(head)) this.#groups.delete(head);
    }
    const heads = [...members.keys()].sort(compareNames);
    for (const head of heads) {
      let group = this.#groups.get(head);
      if (group === undefined) {
        const onFold = (isOpen: boolean) => this.#onFold(head, isOpen);
        group = new ExhibitGroup(head, this.#model, this.#filler, onFold);
        this.#groups.set(head, group);
      }
      group.take(members.get(head) ?? []);
    }
    this.#groups.forEach((group) => this.#settle(group));
    this.#list.classList.toggle("many", this.#model.size > MANY_ROWS);
    arrange<Element>(this.#list, heads.flatMap((head) => this.#groups.get(head)?.section ?? []));
    this.#showTags();
    this.#scale.draw(this.#model.wallMs);
    this.#tell();
  }

  #onFold(head: string, isOpen: boolean): void {
    this.#opened.delete(head);
    this.#shut.delete(head);
    (isOpen ? this.#opened : this.#shut).add(head);
    setUrl({ open: this.#opened, shut: this.#shut });
  }

  /** Opens a group when one of its members is in trouble; closes it long after all are healthy. */
  #settle(group: ExhibitGroup): void {
    if (this.#opened.has(group.head)) group.isOpen = true;
    else if (this.#shut.has(group.head)) group.isOpen = false;
    else if (group.head === "" || group.isTroubled || this.#isNarrowed) group.isOpen = true;
    else if (this.#groups.size <= OPEN_GROUPS_MAX) group.isOpen = true;
    else if (group.isOpen && group.isCalm() && !group.section.matches(":hover, :focus-within")) {
      group.isOpen = false;
    }
  }

  get #isNarrowed(): boolean {
    const { text: words, filter, tag } = this.#wish();
    return words !== "" || filter !== "all" || tag !== "";
  }

  #tick(isMeant: (known: Known) => boolean): void {
    for (const group of this.#groups.values()) {
      for (const row of group.rows) if (isMeant(row.known)) row.tick();
    }
  }

  #tell(): void {
    const shown = [...this.#groups.values()].reduce((sum, { size }) => sum + size, 0);
    const count = Math.max(this.#model.total, this.#model.size);
    setText(
      this.#count,
      shown === count
        ? text("members.count", { count })
        : text("members.count-of", { shown, count }),
    );
  }

  #showTags(): void {
    const tags = new Set([...this.#model.all].flatMap(({ member }) => member.tags));
    const shown = [...tags].sort(compareNames);
    if (shown.join(",") === this.#shownTags) return;
    this.#shownTags = shown.join(",");
    this.#tags.hidden = shown.length === 0;
    this.#tags.replaceChildren(
      element("option", { value: "" }, text("exhibits.any-tag")),
      ...shown.map((tag) => element("option", { value: tag }, tag)),
    );
    this.#tags.value = tags.has(this.#tag) ? this.#tag : "";
  }

  /** `/` searches, `j` and `k` go from row to row. */
  #onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { target, key } = event;
    if (target instanceof HTMLElement && target.matches(":is(input, select, textarea, dialog *)")) {
      return;
    }
    if (key === "/") {
      event.preventDefault();
      this.#search.focus();
      return;
    }
    if (key !== "j" && key !== "k") return;
    const links = this.#rows().flatMap(({ row }) => row.querySelector<HTMLElement>(".name") ?? []);
    const now = links.findIndex((link) => link.closest(".row")?.contains(document.activeElement));
    const next = links[Math.max(0, now + (key === "j" ? 1 : -1))];
    next?.focus();
    next?.scrollIntoView({ block: "nearest" });
  }
}
