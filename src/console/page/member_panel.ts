/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * A panel for one member next to the list, with its own URL. It follows the host's events.
 *
 * @module
 */

import type { HistoryView } from "../history_view.ts";
import type { MemberDetail, MemberView } from "../member_view.ts";
import type { Uptime } from "../uptime.ts";
import { complainOf, get, memberPath } from "./api.ts";
import { button, element, setHidden, setText } from "./dom.ts";
import { condensed } from "./flurry.ts";
import { lineOf } from "./history.ts";
import {
  fullNameOf,
  handlerWords,
  isDown,
  momentWords,
  nameOf,
  placeOf,
  stateWords,
} from "./member_words.ts";
import { BEATS_MAX, type Known, type MembersModel } from "./members_model.ts";
import { outagesTable } from "./outages_table.ts";
import { PanelTime } from "./panel_time.ts";
import { drawIntervals, intervalWords } from "./panel_pictures.ts";
import { speech, text } from "./say.ts";
import { kindOf, kindSign, setKind } from "./svg.ts";
import { sign } from "./signs.ts";
import { setUrl, urlValue } from "./url_state.ts";

const DAYS = 90;
/** Events of one member that the panel shows. */
const EVENTS_MAX = 200;
const TICK_MS = 1_000;

/** The actions of the panel's buttons. */
export interface PanelActions {
  pause(member: MemberView): void;
  resume(member: MemberView): unknown;
  acknowledge(member: MemberView): void;
  tag(member: MemberView): void;
  forget(member: MemberView): void;
}

/** The panel. There is only one; it shows the member in the URL. */
export class MemberPanel {
  readonly panel: HTMLElement;
  readonly #model: MembersModel;
  readonly #actions: PanelActions;
  readonly #right: "read" | "write";
  readonly #sign = kindSign("unknown");
  readonly #title = element("h2", { id: "panel-title", tabindex: "-1" });
  readonly #place = element("p", { class: "soft" });
  readonly #state = element("b", { class: "state", "data-was": text("silent.was") });
  readonly #said = element("small");
  readonly #buttons = element("div", { class: "do" });
  readonly #facts = element("dl", { class: "facts" });
  readonly #record = element("div");
  readonly #past = element("div");
  readonly #beats = element("div");
  readonly #beatWords = element("span");
  readonly #beatNote = element("p", { class: "soft" }, text("panel.beats-since"));
  #known: Known | undefined;
  #opener: HTMLElement | undefined;
  #shown = "";
  #loading = 0;

