/**
 * The page of a fleet: its hosts as tiles, those in the worst state first within each hall.
 *
 * Without JavaScript it is plain HTML that reloads itself; with it, `page/fleet.ts` takes over.
 *
 * @module
 */

import { html, raw } from "hono/html";
import { COMES_ANEW } from "./rescue_script.ts";
import { judgeFleet } from "../core/fleet_verdict.ts";
import type { FleetHost, FleetStatus } from "./panels.ts";
import { hostGroups, tileOf } from "./page/fleet_words.ts";
import type { Speech } from "./page/speech.ts";
import { tabIcon, tabTitle, verdictLine } from "./page/words.ts";

/** What the page shows. */
export interface FleetPageModel {
  readonly speech: Speech;
  readonly status: FleetStatus;
  readonly hosts: readonly FleetHost[];
  /** Wall time of this state, in milliseconds since 1970. */
  readonly madeAt: number;
  readonly version: string;
  /** `wall` is legible from five metres and has no controls. */
  readonly view: "desk" | "wall";
}

type Markup = ReturnType<typeof html>;

/** Renders the whole page. */
export function renderFleetPage(model: FleetPageModel): Markup {
  const { speech, status, hosts, madeAt, version, view } = model;
  const { text } = speech;
  const judged = judgeFleet(hosts, status.deaf);
  const { verdict } = judged;
  const headline = speech.say(judged.saying, judged.headline);
  const time = speech.timeOfDay(madeAt);
  const title = html`<h1>${text("fleet.title", { fleet: status.fleet })}</h1>`;
  return html`
    <!DOCTYPE html>
    <html lang="${speech.language}" data-zone="${speech.timeZone}" ${view === "wall"
      ? raw(` data-theme="dark"`)
      : ""}>
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        ${COMES_ANEW}
        <title>${tabTitle(verdict, text("title.at", { headline, time }))}</title>
        <link rel="icon" id="icon" href="${tabIcon(verdict === "well" ? "silent" : verdict)}">
        <link rel="stylesheet" href="assets/page.css">
        <link rel="stylesheet" href="assets/fleet.css">
        <link rel="modulepreload" href="assets/texts_${speech.language}.js">
        <script type="module" src="assets/fleet.js"></script>
      </head>
      <body class="fleet ${view}">
        <header>
          <div id="verdict" class="${verdict}" data-made="${new Date(madeAt).toISOString()}">
            <span id="verdict-sign"></span>
            <p role="status" id="status">${verdictLine(verdict, headline)}</p>
    ${view === "wall" ? title : ""}
            <p id="no-news">? ${text("silent.headline", { time })}</p>
            <time id="clock">${time}</time>
            <span id="news"></span>
    ${view === "wall" ? html`<span id="turn"></span>` : ""}
          </div>
        </header>
    ${view === "wall" ? "" : html`
      <section class="bar" aria-label="Pulsebox">
        ${title}
        <form role="search" id="search">
          <input type="search" id="query" autocomplete="off"
            placeholder="${text("fleet.find")}" aria-label="${text("fleet.find")}">
        </form>
        <a class="button" href="fleet?view=wall&amp;lang=${speech.language}">${text(
          "fleet.wall",
        )}</a>
        <a class="button" href="./?lang=${speech.language}">${text("history.this-host")}</a>
      </section>
    `}
        <main id="main">
          <p id="as-of" hidden></p>
    ${view === "wall" ? "" : html`
      <section id="found" hidden>
        <p id="found-count" role="status"></p>
        <ul id="findings"></ul>
      </section>
    `}
          <div id="hosts">
    ${hostGroups(hosts, speech).map(([label, group]) =>
      html`
        <section>
          <h2>${label}</h2>
          <ul class="hosts">${group.map((host) => renderTile(host, speech))}</ul>
        </section>
      `
    )}
          </div>
        </main>
        <footer>
          <p>Pulsebox ${version}</p>
        </footer>
      </body>
    </html>
  `;
}

function renderTile(host: FleetHost, speech: Speech): Markup {
  const { look, name, sentence, isHosts, members, url } = tileOf(host, speech);
  return html`
    <li
      class="host ${look}">${url === null
        ? html`<strong>${name}</strong>`
        : html`<a href="${url}">${name}</a>`}<p class="said"${isHosts
        ? raw(` lang="en"`)
        : ""}>${sentence}</p><p class="members">${members}</p></li>
  `;
}
