/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * Who failed how often and for how long in a week, a month or a quarter: for the technician who
 * looks for the worst, and on paper for the director.
 *
 * @module
 */

import { compareNames } from "../../core/name_order.ts";
import type { OutageSort } from "../../core/uptime_tally.ts";
import type { MemberOutages, Outages } from "../outages.ts";
import { complainOf, get } from "./api.ts";
import { button, element, setText } from "./dom.ts";
import { longDuration, nameOf, placeOf, shareWords } from "./member_words.ts";
import { type Period, periodAt, periodQuery, PERIODS } from "./host_time.ts";
import { speech, text } from "./say.ts";
import { setUrl, urlValue, withUrl } from "./url_state.ts";

/** How often it asks again while somebody looks, in milliseconds. */
const RENEW_MS = 60_000;
/** The most members in the report. */
const ROWS_MAX = 1_000;
/** A share below which an uptime is called bad. */
const GOOD_SHARE = 0.95;

/** The columns by which rows can be sorted, in their order. */
const COLUMNS: readonly OutageSort[] = ["name", "outages", "down", "uptime"];

/** The report. It asks the host while it is shown. */
export class OutagesReport {
  readonly #section: HTMLElement;
  readonly #search: HTMLInputElement;
  readonly #wallMs: () => number;
  readonly #periods = element("nav", { "aria-label": text("report.period"), class: "periods" });
  readonly #days = element("p", { class: "soft days-shown" });
  readonly #figures = element("dl", { class: "shares" });
  readonly #head = element("tr");
  readonly #rows = element("tbody");
  readonly #note = element("p", { class: "soft", "aria-live": "polite" });
  #shown = "";
  #turn = 0;
  #answer: Outages | undefined;

  /**
   * @param section Where it is shown.
   * @param search Where somebody writes what to find.
   * @param wallMs The host's wall clock.
   */
  constructor(section: HTMLElement, search: HTMLInputElement, wallMs: () => number) {
    this.#section = section;
    this.#search = search;
    this.#wallMs = wallMs;
    const style = element("link", { rel: "stylesheet", href: "assets/report.css" });
    document.head.append(style);
    section.replaceChildren(
      element(
        "div",
        { class: "tools" },
        element("h2", { id: "report-title" }, text("bar.outages")),
        this.#periods,
        button(text("report.print"), () => print(), { class: "print" }),
      ),
      this.#days,
      this.#figures,
      element("table", { class: "report" }, element("thead", {}, this.#head), this.#rows),
      this.#note,
    );
    this.#periods.addEventListener("click", (event) => {
      const link = event.target instanceof Element ? event.target.closest("a") : null;
      if (link === null || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      setUrl({ period: link.dataset["period"] ?? "" }, "push");
      this.show();
    });
    search.addEventListener("input", () => this.#draw());
    addEventListener("popstate", () => this.show());
    setInterval(() => {
      // While the host is silent, the page says so.
      if (!document.hidden && !document.body.classList.contains("is-stale")) this.show();
    }, RENEW_MS);
  }

  /** Asks the host, and shows what it says. */
  show(): void {
    if (this.#section.classList.contains("elsewhere")) return;
    this.#load().catch(complainOf);
  }

  async #load(): Promise<void> {
    const turn = ++this.#turn;
    const period = periodAt(urlValue("period"));
    this.#drawPeriods(period);
    const query = periodQuery(period, this.#wallMs(), speech.timeZone);
    const answer = await get<Outages>(`api/v1/outages?${query}&limit=${ROWS_MAX}`);
    // Another period may have been chosen meanwhile.
    if (turn !== this.#turn) return;
    this.#answer = answer;
    this.#draw();
  }

  #drawPeriods(shown: Period): void {
    this.#periods.replaceChildren(...PERIODS.map((period) =>
      element(
        "a",
        {
          href: withUrl({ period }),
          "data-period": period,
          "aria-current": period === shown ? "true" : undefined,
        },
        text(`report.${period}`),
      )
    ));
  }

  #draw(): void {
    const answer = this.#answer;
    if (answer === undefined) return;
    const sort = sortAt(urlValue("sort"));
    const words = this.#search.value.trim().toLowerCase();
    const shown = JSON.stringify([answer, sort, words]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    const { from, to, since, all, members, total } = answer;
    const days = text("report.from-to", { from: speech.longDay(from), to: speech.longDay(to) });
    setText(
      this.#days,
      since === null
        ? text("report.nothing", { days })
        : since === from
        ? days
        : text("report.since", { days, since: speech.longDay(since) }),
    );
    this.#figures.replaceChildren(
      figure("report.uptime", shareWords(all.uptime), isBad(all.uptime)),
      figure("report.outages", speech.number(all.outages)),
      figure("report.down", lengthOf(all.downMs)),
      figure("report.planned", lengthOf(all.plannedMs)),
    );
    this.#head.replaceChildren(...COLUMNS.map((column) => this.#headOf(column, sort)));
    const wanted = members.filter((member) =>
      `${nameOf(member)} ${placeOf(member)}`.toLowerCase().includes(words)
    );
    this.#rows.replaceChildren(...wanted.sort(ORDERS[sort]).map(rowOf));
    const isCut = total > members.length || wanted.length < members.length;
    setText(
      this.#note,
      isCut ? text("members.count-of", { shown: wanted.length, count: total }) : "",
    );
  }