  constructor(model: MembersModel, actions: PanelActions, right: "read" | "write") {
    this.#model = model;
    this.#actions = actions;
    this.#right = right;
    const close = button("", () => this.close(), {
      class: "bare close",
      "aria-label": text("dialog.close"),
    });
    close.append(sign("close"));
    this.panel = element(
      "aside",
      { class: "panel", id: "panel", "aria-labelledby": "panel-title", hidden: true },
      element("header", {}, this.#sign, element("div", {}, this.#title, this.#place), close),
      element("p", { class: "now" }, this.#state, this.#said),
      this.#buttons,
      this.#facts,
      this.#record,
      element(
        "section",
        { class: "part" },
        element("h3", {}, text("panel.between"), this.#beatWords),
        this.#beats,
        this.#beatNote,
      ),
      this.#past,
    );
    document.addEventListener("keydown", ({ key }) => {
      if (key === "Escape" && !this.panel.hidden && document.querySelector("dialog") === null) {
        this.close();
      }
    });
    addEventListener("popstate", () => this.#follow());
    model.listen({
      replaced: () => {
        const before = this.#known;
        this.#follow();
        if (before !== undefined && before === this.#known) this.#show(before);
      },
      changed: (changed) => {
        if (this.#known !== undefined && changed.includes(this.#known)) this.#show(this.#known);
      },
      removed: (id) => {
        if (id === this.#known?.member.id) this.close();
      },
      heard: (known) => {
        if (known === this.#known) this.#showFacts(known);
      },
    });
    this.#follow();
    setInterval(() => {
      if (this.#known !== undefined) this.#tick(this.#known);
    }, TICK_MS);
  }

  /** Shows only the list, and returns the focus. */
  close(): void {
    if (this.panel.hidden) return;
    setUrl({ member: "" }, "push");
    this.#hide();
    this.#opener?.focus();
  }

  /**
   * Shows the member in the URL, and takes the focus.
   *
   * @param opener Gets the focus back.
   */
  open(opener: HTMLElement): void {
    this.#opener = opener;
    this.#follow();
    this.#title.focus();
  }

  /** Shows the member in the URL. */
  #follow(): void {
    const known = this.#model.get(urlValue("member"));
    if (known === undefined) return this.#hide();
    if (known === this.#known) return;
    this.#known = known;
    this.#shown = "";
    this.#record.replaceChildren(element("p", { class: "soft" }, text("dialog.loading")));
    this.#past.replaceChildren();
    this.panel.hidden = false;
    document.body.classList.add("has-panel");
    this.panel.scrollTop = 0;
    this.#show(known);
  }

  #hide(): void {
    this.#known = undefined;
    this.panel.hidden = true;
    document.body.classList.remove("has-panel");
  }

  #show(known: Known): void {
    const { member } = known;
    setKind(this.#sign, kindOf(member));
    this.panel.dataset["kind"] = kindOf(member);
    setText(this.#title, nameOf(member));
    setText(this.#place, placeOf(member));
    this.#showButtons(member);
    this.#showFacts(known);
    this.#tick(known);
    this.#load(member).catch(complainOf);
  }

  #tick(known: Known): void {
    const { member } = known;
    setText(this.#state, stateWords(known, this.#model));
    setText(this.#said, this.#saidOf(member));
    const silentMs = member.silentMs + this.#model.toldAgoMs(known);
    const { intervals } = known;
    const shown = `${intervals.join()} ${silentMs > member.promiseMs} ${member.promiseMs}`;
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#beats.replaceChildren(drawIntervals(intervals, member.promiseMs, silentMs));
    setText(this.#beatWords, intervalWords(intervals, member.promiseMs));
    setHidden(this.#beatNote, intervals.length === BEATS_MAX);
  }

  #saidOf(member: MemberView): string {
    const { acknowledgement: care, failure, pause, outages24h: count } = member;
    const parts = [text("cards.since", { time: momentWords(member.since, this.#model) })];
    if (count > 0) parts.push(text("panel.outages-24h", { count }));
    if (failure !== null) parts.push(failure);
    if (pause !== null && pause.reason !== "") parts.push(pause.reason);
    if (care !== null) parts.push(handlerWords(care));
    else if (isDown(member)) parts.push(text("care.nobody"));
    return parts.join(" · ");
  }

  #showButtons(member: MemberView): void {
    if (this.#right !== "write") return;
    const { pause, acknowledge, resume, tag, forget } = this.#actions;
    const isPaused = member.pause !== null;
    const isHandled = member.acknowledgement !== null;
    const care = text(isHandled ? "care.note" : "care.acknowledge");
    const key = `${isPaused} ${isDown(member)} ${isHandled}`;
    if (this.#buttons.dataset["key"] === key) return;
    this.#buttons.dataset["key"] = key;
    const now = () => this.#known?.member ?? member;
    this.#buttons.replaceChildren(
      ...(isDown(member)
        ? [button(care, () => acknowledge(now()), { class: isHandled ? "order" : "main order" })]
        : []),
      isPaused
        ? button(text("members.resume"), () => resume(now()), { class: "order" })
        : button(text("care.pause"), () => pause(now()), { class: "order" }),
      button(text("care.tags"), () => tag(now()), { class: "bare order" }),
      button(text("care.forget"), () => forget(now()), { class: "bare order" }),
    );
  }

  #showFacts({ member }: Known): void {
    const { address, protocol, promiseMs, beats, tags } = member;
    const facts: [term: string, value: string][] = [
      [text("members.address"), address],
      [text("panel.promise"), text("panel.promised", { duration: speech.duration(promiseMs) })],
      [
        text("panel.last-beat"),
        beats === 0 ? text("time.never") : speech.timeOfDay(this.#model.wallAgo(member.silentMs)),
      ],
      [text("panel.beats-all"), speech.number(beats)],
      [text("panel.protocol"), protocol],
      ...(tags.length === 0 ? [] : [[text("panel.tags"), tags.join(", ")] as [string, string]]),
    ];
    const values = [...this.#facts.querySelectorAll("dd")];
    if (values.length === facts.length) {
      facts.forEach(([, value], index) => {
        const place = values[index];
        if (place !== undefined) setText(place, value);
      });
      return;
    }
    this.#facts.replaceChildren(
      ...facts.map(([term, value]) =>
        element("div", {}, element("dt", {}, term), element("dd", {}, value))
      ),
    );
  }

  async #load(member: MemberView): Promise<void> {
    const turn = ++this.#loading;
    const query = `member=${encodeURIComponent(member.id)}&limit=${EVENTS_MAX}`;
    const [detail, uptime, events] = await Promise.all([
      get<MemberDetail>(memberPath(member.id, "")),
      get<Uptime>(memberPath(member.id, `/uptime?days=${DAYS}`)),
      get<{ entries: HistoryView[] }>(`api/v1/history?${query}`),
    ]);
    // Another member, or newer figures of this one, may have been shown meanwhile.
    if (turn !== this.#loading || this.#known?.member.id !== member.id) return;
    this.#model.recall(detail);
    this.#tick(this.#known);
    const label = text("panel.events-of", { name: fullNameOf(member) });
    this.#record.replaceChildren(
      new PanelTime(uptime, this.#model.wallMs).section,
    );
    this.#past.replaceChildren(
      outagesTable(uptime, this.#model),
      element(
        "section",
        { class: "part" },
        element("h3", {}, text("history.events")),
        element(
          "ol",
          { class: "happenings", tabindex: "0", "aria-label": label },
          ...condensed(events.entries).map((line) => lineOf(line, this.#model)),
        ),
      ),
    );
  }
}
