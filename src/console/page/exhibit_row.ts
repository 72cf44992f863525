/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * One member as a row of the list.
 *
 * @module
 */

import type { MemberView } from "../member_view.ts";
import { element, setText } from "./dom.ts";
import {
  fullNameOf,
  handlerWords,
  isDown,
  nameOf,
  placeOf,
  shareWords,
  stateWords,
} from "./member_words.ts";
import type { Known, MembersModel } from "./members_model.ts";
import { text } from "./say.ts";
import { kindOf, kindSign, setKind } from "./svg.ts";
import { sign } from "./signs.ts";
import { STRIP, Strip } from "./strip.ts";
import { withUrl } from "./url_state.ts";

/** An identity may contain invisible characters, which must not be in an attribute. */
const IDS = new WeakMap<Element, string>();

/** The identity of the member whose row contains an element. */
export function idAround(part: Element): string | undefined {
  const row = part.closest(".row");
  return row === null ? undefined : IDS.get(row);
}

/** A row; its parts are changed in place, and only where something differs. */
export class ExhibitRow {
  readonly row: HTMLElement;
  readonly known: Known;
  readonly #model: MembersModel;
  readonly #sign = kindSign("unknown");
  readonly #box: HTMLInputElement;
  readonly #name = element("a", { class: "name" });
  readonly #place = element("span", { class: "place" });
  readonly #note = element("span", { class: "note" });
  readonly #state = element("span", { class: "state", "data-was": text("silent.was") });
  readonly #strip = new Strip(STRIP);
  readonly #share = element("span", { class: "share", role: "cell" });
  readonly #more = element("button", { type: "button", class: "more", "aria-haspopup": "menu" });

  #shown: MemberView | undefined;

  constructor(known: Known, model: MembersModel) {
    this.known = known;
    this.#model = model;
    this.#box = element("input", { type: "checkbox", class: "select" });
    this.#more.append(sign("more"));
    this.row = element(
      "div",
      { class: "row", role: "row" },
      element("span", { class: "mark", role: "cell" }, this.#sign, this.#box),
      element("span", { class: "who", role: "rowheader" }, this.#name, this.#place, this.#note),
      element("span", { class: "condition", role: "cell" }, this.#state),
      element("span", { class: "day", role: "cell" }, this.#strip.picture),
      this.#share,
      element("span", { class: "act", role: "cell" }, this.#more),
    );
    IDS.set(this.row, known.member.id);
  }

  /** Whether it is selected. */
  set isSelected(isSelected: boolean) {
    this.#box.checked = isSelected;
    this.row.classList.toggle("selected", isSelected);
  }

  /** Shows the place next to the name, for a list without headings. */
  set showsPlace(showsPlace: boolean) {
    this.#place.hidden = !showsPlace;
  }

  /** Shows the member's current state. */
  update(): void {
    const { member } = this.known;
    if (member === this.#shown) return;
    this.#shown = member;
    const full = fullNameOf(member);
    const kind = kindOf(member);
    if (this.row.dataset["kind"] !== kind) {
      this.row.dataset["kind"] = kind;
      setKind(this.#sign, kind);
    }
    setText(this.#name, nameOf(member));
    setText(this.#place, placeOf(member));
    if (this.#name.getAttribute("aria-label") !== full) {
      this.#name.setAttribute("aria-label", full);
      this.#name.setAttribute("href", withUrl({ member: member.id }));
      this.#box.setAttribute("aria-label", text("exhibits.select", { name: full }));
      this.#more.setAttribute("aria-label", text("exhibits.more", { name: full }));
    }
    this.row.classList.toggle("down", isDown(member));
    this.row.classList.toggle("flapping", member.flapping);
    this.#strip.draw(member.strip);
    setText(this.#share, shareWords(member.uptime24h));
    this.tick();
  }

  /** Advances the times. */
  tick(): void {
    const { member } = this.known;
    const words = stateWords(this.known, this.#model);
    const said = member.flapping ? text("state.flapping", { state: words }) : words;
    setText(this.#state, said);
    const { failure, pause, acknowledgement: care } = member;
    setText(this.#note, pause?.reason ?? (care === null ? failure ?? "" : handlerWords(care)));
  }
}
