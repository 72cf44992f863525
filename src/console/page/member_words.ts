/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * A member's state in words.
 *
 * @module
 */

import { visible } from "../../core/visible.ts";
import type { MemberView } from "../member_view.ts";
import type { Known, MembersModel } from "./members_model.ts";
import { speech, text } from "./say.ts";
import { PAUSED_WORDS, STATE_WORDS } from "./words.ts";

const PERCENT = 100;
const END_SLACK_MS = 5_000;

/** Its name, or a placeholder if it has none. */
export function nameOf({ name }: Pick<MemberView, "name">): string {
  return name === "" ? text("members.no-name") : name;
}

/** Its place: the operator's name for its host, or the address. */
export function placeOf({ station, address }: Pick<MemberView, "station" | "address">): string {
  return station ?? address;
}

/** Its name with its place, which distinguishes it from others of the same name. */
export function fullNameOf(member: MemberView): string {
  return visible(text("members.full-name", { name: nameOf(member), place: placeOf(member) }));
}

/** A member's name with its place; of one that is forgotten, as its identity has it. */
export function whoseName(id: string, model: Pick<MembersModel, "get">): string {
  const known = model.get(id);
  return known === undefined ? visible(id.slice(id.indexOf("/") + 1)) : fullNameOf(known.member);
}

/** True if only its maintenance hides that it is lost or gone. */
export function isDown({ state, pause }: Pick<MemberView, "state" | "pause">): boolean {
  return pause === null && (state === "lost" || state === "gone");
}

/** True while a countdown runs. */
export function isCounting({ state, pause, deadlineInMs }: MemberView): boolean {
  return pause === null && deadlineInMs !== null && (state === "late" || state === "starting");
}

/** Its state in a few words; only late and starting count down. */
export function stateWords(known: Known, model: MembersModel): string {
  const { member } = known;
  const { pause, state } = member;
  if (pause !== null) {
    return pause.until === null
      ? text(PAUSED_WORDS.key)
      : text("state.paused-until", { until: endWords(pause.until, model) });
  }
  // Only programs care that its protocol has forgotten it.
  const word = text(STATE_WORDS[state === "gone" ? "lost" : state].key);
  if (isCounting(member)) {
    const leftMs = Math.max(0, (member.deadlineInMs ?? 0) - model.toldAgoMs(known));
    return text("state.left", { state: word, duration: speech.duration(leftMs) });
  }
  return isDown(member)
    ? text("state.for", { state: word, duration: sinceWords(member, model) })
    : word;
}

/** How long it has been in its state. */
export function sinceWords({ since }: MemberView, model: MembersModel): string {
  return longDuration(model.ageMs(since));
}

/** A duration with minutes up to a day: `2 h 5 min`. */
export function longDuration(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return text("time.seconds", { n: speech.number(Math.floor(ms / 1_000)) });
  if (minutes < 60) return text("time.minutes", { n: speech.number(minutes) });
  const hours = Math.floor(minutes / 60);
  if (hours >= 24) return speech.duration(ms);
  const rest = minutes % 60;
  const parts = [text("time.hours", { n: hours })];
  if (rest > 0) parts.push(text("time.minutes", { n: rest }));
  return parts.join(" ");
}

/** A time, as short as possible: the time of today, or day and time. */
export function momentWords(at: string, model: MembersModel): string {
  const wallMs = Date.parse(at);
  const time = speech.timeOfDay(wallMs).slice(0, 5);
  const day = speech.day(wallMs);
  return day === speech.day(model.wallMs) ? time : `${day} ${time}`;
}

/** A moment to come. Clocks that are set a little must not make 8:59 of 9:00. */
function endWords(at: string, model: MembersModel): string {
  return momentWords(new Date(Date.parse(at) + END_SLACK_MS).toISOString(), model);
}

/** A share of the time, rounded down: only what never failed has 100 %. */
export function shareWords(share: number | null): string {
  if (share === null) return "–";
  const tenths = Math.floor(share * PERCENT * 10 + 1e-9) / 10;
  return text("time.percent", { n: speech.number(tenths, share < 1 ? 1 : 0) });
}

/** Who looks after it, and that person's note. */
export function handlerWords({ by, note }: { by: string; note: string }): string {
  return note === "" ? text("care.by", { who: by }) : text("care.by-note", { who: by, note });
}
