/**
 * The page of a fleet: its hosts as tiles, the worst first within each hall.
 *
 * Without JavaScript it is plain HTML that reloads itself; with it, `page/fleet.ts` takes over.
 *
 * @module
 */

import { html } from "hono/html";
import { judgeFleet } from "../core/fleet_verdict.ts";
import { PAGE_REFRESH_SECONDS, PAGE_RESCUE_SECONDS } from "./page.ts";
import type { FleetHost, FleetStatus } from "./panels.ts";
import { hostGroups, tileOf } from "./page/fleet_words.ts";
import { tabIcon, tabTitle, timeOfDay, verdictLine } from "./page/words.ts";

/** What the page shows. */
export interface FleetPageModel {
  readonly status: FleetStatus;
  readonly hosts: readonly FleetHost[];
  /** Wall time at which this was so, in milliseconds since 1970. */
  readonly madeAt: number;
  readonly version: string;
  /** `wall` is legible from five metres and has no controls. */
  readonly view: "desk" | "wall";
}

type Markup = ReturnType<typeof html>;

/** Renders the whole page. */
export function renderFleetPage({ status, hosts, madeAt, version, view }: FleetPageModel): Markup {
  const { verdict, headline } = judgeFleet(hosts, status.deaf);
  const time = timeOfDay(madeAt);
  return html`
    <!DOCTYPE html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <noscript><meta http-equiv="refresh" content="${PAGE_REFRESH_SECONDS}"></noscript>
        <meta http-equiv="refresh" content="${PAGE_RESCUE_SECONDS}" id="refresh">
        <title>${tabTitle(verdict, `${headline} at ${time}`)}</title>
        <link rel="icon" id="icon" href="${tabIcon(verdict === "well" ? "silent" : verdict)}">
        <link rel="stylesheet" href="assets/page.css">
        <link rel="stylesheet" href="assets/fleet.css">
        <script type="module" src="assets/fleet.js"></script>
      </head>
      <body class="fleet ${view}">
        <header>
          <h1>Fleet ${status.fleet}</h1>
          <div id="verdict" class="${verdict}" data-made="${new Date(madeAt).toISOString()}">
            <p role="status" id="status">${verdictLine(verdict, headline)}</p>
            <p id="no-news">? No news since <time>${time}</time></p>
          </div>
        </header>
        <main id="main">
    ${view === "wall" ? "" : html`
      <form role="search" id="search">
        <label>Find a host <input type="search" id="query" autocomplete="off"></label>
      </form>
    `}
          <div id="hosts">
    ${hostGroups(hosts).map(([label, group]) =>
      html`
        <section>
          <h2>${label}</h2>
          <ul class="tiles">${group.map(renderTile)}</ul>
        </section>
      `
    )}
          </div>
        </main>
        <footer>
          <p>Pulsebox ${version} · <a href=".">This host</a> · <a href="fleet?view=wall">Wall</a></p>
        </footer>
      </body>
    </html>
  `;
}

function renderTile(host: FleetHost): Markup {
  const { look, name, sentence, members, url } = tileOf(host);
  return html`
    <li
      class="tile ${look}">${url === null
        ? html`<strong>${name}</strong>`
        : html`<a href="${url}">${name}</a>`}<p class="said">${sentence}</p><p class="members">${members}</p></li>
  `;
}
