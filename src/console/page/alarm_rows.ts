/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * Listed alarms as rows that keep their place, so that a second press never hits another alarm.
 *
 * @module
 */

import type { StandingAlarm } from "../panels.ts";
import { ActionButton, faultPlace } from "./action_button.ts";
import { post, withId } from "./api.ts";
import { element, setText } from "./dom.ts";
import { speech, text } from "./say.ts";
import { drawSign, sign } from "./signs.ts";

/** How long a row stays after its alarm, in milliseconds. */
const STAY_MS = 5_000;

/** How long a row ignores presses if its alarm is raised again, in milliseconds. */
const REST_MS = 1_000;

/** Class and key of each priority. */
const LEVELS: Readonly<Record<string, "high" | "medium" | "low">> = {
  PRIORITY_HIGH: "high",
  PRIORITY_MEDIUM: "medium",
  PRIORITY_LOW: "low",
};

interface Row {
  readonly item: HTMLLIElement;
  readonly said: HTMLElement;
  readonly look: SVGSVGElement;
  readonly button: ActionButton | undefined;
  /** When its alarm ended; `undefined` while it is listed. */
  endedAt: number | undefined;
  restsUntil: number;
}

/** The list of alarms. */
export class AlarmRows {
  /** Gets the focus of a row that is removed. */
  readonly list = element("ul", { class: "alarms", tabindex: "-1" });
  readonly none = element("p", { class: "no-alarms" }, sign("ok"), text("instrument.no-alarms"));
  readonly #rows = new Map<string, Row>();
  readonly #right: "read" | "write";

  constructor(right: "read" | "write") {
    this.#right = right;
    this.list.setAttribute("aria-label", text("instrument.alarms"));
    this.list.addEventListener("pointerleave", () => this.#sweep());
    this.list.addEventListener("focusout", () => setTimeout(() => this.#sweep()));
  }

  /** Shows these alarms; rows of ended alarms stay for a while. */
  show(alarms: readonly StandingAlarm[]): void {
    const standing = new Set<string>();
    for (const alarm of alarms) {
      const key = `${alarm.priority} ${alarm.name}`;
      standing.add(key);
      let row = this.#rows.get(key);
      if (row === undefined) {
        row = this.#build(alarm, key);
        this.#rows.set(key, row);
        this.list.append(row.item);
      }
      row.endedAt = undefined;
      this.#say(row, alarm);
    }
    for (const [key, row] of this.#rows) {
      if (standing.has(key) || row.endedAt !== undefined) continue;
      row.endedAt = performance.now();
      row.item.className = "ended";
      drawSign(row.look, "ok");
      rest(row);
      setTimeout(() => this.#sweep(), STAY_MS + 1);
    }
    this.none.hidden = this.#rows.size > 0;
  }

  #say(row: Row, { name, priority, raisedAt, count }: StandingAlarm): void {
    const level = LEVELS[priority] ?? "low";
    row.item.className = level;
    drawSign(row.look, level === "high" ? "emergency" : "late");
    const words = text("instrument.alarm", { name, priority: text(`instrument.${level}`) });
    const time = raisedAt === null ? "" : speech.timeOfDay(Date.parse(raisedAt));
    setText(
      row.said,
      raisedAt === null
        ? words
        : count > 1
        ? text("instrument.alarm-times", { alarm: words, count, time })
        : text("instrument.alarm-once", { alarm: words, time }),
    );
    if (row.restsUntil <= performance.now()) row.button?.forbid(undefined);
  }

  #build({ name }: StandingAlarm, key: string): Row {
    const said = element("span", { class: "said" });
    const look = sign("late");
    const fault = faultPlace();
    const button = this.#right === "read" ? undefined : new ActionButton({
      content: [text("instrument.acknowledge")],
      label: text("instrument.acknowledge-one", { name }),
      fault,
      act: async () => {
        await post(withId("api/v1/hev/alarms/acknowledge", name));
        // It may be raised again before the page learns that it had ended.
        const row = this.#rows.get(key);
        if (row !== undefined) rest(row);
      },
    });
    const item = element(
      "li",
      {},
      look,
      said,
      ...(button === undefined ? [] : [button.reason, fault, button.button]),
    );
    return { item, said, look, button, endedAt: undefined, restsUntil: 0 };
  }

  /** Removes rows whose time is over, but none under the pointer: another would take its place. */
  #sweep(): void {
    if (this.list.matches(":hover")) return;
    const now = performance.now();
    for (const [key, { item, endedAt }] of this.#rows) {
      if (endedAt === undefined || now - endedAt < STAY_MS) continue;
      if (item.contains(document.activeElement)) this.list.focus();
      item.remove();
      this.#rows.delete(key);
    }
    this.none.hidden = this.#rows.size > 0;
  }
}

/** Takes no press for a moment, and none at all until the alarm is raised again. */
function rest(row: Row): void {
  row.restsUntil = performance.now() + REST_MS;
  row.button?.forbid(text("instrument.acknowledged", { time: speech.timeOfDay(Date.now()) }));
  setTimeout(() => {
    if (row.endedAt === undefined && row.restsUntil <= performance.now()) {
      row.button?.forbid(undefined);
    }
  }, REST_MS + 1);
}
