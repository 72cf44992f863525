/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * The pictures in a member's panel: a span of time, and the intervals between beats.
 *
 * @module
 */

import type { Uptime } from "../uptime.ts";
import { longDuration } from "./member_words.ts";
import { speech, text } from "./say.ts";
import { svg } from "./svg.ts";

const HALF_HOUR_MS = 1_800_000;
const HOUR_MS = 3_600_000;
const WIDTH = 496;
/** Steps between ticks, in hours; the first one that leaves room for the labels is used. */
const TICK_HOURS = [0.25, 0.5, 1, 2, 3, 6, 12, 24];
/** Labels of the time axis. */
const LABELS_MAX = 7;
const KINDS: Readonly<Record<string, string>> = { o: "ok", m: "paused", l: "late", x: "lost" };

/** A span of time on the host's wall clock, in milliseconds. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** Draws a member's history: half-hours from the strips, outages as precisely as they are known. */
export function drawTimeline(
  { days, outages }: Uptime,
  { from, to }: Stretch,
  nowMs: number,
): SVGElement {
  const at = (wallMs: number) => (wallMs - from) / (to - from) * WIDTH;
  const picture = svg("svg", { class: "timeline", viewBox: `0 0 ${WIDTH} 48`, role: "img" });
  picture.append(svg("rect", { class: "ground", x: 0, y: 4, width: WIDTH, height: 20 }));
  const bar = (kind: string, start: number, end: number, y: number, height: number) => {
    const left = Math.max(0, at(start));
    const right = Math.min(WIDTH, at(end));
    if (right <= left) return;
    const width = Math.max(kind === "lost" ? 2 : 0.5, right - left);
    picture.append(svg("rect", { class: `bar-${kind}`, x: left, y, width, height }));
  };
  for (const day of days) {
    const begins = Date.parse(day.from);
    for (const [index, letter] of [...day.strip ?? ""].entries()) {
      // Outages are drawn below with their real length, not as half-hours.
      const kind = letter === "x" ? "ok" : KINDS[letter];
      const start = begins + index * HALF_HOUR_MS;
      if (kind !== undefined) bar(kind, start, Math.min(nowMs, start + HALF_HOUR_MS), 4, 20);
    }
  }
  let lostMs = 0;
  for (const outage of outages) {
    const start = Date.parse(outage.from);
    const end = outage.to === null ? nowMs : Date.parse(outage.to);
    bar(outage.planned ? "paused" : "lost", start, end, 2, 24);
    if (!outage.planned) lostMs += Math.max(0, Math.min(end, to) - Math.max(start, from));
  }
  if (nowMs >= from && nowMs < to) {
    picture.append(svg("path", { class: "now", d: `M${at(nowMs)} 0V28` }));
  }
  drawTicks(picture, { from, to }, at);
  picture.setAttribute("aria-label", text("panel.timeline", { duration: longDuration(lostMs) }));
  return picture;
}

function drawTicks(picture: SVGElement, { from, to }: Stretch, at: (wallMs: number) => number) {
  const hours = TICK_HOURS.find((step) => (to - from) / (step * HOUR_MS) <= LABELS_MAX) ?? 24;
  const stepMs = hours * HOUR_MS;
  // Aligned to the host's clock: to whole hours, if its zone's offset is a multiple of 15 minutes.
  const [hour = 0, minute = 0] = speech.timeOfDay(from).split(":").map(Number);
  const midnight = from - (hour * HOUR_MS + minute * 60_000);
  for (let tick = midnight; tick <= to; tick += stepMs) {
    if (tick < from) continue;
    const x = at(tick);
    picture.append(svg("path", { class: "tick", d: `M${x} 28V33` }));
    const anchor = x < 16 ? "start" : x > WIDTH - 16 ? "end" : "middle";
    const label = svg("text", { x, y: 46, "text-anchor": anchor });
    label.textContent = tick === to && hours >= 1 ? "24:00" : speech.timeOfDay(tick).slice(0, 5);
    picture.append(label);
  }
}

/**
 * Draws the intervals between beats, with a line for the promise.
 *
 * @param silentMs Time since the last beat.
 */
export function drawIntervals(
  intervals: readonly number[],
  promiseMs: number,
  silentMs: number,
): SVGElement {
  const picture = svg("svg", { class: "intervals", viewBox: `0 0 ${WIDTH} 84`, role: "img" });
  const top = Math.max(promiseMs, ...intervals) * 1.15;
  const y = (ms: number) => 78 - 62 * Math.min(1, ms / top);
  const isSilent = silentMs > promiseMs;
  const room = isSilent ? WIDTH - 84 : WIDTH;
  if (isSilent) {
    picture.append(
      svg("rect", { class: "silence", x: room, y: 16, width: WIDTH - room, height: 62 }),
      labelled(room + 42, 50, text("panel.silent"), "middle"),
    );
  }
  picture.append(
    svg("path", { class: "axis", d: `M0 78H${WIDTH}` }),
    svg("path", { class: "promise", d: `M0 ${y(promiseMs)}H${WIDTH}` }),
    labelled(
      0,
      y(promiseMs) - 4,
      text("panel.promise-line", {
        duration: speech.duration(promiseMs),
      }),
    ),
  );
  const step = intervals.length < 2 ? 0 : room / (intervals.length - 1);
  const points = intervals.map((ms, index) => `${(index * step).toFixed(1)},${y(ms).toFixed(1)}`);
  if (points.length > 1) picture.append(svg("polyline", { points: points.join(" ") }));
  picture.setAttribute("aria-label", intervalWords(intervals, promiseMs));
  return picture;
}

/** The intervals in words: their usual length, and the longest. */
export function intervalWords(intervals: readonly number[], promiseMs: number): string {
  const sorted = [...intervals].sort((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)];
  const longest = sorted.at(-1);
  if (middle === undefined || longest === undefined) return text("panel.no-beats");
  return text(longest > promiseMs ? "panel.beats-over" : "panel.beats", {
    count: intervals.length,
    mostly: speech.duration(middle),
    longest: speech.duration(longest),
  });
}

function labelled(x: number, y: number, words: string, anchor = "start"): SVGElement {
  const label = svg("text", { x, y, "text-anchor": anchor });
  label.textContent = words;
  return label;
}
