/**
 * The files of the page. Its TypeScript is sent with the types blanked out: there is no build and
 * no bundle, and the lines that the browser runs are those of the source.
 *
 * @module
 */

import type { Hono } from "hono";
import { stripTypeScriptTypes } from "node:module";
import type { ConsoleEnvironment } from "./api/router.ts";

const SCRIPT_TYPE = "text/javascript; charset=utf-8";
const STYLE_TYPE = "text/css; charset=utf-8";

/** A file, ready to be sent. */
export interface Asset {
  readonly type: string;
  readonly text: string;
  /** The same content, compressed. */
  readonly gzip: Uint8Array<ArrayBuffer>;
  /** The entity tag; weak, because it covers both the plain and the compressed form. */
  readonly tag: string;
}

let assets: Promise<ReadonlyMap<string, Asset>> | undefined;

/** The page's files by name; built once, at the first request. */
export function loadAssets(): Promise<ReadonlyMap<string, Asset>> {
  return assets ??= makeAssets();
}

/** Adds the routes of `/assets/…`. */
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
  // Half a megabyte of text: a host whose page nobody opens does without it.
  const { CORE_MODULES, OTHER_STYLES, PAGE_MODULES, PAGE_STYLES, PLOT_FILES } = await import(
    "./page_files.ts"
  );
  const files: [name: string, type: string, text: string][] = [
    ["uplot.js", SCRIPT_TYPE, PLOT_FILES.script],
    ["uplot.css", STYLE_TYPE, PLOT_FILES.style],
    ["page.css", STYLE_TYPE, styleOf(PAGE_STYLES.join("\n"))],
  ];
  for (const [name, source] of Object.entries(OTHER_STYLES)) {
    files.push([name, STYLE_TYPE, styleOf(source)]);
  }
  for (const [name, source] of Object.entries({ ...PAGE_MODULES, ...CORE_MODULES })) {
    files.push([`${name}.js`, SCRIPT_TYPE, scriptOf(source)]);
  }
  const made = new Map<string, Asset>();
  for (const [name, type, text] of files) {
    made.set(name, { type, text, gzip: await compress(text), tag: await tagOf(text) });
  }
  return made;
}

/** Whether a list of encodings accepts gzip. */
function takesGzip(encodings: string | undefined): boolean {
  return /(?:^|,)\s*gzip\s*(?:;\s*q=(?!0(?:\.0*)?\s*(?:,|$))|,|$)/i.test(encodings ?? "");
}

async function compress(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return await new Response(stream).bytes();
}

/**
 * Blanks out types and comments, and renames imports to the names that are sent. Lines keep their
 * numbers.
 */
function scriptOf(source: string): string {
  return stripTypeScriptTypes(source)
    .replace(/^[ \t]*(?:\/\*[^]*?\*\/|\/\/.*$)/gm, (comment) => comment.replace(/[^\n]/g, ""))
    .replace(/^ +| +$/gm, "")
    .replace(/ {2,}/g, " ")
    .replace(/(from "|import\(")\.(?:\.\/\.\.\/core)?\/([a-z_]+)\.ts"/g, '$1./$2.js"');
}

/** A style sheet without its comments and what only indents or parts it. */
function styleOf(source: string): string {
  return source.replace(/\/\*.*?\*\//gs, "").replace(
    /\s*([{};]|: |\n)\s*/g,
    (_, mark) => mark.trim() || "\n",
  );
}

async function tagOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return `W/"${new Uint8Array(digest).slice(0, 12).toHex()}"`;
}