  #headOf(column: OutageSort, sort: OutageSort): HTMLElement {
    const isSorted = column === sort;
    const isRising = column === "name" || column === "uptime";
    const sorter = button(text(`report.${column}`), () => {
      setUrl({ sort: column });
      this.#draw();
      this.#head.querySelector<HTMLElement>("[aria-sort] button")?.focus();
    }, { class: "bare small" });
    return element("th", {
      scope: "col",
      class: column === "name" ? undefined : "number",
      "aria-sort": isSorted ? isRising ? "ascending" : "descending" : undefined,
    }, sorter);
  }
}

function figure(
  key: "report.uptime" | "report.outages" | "report.down" | "report.planned",
  value: string,
  isBad = false,
): HTMLElement {
  return element(
    "div",
    { class: isBad ? "bad" : undefined },
    element("dt", {}, text(key)),
    element("dd", {}, value),
  );
}

function rowOf(member: MemberOutages): HTMLElement {
  const { id, forgotten, outages, downMs, uptime } = member;
  const name = nameOf(member);
  const place = placeOf(member);
  return element(
    "tr",
    { class: outages === 0 ? "calm" : undefined },
    element(
      "th",
      { scope: "row" },
      forgotten ? name : element("a", { href: withUrl({ member: id }) }, name),
      " ",
      element("span", { class: "soft" }, forgotten ? text("report.forgotten", { place }) : place),
    ),
    element("td", { class: "number" }, speech.number(outages)),
    element("td", { class: "number" }, lengthOf(downMs)),
    element("td", { class: isBad(uptime) ? "number lost" : "number" }, shareWords(uptime)),
  );
}

function lengthOf(ms: number): string {
  return ms === 0 ? "–" : longDuration(ms);
}

function isBad(uptime: number | null): boolean {
  return uptime !== null && uptime < GOOD_SHARE;
}

function sortAt(asked: string): OutageSort {
  return COLUMNS.find((column) => column === asked) ?? "outages";
}

type Order = (a: MemberOutages, b: MemberOutages) => number;

const byName: Order = (a, b) => compareNames(a.name, b.name) || compareNames(a.id, b.id);

const ORDERS: Readonly<Record<OutageSort, Order>> = {
  outages: (a, b) => b.outages - a.outages || b.downMs - a.downMs || byName(a, b),
  down: (a, b) => b.downMs - a.downMs || b.outages - a.outages || byName(a, b),
  uptime: (a, b) => (a.uptime ?? 2) - (b.uptime ?? 2) || b.downMs - a.downMs || byName(a, b),
  name: byName,
};
