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
import { setUrl, urlValue, withUrl } from "./url_state.ts";

/** Parts that the page can show alone; without a choice it shows all. */
export const VIEWS = ["exhibits", "headsets", "instrument", "phones", "history"] as const;

/** One of {@linkcode VIEWS}. */
export type View = typeof VIEWS[number];

/** The bar. */
export class TopBar {
  readonly search: HTMLInputElement = element("input", {
    type: "search",
    id: "search",
    autocomplete: "off",
    placeholder: text("exhibits.find"),
    "aria-label": text("exhibits.find"),
  });
  readonly #nav = element("nav", { "aria-label": text("bar.views") });
  #sections = new Map<View, HTMLElement>();

  /** @param tools Additional elements for the end of the bar. */
  constructor(...tools: HTMLElement[]) {
    const bar = byId("bar");
    byId("views").replaceWith(this.#nav);
    bar.append(this.search, ...tools);
    this.#nav.addEventListener("click", (event) => {
      const link = event.target instanceof Element ? event.target.closest("a") : null;
      if (link === null || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      setUrl({ view: link.dataset["view"] ?? "" }, "push");
      this.#show();
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
        text(view === "" ? "bar.all" : `bar.${view}`),
      );
    this.#nav.replaceChildren(link(""), ...[...sections.keys()].map(link));
    this.#show();
  }

  #show(): void {
    const view = urlValue("view");
    const only = VIEWS.find((name) => name === view && this.#sections.has(name));
    for (const [name, section] of this.#sections) {
      section.classList.toggle("elsewhere", only !== undefined && only !== name);
    }
    document.body.dataset["view"] = only ?? "";
    for (const link of this.#nav.querySelectorAll("a")) {
      if (link.dataset["view"] === (only ?? "")) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  }
}
