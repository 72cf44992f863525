/**
 * The operator's page: a table of all members and their states.
 *
 * Without JavaScript it is plain HTML that refreshes itself, so that it works in any browser on any
 * kiosk; with it, `page/main.ts` takes over.
 *
 * @module
 */

import { html } from "hono/html";
import type { VerdictWord } from "../core/verdict.ts";
import type { MemberView } from "./member_view.ts";
import type { Overview } from "./overview.ts";
import type { PhonesSummary } from "./panels.ts";
import {
  duration,
  lastRunWords,
  PAUSED_WORDS,
  phonesName,
  phonesPlace,
  STATE_WORDS,
  tabIcon,
  tabTitle,
  timeOfDay,
  verdictLine,
} from "./page/words.ts";
import type { LastRunView } from "./telling_view.ts";
import type { Right } from "./tokens.ts";

/** A page without scripts reloads itself after this many seconds. */
export const PAGE_REFRESH_SECONDS = 2;
/**
 * So does a page whose script did not start, because it is blocked, too new for the browser, or
 * broken.
 */
export const PAGE_RESCUE_SECONDS = 10;
/** Rows on the page; the worst come first. */
export const PAGE_ROWS_MAX = 500;

/** What the page shows. */
export interface PageModel {
  verdict: VerdictWord;
  headline: string;
  /** Who is in trouble, where and for how long. */
  detail: string;
  /** Wall time at which this was so, in milliseconds since 1970. */
  madeAt: number;
  overview: Overview;
  /** What is wrong with Pulsebox itself. */
  problems: readonly string[];
  lastRun: LastRunView | null;
  addresses: readonly string[];
  version: string;
  /** Whether this console keeps the picture of a fleet. */
  hasFleet: boolean;
  /** What whoever looks may do. */
  right: Right;
  isLoggedIn: boolean;
}

type Markup = ReturnType<typeof html>;

/** Renders the whole page. */
export function renderPage(model: PageModel): Markup {
  const { total, phones } = model.overview;
  const { verdict, headline, madeAt } = model;
  const time = timeOfDay(madeAt);
  const members = [...model.overview.members].sort(byUrgency);
  // Without a script, nothing can update a title or an icon. So the title says when it was true,
  // and the icon is never the one of a healthy host.
  const title = tabTitle(verdict, `${headline} at ${time}`);
  const icon = tabIcon(verdict === "well" ? "silent" : verdict);
  return html`
    <!DOCTYPE html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <noscript><meta http-equiv="refresh" content="${PAGE_REFRESH_SECONDS}"></noscript>
        <meta http-equiv="refresh" content="${PAGE_RESCUE_SECONDS}" id="refresh">
        <title>${title}</title>
        <link rel="icon" id="icon" href="${icon}">
        <link rel="stylesheet" href="assets/page.css">
        <link rel="stylesheet" href="assets/uplot.css">
        <script defer src="assets/uplot.js"></script>
        <script type="module" src="assets/main.js"></script>
      </head>
      <body data-right="${model.right}">
        <header>
          <h1>Pulsebox</h1>
          <div id="verdict" class="${verdict}" data-made="${new Date(madeAt).toISOString()}">
            <p role="status" id="status">${verdictLine(verdict, headline)}</p>
            <p id="detail">${model.detail}</p>
            <p id="no-news">? No news since <time>${time}</time></p>
          </div>
    ${model.isLoggedIn
      ? html`<form method="post" action="logout"><button>Log out</button></form>`
      : ""}
        </header>
        <main id="main">
    ${model.problems.map((problem) => html`<p class="problem" role="alert">✖ ${problem}</p>`)}
    ${renderHostPause(model)}
    ${model.lastRun === null ? "" : html`<p class="last-run">${lastRunWords(model.lastRun)}</p>`}
    ${members.length + (phones?.count ?? 0) === 0
      ? renderEmpty(model)
      : renderTable(members, phones)}
    ${total > members.length
      ? html`<p>${members.length} of ${total} members are shown, the worst first.</p>`
      : ""}
        </main>
        <footer>
          <p>Pulsebox ${model.version} · ${model.hasFleet
            ? html`
              <a href="fleet">The fleet</a> ·
            `
            : ""} ${model.addresses.join(" · ")}</p>
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

function renderTable(members: readonly MemberView[], phones: PhonesSummary | null): Markup {
  return html`
    <table class="members">
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
    ${phones === null || phones.count === 0 ? "" : renderPhones(phones)}
      </tbody>
    </table>
  `;
}

function renderRow(member: MemberView): Markup {
  const paused = member.pause !== null;
  const { sign, words } = paused ? PAUSED_WORDS : STATE_WORDS[member.state];
  return html`
    <tr class="${paused ? "paused" : member.state}">
      <td class="state">${sign} ${words}</td>
      <th scope="row">${member.name === "" ? "(no name)" : member.name}</th>
      <td>${member.station ?? member.address}</td>
      <td>${member.beats === 0 ? "never" : `${duration(member.silentMs)} ago`}</td>
      <td>${renderDeadline(member)}</td>
    </tr>
  `;
}

/** Phones are no members: all of them are one line. */
function renderPhones({ count, newest }: PhonesSummary): Markup {
  const { sign, words } = STATE_WORDS.ok;
  return html`
    <tr class="ok">
      <td class="state">${sign} ${words}</td>
      <th scope="row">${phonesName(count)}</th>
      <td>${phonesPlace(newest)}</td>
      <td>${newest === null ? "" : `${duration(newest.registeredMs)} ago`}</td>
      <td></td>
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
  return member.pause === null ? STATE_WORDS[member.state].rank : PAUSED_WORDS.rank;
}
