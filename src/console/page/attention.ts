/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * A card for each member that is lost, and one for hosts of a fleet that were lost together; the newest
 * outage first.
 *
 * @module
 */

import type { MemberView } from "../member_view.ts";
import { button, element, setHidden, setText } from "./dom.ts";
import { glide } from "./glide.ts";
import { type GroupActions, GroupCard } from "./group_card.ts";
import { arrange } from "./keyed_list.ts";
import { lostTogether } from "./lost_together.ts";
import {
  fullNameOf,
  handlerWords,
  isDown,
  momentWords,
  nameOf,
  placeOf,
  stateWords,
} from "./member_words.ts";
import type { Known, MembersModel } from "./members_model.ts";
import { text } from "./say.ts";
import { kindSign, setKind } from "./svg.ts";
import { memberUrl, withUrl } from "./url_state.ts";

/** The actions of a card's buttons. */
export interface CareActions extends GroupActions {
  pause(member: MemberView): void;
  acknowledge(member: MemberView): void;
}

/** The most cards on the page; the list has all members. */
const CARDS_MAX = 6;
/** How long the card of a recovered member stays, in milliseconds. */
const FAREWELL_MS = 10_000;
const TICK_MS = 1_000;

/** A member that is or was lost. */
interface Case {
  readonly known: Known;
  /** When the member recovered, on the page's clock (ms). */
  backAt: number | undefined;
  /** Drawn only while it is one of those on the page. */
  card: Card | undefined;
}

interface Card {
  readonly card: HTMLElement;
  readonly update: () => void;
}

/** What is shown as one: a member, or a group in the place of its newest. */
type Unit = Case | readonly MemberView[];

/** The cards. None of them moves or disappears while somebody points at one. */
export class Attention {
  readonly section: HTMLElement;
  readonly #model: MembersModel;
  readonly #actions: CareActions;
  readonly #right: "read" | "write";
  readonly #cases = new Map<string, Case>();
  /** By the host that was lost first. */
  readonly #groups = new Map<string, GroupCard>();
  /** Hosts that were shown as a part of a group: their return needs no card of its own. */
  readonly #grouped = new Set<string>();
  readonly #grid = element("div", { class: "cards" });
  readonly #restLink = element("a");
  readonly #rest = element("p", { class: "more-cards", hidden: true }, this.#restLink);
  readonly #fresh = button("", () => this.#admit(), { class: "fresh", hidden: true });
  #order: string[] = [];

  constructor(model: MembersModel, actions: CareActions, right: "read" | "write") {
    this.#model = model;
    this.#actions = actions;
    this.#right = right;
    this.section = element(
      "section",
      { class: "attention", "aria-labelledby": "attention-title" },
      element("h2", { class: "unseen", id: "attention-title" }, text("cards.title")),
      this.#fresh,
      this.#grid,
      this.#rest,
    );
    const look = () => this.#look();
    model.listen({ replaced: look, changed: look, removed: look });
    setInterval(() => this.#cases.size > 0 && glide(look), TICK_MS);
  }

  get #isPointedAt(): boolean {
    return this.#grid.matches(":hover, :focus-within");
  }

