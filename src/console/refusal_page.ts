/**
 * What a browser shows that asked for a page and does not get one. Programs get a problem document.
 *
 * @module
 */

import { html, raw } from "hono/html";
import { visibleLines } from "../core/visible.ts";
import { lonePolicy } from "./content_policy.ts";
import { languageOf, speechOf } from "./language.ts";
import refusalStyle from "./page/refusal.css" with { type: "text" };
import type { TextKey } from "./page/texts_en.ts";
import { UNKNOWN_SIGN } from "./unknown_sign.ts";
import { type Problem, problemResponse } from "./problem.ts";

/** What a page says about a status; others are "not allowed". */
const WORDS = {
  401: ["refusal.token", "refusal.token-why"],
  404: ["refusal.nothing", "refusal.nothing-why"],
  429: ["refusal.wait", "refusal.wait-why"],
  500: ["refusal.fault", "refusal.fault-why"],
} as const satisfies Readonly<Record<number, readonly [title: TextKey, why: TextKey]>>;
const NOT_ALLOWED = ["refusal.not-allowed", "refusal.not-allowed-why"] as const;

const API = /^\/(?:api\/|openapi\.json$|metrics$|assets\/)/;

/** The style as it is sent, and by what the content security policy allows it. */
const STYLE: string = refusalStyle.replace(/\/\*.*?\*\//gs, "").replace(/\n\s*/g, "\n");
let policy: Promise<string> | undefined;

/** Tells a problem: as a page to a browser that goes somewhere, else as a document. */
export async function refuse(request: Request, problem: Problem): Promise<Response> {
  const { pathname, searchParams } = new URL(request.url);
  const wantsPage = request.headers.get("accept")?.includes("text/html") === true;
  const told = problemResponse(problem);
  if (!wantsPage || API.test(pathname)) return told;
  const language = languageOf(
    searchParams.get("lang") ?? undefined,
    request.headers.get("accept-language") ?? undefined,
  );
  const { text } = speechOf(language);
  const [title, why] = WORDS[problem.status as keyof typeof WORDS] ?? NOT_ALLOWED;
  // Relative, as every address here: a proxy may show the console below a path.
  const home = "../".repeat(Math.max(0, pathname.split("/").length - 2)) || "./";
  const page = html`
    <!DOCTYPE html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>${text(title)} · Pulsebox</title>
        <link rel="icon" href="data:,">
        <style>${raw(STYLE)}</style>
      </head>
      <body>
        <header>
          ${UNKNOWN_SIGN}
          <h1>${text(title)}</h1>
        </header>
        <main>
          <p>${text(why)}</p>
          <p class="soft" lang="en">${problem.status} · ${problem.detail}</p>
    ${problem.status === 403 ? "" : html`<p><a href="${home}">${text("refusal.home")}</a></p>`}
        </main>
      </body>
    </html>
  `;
  const headers = new Headers(told.headers);
  headers.set("content-type", "text/html; charset=UTF-8");
  headers.set("content-security-policy", await (policy ??= lonePolicy(STYLE)));
  return new Response(visibleLines(String(await page)), { status: problem.status, headers });
}
