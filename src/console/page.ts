/**
 * The operator's page: a table that says who is alive.
 *
 * It is plain HTML that refreshes itself, so that it works in any browser on any kiosk.
 *
 * @module
 */

import { html, raw } from "hono/html";
import type { MemberState } from "../core/member.ts";
import type { MemberView } from "./member_view.ts";
import type { Overview } from "./overview.ts";
import { STYLE } from "./page_style.ts";

/** The page comes again after this many seconds. */
export const PAGE_REFRESH_SECONDS = 2;
/** Rows on the page; the worst come first. */
export const PAGE_ROWS_MAX = 500;

/** What the page shows. */
export interface PageModel {
  overview: Overview;
  /** What is wrong with Pulsebox itself. */
  problems: readonly string[];
  addresses: readonly string[];
  version: string;
}

type Markup = ReturnType<typeof html>;

/** Each state's shape (so that colour is never alone) and its place in the order, worst first. */
const STATES: Record<MemberState, { sign: string; rank: number; words: string }> = {
  lost: { sign: "✖", rank: 0, words: "Lost" },
  gone: { sign: "✖", rank: 1, words: "Gone" },
  late: { sign: "▲", rank: 2, words: "Late" },
  starting: { sign: "◌", rank: 3, words: "Starting" },
  unknown: { sign: "?", rank: 4, words: "Not heard yet" },
  ok: { sign: "●", rank: 5, words: "OK" },
};

/** Renders the whole page. */
export function renderPage(model: PageModel): Markup {
  const { attention, total, pause } = model.overview;
  const members = [...model.overview.members].sort(byUrgency);
  const isWell = attention === 0 && model.problems.length === 0;
  const headline = model.problems.length > 0
    ? "Pulsebox itself needs attention"
    : pause !== null
    ? "In maintenance"
    : total === 0
    ? "Nobody has been heard yet"
    : attention === 0
    ? "All is well"
    : `${attention} of ${total} need attention`;
  return html`
    <!DOCTYPE html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="refresh" content="${PAGE_REFRESH_SECONDS}">
        <title>${isWell ? "Pulsebox" : `(${attention === 0 ? "!" : attention}) Pulsebox`}</title>
        <link rel="icon" href="data:,">
        <style>${raw(STYLE)}</style>
      </head>
      <body>
        <header>
          <h1>Pulsebox</h1>
          <p role="status" class="${isWell ? "well" : "unwell"}">${headline}</p>
        </header>
        <main>
    ${model.problems.map((problem) => html`<p class="problem" role="alert">✖ ${problem}</p>`)}
    ${renderHostPause(model)}
    ${members.length === 0 ? renderEmpty(model) : renderTable(members)}
    ${total > members.length
      ? html`<p>${members.length} of ${total} members are shown, the worst first.</p>`
      : ""}
        </main>
        <footer>
          <p>Pulsebox ${model.version} · ${model.addresses.join(" · ")}</p>
        </footer>
      </body>
    </html>
  `;
}

function renderHostPause(model: PageModel): Markup | "" {
  const { pause } = model.overview;
  if (pause === null) return "";
  return html`<p class="maintenance">‖ This host is in maintenance${
    pause.until === null ? "" : ` until ${pause.until}`
  }. ${pause.reason}</p>`;
}

function renderEmpty(model: PageModel): Markup {
  return html`<p>Send a first heartbeat, for instance:</p>
${
    model.addresses.filter((address) => address.startsWith("http")).slice(0, 1).map((address) =>
      html`<pre>curl '${address}/hb_ping?5000&appid=hello'</pre>`
    )
  }`;
}

function renderTable(members: readonly MemberView[]): Markup {
  return html`
    <table>
      <thead>
        <tr>
          <th scope="col">State</th>
          <th scope="col">Name</th>
          <th scope="col">Address</th>
          <th scope="col">Last heard</th>
          <th scope="col">Time left</th>
        </tr>
      </thead>
      <tbody>
    ${members.map(renderRow)}
      </tbody>
    </table>
  `;
}

function renderRow(member: MemberView): Markup {
  const state = STATES[member.state];
  const paused = member.pause !== null;
  return html`
    <tr class="${paused ? "paused" : member.state}">
      <td class="state">${paused ? "‖ Maintenance" : `${state.sign} ${state.words}`}</td>
      <th scope="row">${member.name === "" ? "(no name)" : member.name}</th>
      <td>${member.station ?? member.address}</td>
      <td>${member.beats === 0 ? "never" : `${duration(member.silentMs)} ago`}</td>
      <td>${renderDeadline(member)}</td>
    </tr>
  `;
}

function renderDeadline(member: MemberView): Markup | string {
  if (member.pause !== null) return member.pause.reason;
  if (member.deadlineInMs === null || member.state === "gone") return "";
  const fullMs = member.silentMs + member.deadlineInMs;
  const share = fullMs === 0 ? 0 : member.deadlineInMs / fullMs;
  return html`<meter min="0" max="1" low="0.2" value="${share.toFixed(3)}"></meter> ${
    duration(member.deadlineInMs)
  }`;
}

function byUrgency(a: MemberView, b: MemberView): number {
  const rank = urgency(a) - urgency(b);
  return rank === 0 ? a.name.localeCompare(b.name) : rank;
}

function urgency(member: MemberView): number {
  return member.pause === null ? STATES[member.state].rank : STATES.ok.rank;
}

/** A duration with one unit, as a person would say it. */
export function duration(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} d`;
}
