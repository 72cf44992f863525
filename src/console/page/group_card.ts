/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * One card for the hosts of a fleet that were lost together.
 *
 * @module
 */

import type { MemberView } from "../member_view.ts";
import { button, element, setHidden, setText } from "./dom.ts";
import { handlerWords, momentWords, nameOf } from "./member_words.ts";
import type { MembersModel } from "./members_model.ts";
import { text } from "./say.ts";
import { kindSign } from "./svg.ts";

/** Names on the card; the rest is counted. */
const NAMES_MAX = 5;

/** What the button of the card does. */
export interface GroupActions {
  acknowledgeAll(whom: string, members: readonly MemberView[]): void;
}

/** The card. */
export class GroupCard {
  readonly card: HTMLElement;
  readonly #model: MembersModel;
  readonly #count = element("h3");
  readonly #place = element("p", { class: "place" });
  readonly #names = element("p", { class: "soft" });
  readonly #since = element("p", { class: "soft since" });
  readonly #who = element("p", { class: "handler" });
  readonly #acknowledge: HTMLButtonElement;
  #members: readonly MemberView[] = [];

  constructor(model: MembersModel, actions: GroupActions, right: "read" | "write") {
    this.#model = model;
    this.#acknowledge = button(
      text("care.acknowledge"),
      () => actions.acknowledgeAll(this.#title(), this.#members),
      { class: "main order" },
    );
    this.card = element(
      "article",
      { class: "card" },
      element(
        "div",
        { class: "top" },
        kindSign("lost"),
        element("div", { class: "who" }, this.#count, this.#place, this.#names),
        element("div", { class: "for" }, this.#since),
      ),
      element(
        "div",
        { class: "do" },
        this.#who,
        ...(right === "write" ? [this.#acknowledge] : []),
        element("a", { class: "bare button", href: "fleet" }, text("host.fleet")),
      ),
    );
  }

  /** @param members Lost together, so that they have one place and one who looks after them. */
  show(members: readonly MemberView[]): void {
    this.#members = members;
    const [first] = members;
    if (first === undefined) return;
    const title = this.#title();
    setText(this.#count, text("cards.hosts-lost", { count: members.length }));
    setText(this.#place, first.station ?? "");
    const names = members.slice(0, NAMES_MAX).map(nameOf).join(", ");
    const rest = members.length - NAMES_MAX;
    setText(
      this.#names,
      rest > 0 ? text("cards.names-and-more", { names, count: rest }) : names,
    );
    setText(this.#since, text("cards.since", { time: momentWords(first.since, this.#model) }));
    if (this.card.getAttribute("aria-label") !== title) {
      this.card.setAttribute("aria-label", title);
      this.#acknowledge.setAttribute("aria-label", text("care.acknowledge-of", { name: title }));
    }
    const { acknowledgement: care } = first;
    this.card.classList.toggle("handled", care !== null);
    setHidden(this.#who, care === null);
    setHidden(this.#acknowledge, care !== null);
    setText(this.#who, care === null ? "" : handlerWords(care));
  }

  #title(): string {
    const said = text("cards.hosts-lost", { count: this.#members.length });
    const place = this.#members[0]?.station ?? null;
    return place === null ? said : text("members.full-name", { name: said, place });
  }
}
