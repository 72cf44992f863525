/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * One member as a row of the table.
 *
 * @module
 */

import type { MemberView } from "../member_view.ts";
import { button, element, setAttribute, setText } from "./dom.ts";
import { speech, text } from "./say.ts";
import { PAUSED_WORDS, STATE_WORDS, type StateWords } from "./words.ts";

/** What the buttons of a row do. */
export interface MemberActions {
  show(member: MemberView): void;
  pause(member: MemberView): void;
  resume(member: MemberView): unknown;
}

/** The changing parts of a row. */
interface Parts {
  readonly row: HTMLTableRowElement;
  readonly state: HTMLElement;
  readonly name: HTMLButtonElement;
  readonly address: HTMLElement;
  readonly heard: HTMLElement;
  readonly meter: HTMLMeterElement;
  readonly left: HTMLElement;
  readonly pause: HTMLButtonElement;
  readonly resume: HTMLButtonElement;
}

/**
 * A member with its row, which is made when it is first asked for. Times run on from the moment at
 * which the host told them.
 */
export class MemberRow {
  member: MemberView;
  #toldAt = performance.now();
  #isHidden = false;
  #parts: Parts | undefined;
  readonly #actions: MemberActions;
  readonly #right: "read" | "write";

  constructor(member: MemberView, actions: MemberActions, right: "read" | "write") {
    this.member = member;
    this.#actions = actions;
    this.#right = right;
  }

  /** The row. */
  get row(): HTMLTableRowElement {
    if (this.#parts === undefined) {
      this.#parts = this.#build();
      this.#show(this.#parts);
    }
    return this.#parts.row;
  }

  /** True while the row is part of the page. */
  get isOnPage(): boolean {
    return this.#parts?.row.isConnected === true;
  }

  /** Whether the search or the filter leaves it out. */
  get isHidden(): boolean {
    return this.#isHidden;
  }

  set isHidden(isHidden: boolean) {
    this.#isHidden = isHidden;
    if (this.#parts !== undefined) this.#parts.row.hidden = isHidden;
  }

  /** How the state is shown. */
  get words(): StateWords {
    return this.member.pause === null ? STATE_WORDS[this.member.state] : PAUSED_WORDS;
  }

  /** Shows the member as it is now. */
  update(member: MemberView): void {
    this.member = member;
    this.#toldAt = performance.now();
    if (this.#parts !== undefined) this.#show(this.#parts);
  }

  /** Takes new figures of the same state. */
  beat(beats: number, silentMs: number, deadlineInMs: number | null): void {
    this.member = { ...this.member, beats, silentMs, deadlineInMs };
    this.#toldAt = performance.now();
  }

  /** Moves the times on. */
  tick(): void {
    if (this.#parts === undefined) return;
    const { heard, meter, left } = this.#parts;
    const { member } = this;
    const passedMs = performance.now() - this.#toldAt;
    const silentMs = member.silentMs + passedMs;
    setText(heard, member.beats === 0 ? text("time.never") : agoWords(silentMs));
    const isCounting = member.pause === null && member.deadlineInMs !== null &&
      member.state !== "gone";
    meter.hidden = !isCounting;
    // A reason is read once and as long as it is.
    left.className = isCounting ? "ticking" : "";
    if (!isCounting) {
      setText(left, member.pause?.reason ?? "");
      return;
    }
    const leftMs = Math.max(0, (member.deadlineInMs ?? 0) - passedMs);
    const fullMs = silentMs + leftMs;
    meter.value = fullMs === 0 ? 0 : leftMs / fullMs;
    setText(left, speech.duration(leftMs));
  }

  #show(parts: Parts): void {
    const { member } = this;
    const { sign } = this.words;
    const name = member.name === "" ? text("members.no-name") : member.name;
    parts.row.className = member.pause === null ? member.state : "paused";
    parts.row.hidden = this.#isHidden;
    setText(
      parts.state,
      `${sign} ${stateWords(member, text(this.words.key))}`,
    );
    setText(parts.name, name);
    setText(parts.address, member.station ?? member.address);
    parts.pause.hidden = member.pause !== null;
    parts.resume.hidden = member.pause === null;
    setAttribute(parts.pause, "aria-label", text("members.pause-one", { name }));
    setAttribute(parts.resume, "aria-label", text("members.resume-one", { name }));
    this.tick();
  }

  #build(): Parts {
    const state = element("td", { class: "state" });
    const name = button("", () => this.#actions.show(this.member), { class: "link" });
    const address = element("td", { class: "address" });
    const heard = element("span", { class: "ticking" });
    const meter = element("meter", { min: "0", max: "1", low: "0.2", "aria-hidden": "true" });
    const left = element("span", { class: "ticking" });
    const pause = button(text("members.pause"), () => this.#actions.pause(this.member));
    const resume = button(text("members.resume"), () => this.#actions.resume(this.member));
    const row = element(
      "tr",
      {},
      state,
      element("th", { scope: "row" }, name),
      address,
      element("td", { class: "heard" }, heard),
      element("td", { class: "left" }, meter, " ", left),
      ...(this.#right === "write" ? [element("td", { class: "actions" }, pause, resume)] : []),
    );
    return { row, state, name, address, heard, meter, left, pause, resume };
  }
}

/** How long ago something was. */
export function agoWords(ms: number): string {
  return text("time.ago", { duration: speech.duration(ms) });
}

function stateWords({ flapping, failure }: MemberView, bare: string): string {
  const state = flapping ? text("state.flapping", { state: bare }) : bare;
  return failure === null ? state : text("state.failed", { state, failure });
}
