/**
 * The files of the page. Its TypeScript is sent with the types blanked out: no build, no bundle, and
 * what the browser runs has the lines of the source.
 *
 * @module
 */

import type { Hono } from "hono";
import { stripTypeScriptTypes } from "node:module";
import uplotStyle from "uplot/dist/uPlot.min.css" with { type: "text" };
import uplotScript from "uplot/dist/uPlot.iife.min.js" with { type: "text" };
import type { ConsoleEnvironment } from "./api/router.ts";
import messageOf from "../core/message_of.ts" with { type: "text" };
import phrase from "../core/phrase.ts" with { type: "text" };
import verdictTexts from "../core/verdict_texts.ts" with { type: "text" };
import visible from "../core/visible.ts" with { type: "text" };
import actionButton from "./page/action_button.ts" with { type: "text" };
import alertsStyle from "./page/alerts.css" with { type: "text" };
import alarmRows from "./page/alarm_rows.ts" with { type: "text" };
import api from "./page/api.ts" with { type: "text" };
import dom from "./page/dom.ts" with { type: "text" };
import fleet from "./page/fleet.ts" with { type: "text" };
import fleetStyle from "./page/fleet.css" with { type: "text" };
import fleetWords from "./page/fleet_words.ts" with { type: "text" };
import gameRules from "./page/game_rules.ts" with { type: "text" };
import games from "./page/games.ts" with { type: "text" };
import gamesStyle from "./page/games.css" with { type: "text" };
import headsetRow from "./page/headset_row.ts" with { type: "text" };
import history from "./page/history.ts" with { type: "text" };
import instrument from "./page/instrument.ts" with { type: "text" };
import instrumentStyle from "./page/instrument.css" with { type: "text" };
import live from "./page/live.ts" with { type: "text" };
import login from "./page/login.ts" with { type: "text" };
import main from "./page/main.ts" with { type: "text" };
import memberRow from "./page/member_row.ts" with { type: "text" };
import membersTable from "./page/members_table.ts" with { type: "text" };
import newsStyle from "./page/news.css" with { type: "text" };
import night from "./page/night.ts" with { type: "text" };
import newsAge from "./page/news_age.ts" with { type: "text" };
import pageAlerts from "./page/page_alerts.ts" with { type: "text" };
import partsStyle from "./page/parts.css" with { type: "text" };
import pauseDialog from "./page/pause_dialog.ts" with { type: "text" };
import question from "./page/question.ts" with { type: "text" };
import reload from "./page/reload.ts" with { type: "text" };
import say from "./page/say.ts" with { type: "text" };
import sharedStream from "./page/shared_stream.ts" with { type: "text" };
import signs from "./page/signs.ts" with { type: "text" };
import speech from "./page/speech.ts" with { type: "text" };
import style from "./page/style.css" with { type: "text" };
import telling from "./page/telling.ts" with { type: "text" };
import textsDe from "./page/texts_de.ts" with { type: "text" };
import textsEn from "./page/texts_en.ts" with { type: "text" };
import trigger from "./page/trigger.ts" with { type: "text" };
import twoTones from "./page/two_tones.ts" with { type: "text" };
import verdictStyle from "./page/verdict.css" with { type: "text" };
import verdictBand from "./page/verdict_band.ts" with { type: "text" };
import wall from "./page/wall.ts" with { type: "text" };
import wallStyle from "./page/wall.css" with { type: "text" };
import wallGrid from "./page/wall_grid.ts" with { type: "text" };
import wallWords from "./page/wall_words.ts" with { type: "text" };
import waveBuffer from "./page/wave_buffer.ts" with { type: "text" };
import wavePlot from "./page/wave_plot.ts" with { type: "text" };
import words from "./page/words.ts" with { type: "text" };

