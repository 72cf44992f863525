/**
 * The operator's page: a table of all members and their states.
 *
 * Without JavaScript it is plain HTML that refreshes itself, so that it works in any browser on any
 * kiosk; with it, `page/main.ts` takes over.
 *
 * @module
 */

import { html, raw } from "hono/html";
import { compareNames } from "../core/name_order.ts";
import { COMES_ANEW } from "./rescue_script.ts";
import type { VerdictWord } from "../core/verdict.ts";
import type { MemberView } from "./member_view.ts";
import type { Overview } from "./overview.ts";
import type { PhonesSummary } from "./panels.ts";
import type { VerdictSaying } from "../core/verdict_texts.ts";
import { renderEmpty } from "./empty_page.ts";
import type { Speech } from "./page/speech.ts";
import {
  hostPauseWords,
  lastRunWords,
  PAUSED_WORDS,
  phonesPlace,
  STATE_WORDS,
  tabIcon,
  tabTitle,
  type Troubles,
  troubleWords,
  VERDICT_LOOKS,
  verdictLine,
} from "./page/words.ts";
import type { LastRunView } from "./telling_view.ts";
import { inTurns } from "./turns.ts";
import type { Right } from "./tokens.ts";

/** The most rows on the page; members in the worst state come first. */
export const PAGE_ROWS_MAX = 500;

/** What the page shows. */
export interface PageModel {
  speech: Speech;
  verdict: VerdictWord;
  saying: VerdictSaying;
  headline: string;
  troubles: Troubles;
  /** Wall time of this state, in milliseconds since 1970. */
  madeAt: number;
  overview: Overview;
  /** Problems of Pulsebox itself. */
  problems: readonly string[];
  lastRun: LastRunView | null;
  addresses: readonly string[];
  /** Where to send heartbeats; undefined without the role. */
  heartbeats: string | undefined;
  /** The URL for other machines; undefined if none can reach this page. */
  outside: string | undefined;
  version: string;
  /** Whether this console keeps the picture of a fleet. */
  hasFleet: boolean;
  /** The parts of the page that belong to roles of this host: `games`, `instrument`, `trigger`. */
  parts: readonly string[];
  /** `?theme=`; the system's if not given. */
  theme: "light" | "dark" | undefined;
  /** What the user may do. */
  right: Right;
  isLoggedIn: boolean;
}

type Markup = ReturnType<typeof html>;

/** Renders the whole page. */
export async function renderPage(model: PageModel): Promise<Awaited<Markup>> {
  const { total, phones } = model.overview;
  const { speech, verdict, madeAt } = model;
  const { text } = speech;
  const headline = speech.say(model.saying, model.headline);
  const time = speech.timeOfDay(madeAt);
  const members = [...model.overview.members].sort(byUrgency);
  const rows = await inTurns(members, (member) => renderRow(member, speech));
  const isHidden = members.length + (phones?.count ?? 0) > 0;
  // Without a script, nothing can update a title or an icon. So the title includes the time of this
  // state, and the icon is never a healthy host's.
  const title = tabTitle(verdict, text("title.at", { headline, time }));
  const icon = tabIcon(verdict === "well" ? "silent" : verdict);
  return html`
    <!DOCTYPE html>
    <html lang="${speech.language}" data-zone="${speech.timeZone}" ${model.theme === undefined
      ? ""
      : raw(` data-theme="${model.theme}"`)}>
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        ${COMES_ANEW}
        <title>${title}</title>
        <link rel="icon" id="icon" href="${icon}">
        <link rel="manifest" href="manifest.webmanifest">
        <link rel="stylesheet" href="assets/page.css">
        <link rel="modulepreload" href="assets/texts_${speech.language}.js">
        <script type="module" src="assets/main.js"></script>
      </head>
      <body data-right="${model.right}" data-parts="${model.parts.join(" ")}">
        <svg width="0" height="0" class="hatches" aria-hidden="true">
          <defs>
            <pattern id="hatch"
              width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
              <rect
                class="hatching" width="2" height="4" />
            </pattern>
          </defs>
        </svg>
        <header>
          <div id="verdict" class="${verdict}" data-made="${new Date(madeAt).toISOString()}">
            <span id="verdict-sign"></span>
            <p role="status" id="status">${verdictLine(verdict, headline)}</p>
            <p id="detail">${troubleWords(model.troubles, speech)}</p>
            <p id="no-news">? ${text("silent.headline", { time })}</p>
            <time id="clock">${time}</time>
            <span id="news"></span>
          </div>
        </header>
        <section class="bar" id="bar" aria-label="Pulsebox">
          <h1>Pulsebox</h1>
          <nav id="views"></nav>
    ${model.right === "read" ? html`<p class="read-only">${text("host.read-only")}</p>` : ""}
    ${model.isLoggedIn
      ? html`
        <form method="post"
          action="logout?lang=${speech.language}"><button class="bare">${text(
            "host.logout",
          )}</button></form>
      `
      : ""}
        </section>
        <main id="main">
    ${model.problems.map((problem) =>
      html`
        <p class="problem" role="alert">${VERDICT_LOOKS.problem
          .sign} <span lang="en">${problem}</span></p>
      `
    )}
    ${renderHostPause(model)}
    ${model.lastRun === null ? "" : html`
      <p class="last-run">${lastRunWords(model.lastRun, speech)}
        <span lang="en">${model.lastRun.problem ?? ""}</span></p>
    `}
    ${renderEmpty({ speech, heartbeats: model.heartbeats, outside: model.outside, isHidden })}
    ${isHidden ? renderTable(rows, phones, speech) : ""}
    ${total > members.length
      ? html`<p>${text("members.some", { shown: members.length, count: total })}</p>`
      : ""}
        </main>
        <footer>
          <p>Pulsebox ${model.version} · <a href="?view=wall&amp;lang=${speech.language}">${text(
            "fleet.wall",
          )}</a>${model.hasFleet
            ? html`
              · <a href="fleet?lang=${speech.language}">${text("host.fleet")}</a>
            `
            : ""}${model.addresses.map((address) => ` · ${address}`).join("")}</p>
          <p id="zone">${text("time.zone", { zone: speech.timeZone })}</p>
        </footer>
      </body>
    </html>
  `;
}

