/**
 * The page for a wall: `/?view=wall`.
 *
 * Without JavaScript it is plain HTML that reloads itself; with it, `page/wall.ts` takes over.
 *
 * @module
 */

import { html } from "hono/html";
import { COMES_ANEW } from "./rescue_script.ts";
import type { PageModel } from "./page.ts";
import { tilesOf, type WallPicture, type WallTile } from "./page/wall_words.ts";
import { tabIcon, tabTitle, troubleWords, verdictLine } from "./page/words.ts";

type Markup = ReturnType<typeof html>;

/** Renders the whole page. */
export function renderWallPage(
  model: PageModel,
  { stopped, alarms }: Pick<WallPicture, "stopped" | "alarms">,
): Markup {
  const { speech, verdict, madeAt, overview } = model;
  const { text } = speech;
  const headline = speech.say(model.saying, model.headline);
  const time = speech.timeOfDay(madeAt);
  const tiles = tilesOf({
    members: overview.members,
    phones: overview.phones?.count ?? null,
    alarms,
    stopped,
    isHostPaused: overview.pause !== null,
    wallMs: madeAt,
    isSilent: false,
  }, speech);
  return html`
    <!DOCTYPE html>
    <html lang="${speech.language}" data-zone="${speech.timeZone}">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        ${COMES_ANEW}
        <title>${tabTitle(verdict, text("title.at", { headline, time }))}</title>
        <link rel="icon" id="icon" href="${tabIcon(verdict === "well" ? "silent" : verdict)}">
        <link rel="stylesheet" href="assets/wall.css">
        <link rel="modulepreload" href="assets/texts_${speech.language}.js">
        <script type="module" src="assets/wall.js"></script>
      </head>
      <body>
        <header id="verdict" class="${verdict}" data-made="${new Date(madeAt).toISOString()}">
          <h1>Pulsebox</h1>
          <span id="verdict-sign"></span>
          <div class="says">
            <p role="status" id="status">${verdictLine(verdict, headline)}</p>
            <p id="detail">${troubleWords(model.troubles, speech)}</p>
            <p id="no-news">? ${text("silent.headline", { time })}</p>
          </div>
          <div class="time">
            <time id="clock">${time.slice(0, 5)}</time>
            <p><span id="news"></span> <span id="turn"></span></p>
          </div>
        </header>
        <main id="tiles" ${tiles.length === 0
          ? html`
            data-empty="${text("empty.listening")}"
          `
          : ""}>
    ${tiles.map(renderTile)}
        </main>
      </body>
    </html>
  `;
}

function renderTile({ place, look, name, words, share }: WallTile): Markup {
  return html`
    <section class="tile ${look}">
      <h2>${place}</h2>
      <p class="name">${name}</p>
      <div class="foot"><span class="words">${words}</span><b class="share">${share}</b></div>
    </section>
  `;
}