/** The page's own modules by name. */
export const PAGE_MODULES: Readonly<Record<string, string>> = {
  action_button: actionButton,
  alarm_rows: alarmRows,
  api,
  dom,
  fleet,
  fleet_words: fleetWords,
  game_rules: gameRules,
  games,
  headset_row: headsetRow,
  history,
  instrument,
  live,
  login,
  main,
  member_row: memberRow,
  members_table: membersTable,
  news_age: newsAge,
  night,
  page_alerts: pageAlerts,
  pause_dialog: pauseDialog,
  question,
  reload,
  say,
  shared_stream: sharedStream,
  signs,
  speech,
  telling,
  texts_de: textsDe,
  texts_en: textsEn,
  trigger,
  two_tones: twoTones,
  verdict_band: verdictBand,
  wall,
  wall_grid: wallGrid,
  wall_words: wallWords,
  wave_buffer: waveBuffer,
  wave_plot: wavePlot,
  words,
};

/** Modules of the core that the page uses too. */
const CORE_MODULES: Readonly<Record<string, string>> = {
  message_of: messageOf,
  phrase,
  verdict_texts: verdictTexts,
  visible,
};

const SCRIPT_TYPE = "text/javascript; charset=utf-8";
const STYLE_TYPE = "text/css; charset=utf-8";

/** A file as it is sent. */
export interface Asset {
  readonly type: string;
  readonly text: string;
  /** The same compressed. */
  readonly gzip: Uint8Array<ArrayBuffer>;
  /** The entity tag; weak, because it covers the plain and the compressed form. */
  readonly tag: string;
}

let assets: Promise<ReadonlyMap<string, Asset>> | undefined;

/** The page's files by name; made once, at the first request. */
export function loadAssets(): Promise<ReadonlyMap<string, Asset>> {
  return assets ??= makeAssets();
}

/** Adds `/assets/…`. */
export function addAssets(app: Hono<ConsoleEnvironment>): void {
  app.get("/assets/:name", async (context) => {
    const asset = (await loadAssets()).get(context.req.param("name"));
    if (asset === undefined) return context.notFound();
    context.header("etag", asset.tag);
    // A newer executable has newer files under the same names.
    context.header("cache-control", "no-cache");
    if (context.req.header("if-none-match") === asset.tag) return context.body(null, 304);
    context.header("vary", "accept-encoding");
    context.header("content-type", asset.type);
    if (!takesGzip(context.req.header("accept-encoding"))) return context.body(asset.text);
    context.header("content-encoding", "gzip");
    return context.body(asset.gzip);
  });
}

async function makeAssets(): Promise<ReadonlyMap<string, Asset>> {
  const files: [name: string, type: string, text: string][] = [
    ["uplot.js", SCRIPT_TYPE, uplotScript],
    ["uplot.css", STYLE_TYPE, uplotStyle],
    ["fleet.css", STYLE_TYPE, fleetStyle],
    ["wall.css", STYLE_TYPE, [wallStyle, newsStyle].join("\n")],
    [
      "page.css",
      STYLE_TYPE,
      [style, verdictStyle, newsStyle, partsStyle, gamesStyle, instrumentStyle, alertsStyle].join(
        "\n",
      ),
    ],
  ];
  for (const [name, source] of Object.entries({ ...PAGE_MODULES, ...CORE_MODULES })) {
    files.push([`${name}.js`, SCRIPT_TYPE, scriptOf(source)]);
  }
  const made = new Map<string, Asset>();
  for (const [name, type, text] of files) {
    made.set(name, { type, text, gzip: await compress(text), tag: await tagOf(text) });
  }
  return made;
}

/** Whether a list of encodings holds gzip and does not refuse it. */
function takesGzip(encodings: string | undefined): boolean {
  return /(?:^|,)\s*gzip\s*(?:;\s*q=(?!0(?:\.0*)?\s*(?:,|$))|,|$)/i.test(encodings ?? "");
}

async function compress(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return await new Response(stream).bytes();
}

/**
 * Blanks out types and comments; imports name what is sent. Lines stay where they are.
 */
function scriptOf(source: string): string {
  return stripTypeScriptTypes(source)
    .replace(/^[ \t]*(?:\/\*[^]*?\*\/|\/\/.*$)/gm, (comment) => comment.replace(/[^\n]/g, ""))
    .replace(/[ \t]+$/gm, "")
    .replace(/(from ")\.(?:\.\/\.\.\/core)?\/([a-z_]+)\.ts"/g, '$1./$2.js"');
}

async function tagOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return `W/"${new Uint8Array(digest).slice(0, 12).toHex()}"`;
}