function renderHostPause(model: PageModel): Markup | "" {
  const { pause } = model.overview;
  if (pause === null) return "";
  return html`<p class="maintenance">${PAUSED_WORDS.sign} ${
    hostPauseWords(pause, model.speech)
  }</p>`;
}

function renderTable(
  rows: readonly Markup[],
  phones: PhonesSummary | null,
  speech: Speech,
): Markup {
  const { text } = speech;
  return html`
    <table class="members">
      <thead>
        <tr>
          <th scope="col">${text("members.state")}</th>
          <th scope="col">${text("members.name")}</th>
          <th scope="col">${text("members.address")}</th>
          <th scope="col">${text("members.heard")}</th>
          <th scope="col">${text("members.left")}</th>
        </tr>
      </thead>
      <tbody>
    ${rows}
    ${phones === null || phones.count === 0 ? "" : renderPhones(phones, speech)}
      </tbody>
    </table>
  `;
}

function renderRow(member: MemberView, speech: Speech): Markup {
  const { text, duration } = speech;
  const paused = member.pause !== null;
  const { sign, key } = paused ? PAUSED_WORDS : STATE_WORDS[member.state];
  return html`
    <tr class="${paused ? "paused" : member.state}">
      <td class="state">${sign} ${text(key)}</td>
      <th scope="row">${member.name === "" ? text("members.no-name") : member.name}</th>
      <td>${member.station ?? member.address}</td>
      <td>${member.beats === 0
        ? text("time.never")
        : text("time.ago", { duration: duration(member.silentMs) })}</td>
      <td>${renderDeadline(member, speech)}</td>
    </tr>
  `;
}

/** Phones are not members: one line stands for all of them. */
function renderPhones({ count, newest }: PhonesSummary, speech: Speech): Markup {
  const { text, duration } = speech;
  const { sign, key } = STATE_WORDS.ok;
  return html`
    <tr class="ok">
      <td class="state">${sign} ${text(key)}</td>
      <th scope="row">${text("phones.count", { count })}</th>
      <td>${phonesPlace(newest, speech)}</td>
      <td>${newest === null
        ? ""
        : text("time.ago", { duration: duration(newest.registeredMs) })}</td>
      <td></td>
    </tr>
  `;
}

function renderDeadline(member: MemberView, { duration }: Speech): Markup | string {
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
  return rank === 0 ? compareNames(a.name, b.name) : rank;
}

function urgency(member: MemberView): number {
  return member.pause === null ? STATE_WORDS[member.state].rank : PAUSED_WORDS.rank;
}
