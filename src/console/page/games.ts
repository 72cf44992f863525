/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * Game clients with their states, and the operator's buttons.
 *
 * @module
 */

import type { GameClient } from "../panels.ts";
import { order, withId } from "./api.ts";
import { button, element, tableHead } from "./dom.ts";
import { text } from "./say.ts";

const ACTIONS = ["start", "lobby", "emergency", "calibrate"] as const;

/** Shape of each state, so that colour is never alone. */
const SIGNS: Readonly<Record<GameClient["state"], string>> = {
  DISCONNECTED: "✖",
  UNCALIBRATED: "◌",
  CALIBRATED: "◐",
  RUNNING: "●",
};

interface Shown {
  /** What its row says. */
  readonly shown: string;
  readonly row: HTMLTableRowElement;
}

/** The table of game clients. */
export class Games {
  readonly section: HTMLElement;
  readonly #body = element("tbody");
  readonly #right: "read" | "write";
  #clients = new Map<string, Shown>();

  constructor(right: "read" | "write") {
    this.#right = right;
    const all = ACTIONS.map((action) =>
      button(text(`games.${action}-all`), () => order("api/v1/game/action", { action }), {
        class: action,
      })
    );
    const titles = (["client", "state", "says", "address"] as const)
      .map((key) => text(`games.${key}`));
    this.section = element(
      "section",
      { "aria-labelledby": "games-title" },
      element("h2", { id: "games-title" }, text("games.title")),
      ...(right === "write" ? [element("p", { class: "buttons" }, ...all)] : []),
      element(
        "table",
        { class: "games" },
        tableHead(...titles, ...(right === "write" ? [text("games.actions")] : [])),
        this.#body,
      ),
    );
  }

  /** Shows these clients and no others. */
  replace(clients: readonly GameClient[]): void {
    const next = new Map<string, Shown>();
    for (const client of clients) {
      const { silentMs: _, ...rest } = client;
      const shown = JSON.stringify(rest);
      const known = this.#clients.get(client.id);
      // Keep an unchanged row, which may hold the focus.
      const row = known?.shown === shown ? known.row : this.#rowOf(client);
      if (known !== undefined && known.row !== row) known.row.replaceWith(row);
      next.set(client.id, { shown, row });
    }
    for (const [id, { row }] of this.#clients) if (!next.has(id)) row.remove();
    this.#clients = next;
    const rows = [...next.entries()].sort(([a], [b]) =>
      a.localeCompare(b, "en", { numeric: true })
    );
    for (const [index, [, { row }]] of rows.entries()) {
      if (this.#body.children[index] !== row) {
        this.#body.insertBefore(row, this.#body.children[index] ?? null);
      }
    }
  }

  #rowOf({ id, state, reportedState, address, emergency }: GameClient): HTMLTableRowElement {
    const path = withId("api/v1/game/clients/action", id);
    const actions = ACTIONS.map((action) =>
      button(text(`games.${action}`), () => order(path, { action }), {
        class: action,
        "aria-label": text(`games.${action}-one`, { id }),
      })
    );
    return element(
      "tr",
      { class: state.toLowerCase() },
      element("th", { scope: "row" }, id),
      element(
        "td",
        { class: "state" },
        `${SIGNS[state]} ${emergency ? text("games.in-emergency", { state }) : state}`,
      ),
      element("td", {}, reportedState === state ? text("games.same") : reportedState),
      element("td", { class: "address" }, address),
      ...(this.#right === "write" ? [element("td", { class: "actions" }, ...actions)] : []),
    );
  }
}