  /** Brings the cards up to date. */
  #look(): void {
    for (const known of this.#model.all) {
      const { id } = known.member;
      const found = this.#cases.get(id);
      if (isDown(known.member)) {
        // A member that was forgotten and is back is a new one.
        if (found?.known !== known) {
          this.#cases.set(id, { known, backAt: undefined, card: undefined });
        } else found.backAt = undefined;
      } else if (this.#grouped.delete(id)) this.#cases.delete(id);
      else if (found !== undefined) found.backAt ??= performance.now();
    }
    for (const [id, { backAt }] of this.#cases) {
      const isOver = backAt !== undefined && performance.now() - backAt > FAREWELL_MS;
      if (this.#model.get(id) !== undefined && !isOver) continue;
      if (!this.#isPointedAt) this.#cases.delete(id);
    }
    this.#admit(this.#isPointedAt);
    for (const { card } of this.#cases.values()) card?.update();
  }

  /** @param isKept Whether cards stay in place, so that new ones have to wait. */
  #admit(isKept = false): void {
    const newestFirst = [...this.#cases.values()].sort((a, b) =>
      byMoment(b.known.member.since, a.known.member.since)
    ).map(({ known }) => known.member.id);
    // A recovered member has a newer state, but keeps its place.
    const stay = this.#order.filter((id) => this.#cases.has(id));
    const staying = new Set(stay);
    const fresh = newestFirst.filter((id) => !staying.has(id));
    const waiting = isKept && stay.length > 0 ? fresh.length : 0;
    setHidden(this.#fresh, waiting === 0);
    setText(this.#fresh, text("cards.fresh", { count: waiting }));
    if (waiting > 0) return;
    this.#order = [...fresh, ...stay];
    this.#show(this.#units().slice(0, CARDS_MAX));
  }

  #show(units: readonly Unit[]): void {
    arrange<Element>(
      this.#grid,
      units.map((unit) =>
        "known" in unit ? (unit.card ??= this.#make(unit.known)).card : this.#groupCard(unit)
      ),
    );
    const shown = new Set<Unit>(units);
    for (const each of this.#cases.values()) if (!shown.has(each)) each.card = undefined;
    const rest = this.#order.length -
      units.reduce((sum, unit) => sum + ("known" in unit ? 1 : unit.length), 0);
    setHidden(this.#rest, rest === 0);
    if (rest === 0) return;
    setLink(this.#restLink, withUrl({ state: "attention" }));
    setText(this.#restLink, text("cards.rest", { count: rest }));
  }

  #units(): Unit[] {
    const lost = this.#order.flatMap((id) => this.#cases.get(id)?.known.member ?? []).filter(
      isDown,
    );
    const groups = lostTogether(lost);
    const groupOf = new Map(groups.flatMap((group) => group.map(({ id }) => [id, group] as const)));
    for (const id of groupOf.keys()) this.#grouped.add(id);
    const firsts = new Set(groups.map(([first]) => first?.id ?? ""));
    for (const id of this.#groups.keys()) if (!firsts.has(id)) this.#groups.delete(id);
    const units = this.#order.flatMap((id): Unit[] => {
      const unit = groupOf.get(id) ?? this.#cases.get(id);
      return unit === undefined ? [] : [unit];
    });
    return [...new Set(units)];
  }

  #groupCard(group: readonly MemberView[]): HTMLElement {
    const first = group[0]?.id ?? "";
    let card = this.#groups.get(first);
    if (card === undefined) {
      card = new GroupCard(this.#model, this.#actions, this.#right);
      this.#groups.set(first, card);
    }
    card.show(group);
    return card.card;
  }

  #make(known: Known): Card {
    const picture = kindSign("lost");
    const name = element("a", { class: "name" });
    const place = element("p", { class: "place" });
    const state = element("b", { class: "state", "data-was": text("silent.was") });
    const since = element("p", { class: "soft since" });
    const who = element("p", { class: "handler" });
    const initial = element("span", { class: "initial", "aria-hidden": "true" });
    const says = element("span");
    who.append(initial, says);
    const acknowledge = button(
      text("care.acknowledge"),
      () => this.#actions.acknowledge(known.member),
      { class: "main order" },
    );
    const pause = button(text("care.pause"), () => this.#actions.pause(known.member), {
      class: "order",
    });
    const note = button(text("care.note"), () => this.#actions.acknowledge(known.member), {
      class: "order",
    });
    const details = element("a", { class: "bare button" }, text("care.details"));
    const orders = this.#right === "write" ? [acknowledge, pause, note] : [];
    const card = element(
      "article",
      { class: "card" },
      element(
        "div",
        { class: "top" },
        picture,
        element("div", { class: "who" }, element("h3", {}, name), place),
        element("div", { class: "for" }, state, since),
      ),
      element("div", { class: "do" }, who, ...orders, details),
    );
    const update = () => {
      const { member } = known;
      const full = fullNameOf(member);
      setText(name, nameOf(member));
      for (const link of [name, details]) setLink(link, memberUrl(member.id));
      if (card.getAttribute("aria-label") !== full) {
        card.setAttribute("aria-label", full);
        details.setAttribute("aria-label", text("care.details-of", { name: full }));
        acknowledge.setAttribute("aria-label", text("care.acknowledge-of", { name: full }));
        pause.setAttribute("aria-label", text("care.pause-of", { name: full }));
        note.setAttribute("aria-label", text("care.note-of", { name: full }));
      }
      setText(place, placeOf(member));
      const down = isDown(member);
      setKind(picture, down ? "lost" : member.pause === null ? "ok" : "paused");
      setText(state, stateWords(known, this.#model));
      setText(since, this.#sinceOf(member));
      const { acknowledgement: care } = member;
      card.classList.toggle("handled", down && care !== null);
      card.classList.toggle("back", !down);
      setHidden(who, !down || care === null);
      setHidden(acknowledge, !down || care !== null);
      setHidden(pause, !down || care !== null);
      setHidden(note, !down || care === null);
      setText(initial, [...care?.by ?? ""][0]?.toUpperCase() ?? "");
      setText(says, care === null ? "" : handlerWords(care));
    };
    return { card, update };
  }

  #sinceOf(member: MemberView): string {
    const time = momentWords(member.since, this.#model);
    const { failure, outages24h: count } = member;
    if (!isDown(member)) return text("cards.since", { time });
    const said = count > 1
      ? text("cards.since-again", { time, count })
      : text("cards.since", { time });
    return failure === null ? said : `${said} · ${failure}`;
  }
}

/** Sets an address only if it differs. */
function setLink(link: HTMLAnchorElement, href: string): void {
  if (link.getAttribute("href") !== href) link.setAttribute("href", href);
}

/** Compares times of the host, ISO 8601. */
function byMoment(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
