/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * The bar below the verdict: navigation, search, and the maintenance of the whole host.
 *
 * @module
 */

import { byId, element } from "./dom.ts";
import { text } from "./say.ts";
import { sign } from "./signs.ts";
import { setUrl, urlValue, withUrl } from "./url_state.ts";

/** Parts that the page can show alone. */
export const VIEWS = [
  "exhibits",
  "headsets",
  "instrument",
  "phones",
  "outages",
  "history",
] as const;

/** One of {@linkcode VIEWS}. */
export type View = typeof VIEWS[number];

/** Without a choice the page shows all views but these. */
const ALWAYS_ALONE: ReadonlySet<View> = new Set<View>(["outages"]);

/** The bar. */
export class TopBar {
  readonly search: HTMLInputElement = element("input", {
    type: "search",
    id: "search",
    autocomplete: "off",
    placeholder: text("exhibits.find"),
    "aria-label": text("exhibits.find"),
  });
  /** Called when another view is shown. */
  onView: (view: View | "") => void = () => {};
  readonly #nav = element("nav", { "aria-label": text("bar.views") });
  #sections = new Map<View, HTMLElement>();

  /** @param tools Additional elements for the end of the bar. */
  constructor(...tools: HTMLElement[]) {
    const bar = byId("bar");
    byId("views").replaceWith(this.#nav);
    bar.append(this.search, ...tools);
    document.addEventListener("click", (event) => {
      const link = event.target instanceof Element
        ? event.target.closest<HTMLElement>("a[data-view]")
        : null;
      if (link === null || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      setUrl({ view: link.dataset["view"] ?? "" }, "push");
      this.#show();
      scrollTo(0, 0);
    });
    addEventListener("popstate", () => this.#show());
  }

  /** Sets the parts that this host has. */
  take(sections: ReadonlyMap<View, HTMLElement>): void {
    this.#sections = new Map(sections);
    const link = (view: View | "") =>
      element(
        "a",
        { href: withUrl({ view }), "data-view": view },
        sign(view === "" ? "all" : view),
        text(view === "" ? "bar.all" : `bar.${view}`),
      );
    this.#nav.replaceChildren(link(""), ...[...sections.keys()].map(link));
    this.#show();
  }

  #show(): void {
    const view = urlValue("view");
    const only = VIEWS.find((name) => name === view && this.#sections.has(name));
    for (const [name, section] of this.#sections) {
      const isShown = only === undefined ? !ALWAYS_ALONE.has(name) : only === name;
      section.classList.toggle("elsewhere", !isShown);
    }
    document.body.dataset["view"] = only ?? "";
    for (const link of this.#nav.querySelectorAll("a")) {
      if (link.dataset["view"] === (only ?? "")) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    this.onView(only ?? "");
  }
}
