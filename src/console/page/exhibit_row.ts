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
import { element, setHidden, setText } from "./dom.ts";
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
import { emptyStrip, STRIP, Strip } from "./strip.ts";
import { memberUrl } from "./url_state.ts";

/** An identity may contain invisible characters, which must not be in an attribute. */
const IDS = new WeakMap<Element, string>();

/** The identity of the member whose row contains an element. */
export function idAround(part: Element): string | undefined {
  const row = part.closest(".row");
  return row === null ? undefined : IDS.get(row);
}

/** The cells of a row before they show a member. Copying them is much cheaper than making them. */
const CELLS = document.createDocumentFragment();
CELLS.append(
  element(
    "span",
    { class: "mark", role: "cell" },
    kindSign("ok"),
    element("input", { type: "checkbox", class: "select" }),
  ),
  element(
    "span",
    { class: "who", role: "rowheader" },
    element("a", { class: "name" }),
    element("span", { class: "place" }),
    element("span", { class: "note" }),
  ),
  element(
    "span",
    { class: "condition", role: "cell" },
    element("span", { class: "state", "data-was": text("silent.was") }),
  ),
  element("span", { class: "day", role: "cell" }, emptyStrip(STRIP)),
  element("span", { class: "share", role: "cell" }),
  element("span", { class: "act", role: "cell" }, moreButton()),
);

/** The parts of a row that show something. */
interface Parts {
  readonly sign: SVGSVGElement;
  readonly box: HTMLInputElement;
  readonly name: HTMLElement;
  readonly place: HTMLElement;
  readonly note: HTMLElement;
  readonly state: HTMLElement;
  readonly strip: Strip;
  readonly share: HTMLElement;
  readonly more: HTMLElement;
}

/**
 * A row. It is empty until its first update; then its parts are changed in place, and only where
 * something differs.
 */
export class ExhibitRow {
  readonly row: HTMLElement = element("div", { class: "row", role: "row" });
  readonly known: Known;
  readonly #model: MembersModel;
  #parts: Parts | undefined;
  #shown: MemberView | undefined;
  #isSelected = false;
  #showsPlace = true;

  constructor(known: Known, model: MembersModel) {
    this.known = known;
    this.#model = model;
    IDS.set(this.row, known.member.id);
  }

  /** Whether it shows nothing yet. */
  get isEmpty(): boolean {
    return this.#parts === undefined;
  }

  /** Whether it is selected. */
  set isSelected(isSelected: boolean) {
    this.#isSelected = isSelected;
    this.row.classList.toggle("selected", isSelected);
    if (this.#parts !== undefined) this.#parts.box.checked = isSelected;
  }

  /** Shows the place next to the name, for a list without headings. */
  set showsPlace(showsPlace: boolean) {
    this.#showsPlace = showsPlace;
    if (this.#parts !== undefined) setHidden(this.#parts.place, !showsPlace);
  }

  /** Shows the member's current state. */
  update(): void {
    const { member } = this.known;
    if (member === this.#shown) return;
    this.#shown = member;
    const { sign: mark, name, place, strip, share, box, more } = this.#parts ??= this.#fill();
    const full = fullNameOf(member);
    const kind = kindOf(member);
    if (this.row.dataset["kind"] !== kind) {
      this.row.dataset["kind"] = kind;
      setKind(mark, kind);
    }
    setText(name, nameOf(member));
    setText(place, placeOf(member));
    if (name.getAttribute("aria-label") !== full) {
      name.setAttribute("aria-label", full);
      name.setAttribute("href", memberUrl(member.id));
      box.setAttribute("aria-label", text("exhibits.select", { name: full }));
      more.setAttribute("aria-label", text("exhibits.more", { name: full }));
    }
    this.row.classList.toggle("down", isDown(member));
    this.row.classList.toggle("flapping", member.flapping);
    strip.draw(member.strip);
    setText(share, shareWords(member.uptime24h));
    this.tick();
  }

  /** Advances the times. */
  tick(): void {
    if (this.#parts === undefined) return;
    const { state, note } = this.#parts;
    const { member } = this.known;
    const words = stateWords(this.known, this.#model);
    setText(state, member.flapping ? text("state.flapping", { state: words }) : words);
    const { failure, pause, acknowledgement: care } = member;
    setText(note, pause?.reason ?? (care === null ? failure ?? "" : handlerWords(care)));
  }

  #fill(): Parts {
    this.row.append(CELLS.cloneNode(true));
    const [mark, who, condition, day, share, act] = this.row.children;
    const [sign, box] = partsOf<[SVGSVGElement, HTMLInputElement]>(mark);
    const [name, place, note] = partsOf<[HTMLElement, HTMLElement, HTMLElement]>(who);
    const [state] = partsOf<[HTMLElement]>(condition);
    const [picture] = partsOf<[SVGElement]>(day);
    const [more] = partsOf<[HTMLElement]>(act);
    box.checked = this.#isSelected;
    setHidden(place, !this.#showsPlace);
    const strip = new Strip(STRIP, picture);
    return { sign, box, name, place, note, state, strip, share: share as HTMLElement, more };
  }
}

function moreButton(): HTMLButtonElement {
  const more = element("button", { type: "button", class: "more", "aria-haspopup": "menu" });
  more.append(sign("more"));
  return more;
}

/** The parts of a cell, as {@linkcode CELLS} has them. */
function partsOf<Cell extends Element[]>(cell: Element | undefined): Cell {
  return [...cell?.children ?? []] as Cell;
}
