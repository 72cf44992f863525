/**
 * Login with a browser, on hosts with tokens.
 *
 * @module
 */

import type { Context, Hono } from "hono";
import { html } from "hono/html";
import { sendPage } from "./send_page.ts";
import type { Access } from "./access.ts";
import { BODY_BYTES_MAX, type ConsoleEnvironment } from "./api/router.ts";
import { placeWithin } from "./forwarded.ts";
import { keptQuery, languageOf, speechOf } from "./language.ts";
import type { Speech } from "./page/speech.ts";
import type { TextKey } from "./page/texts_en.ts";
import { VERDICT_LOOKS } from "./page/words.ts";
import type { Problem } from "./problem.ts";
import { SESSION_MS } from "./sessions.ts";
import { UNKNOWN_SIGN } from "./unknown_sign.ts";

/** Adds the login page, and the route to which it sends the token. */
export function addLogin(app: Hono<ConsoleEnvironment>, access: Access): void {
  app.get("/login", (context) => {
    context.header("cache-control", "no-store");
    return access.isGuarded
      ? sendPage(context, renderLogin(undefined, context))
      : context.redirect(placeFor(context, ""), 303);
  });

  app.post("/login", async (context) => {
    context.header("cache-control", "no-store");
    const text = await context.req.text();
    const token = text.length > BODY_BYTES_MAX ? "" : new URLSearchParams(text).get("token") ?? "";
    const outcome = access.login(token.trim(), context.req.raw, context.env.peerAddress);
    if ("problem" in outcome) {
      const { problem } = outcome;
      return sendPage(context, renderLogin(problem, context), problem.status as 401 | 403 | 429);
    }
    context.header("set-cookie", outcome.cookie);
    return context.redirect(placeFor(context, ""), 303);
  });

  app.post("/logout", (context) => {
    context.header("set-cookie", access.logout(context.req.raw));
    return context.redirect(placeFor(context, "login"), 303);
  });
}

type ConsoleContext = Context<ConsoleEnvironment>;

/** A page of the console in the same language. */
function placeFor({ req }: ConsoleContext, path: string): string {
  return placeWithin(req.raw.headers, path) + keptQuery(req.query("lang"), req.query("view"));
}

function speechFor({ req }: ConsoleContext): Speech {
  return speechOf(languageOf(req.query("lang"), req.header("accept-language")));
}

/** What the page says about a status, before the host's own words. */
const WORDS = {
  401: "login.wrong",
  429: "refusal.wait-why",
} as const satisfies Readonly<Record<number, TextKey>>;

function renderLogin(
  problem: Problem | undefined,
  context: ConsoleContext,
): ReturnType<typeof html> {
  const { text, language, duration } = speechFor(context);
  const action = `login${keptQuery(context.req.query("lang"), context.req.query("view"))}`;
  return html`
    <!DOCTYPE html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>${text("host.login")} · Pulsebox</title>
        <link rel="icon" href="data:,">
        <link rel="stylesheet" href="assets/page.css">
        <link rel="stylesheet" href="assets/login.css">
        <script type="module" src="assets/login.js"></script>
      </head>
      <body>
        <header class="entrance">
          ${UNKNOWN_SIGN}
          <p class="ask">${text("refusal.token")}</p>
          <p>${text("refusal.token-why")}</p>
        </header>
        <section class="bar" aria-label="Pulsebox">
          <h1>Pulsebox</h1>
        </section>
        <main>
          <form class="login" method="post" action="${action}" id="login">
            <label for="token">${text("host.token")}</label>
            <input id="token" name="token" type="password" autocomplete="current-password"
              required autofocus>
            <button class="main">${text("host.login")}</button>
    ${problem === undefined ? "" : html`
      <div role="alert">
        <p class="problem">${VERDICT_LOOKS.problem.sign} ${text(
          WORDS[problem.status as keyof typeof WORDS] ?? "refusal.not-allowed",
        )}</p>
        <p class="soft" lang="en">${problem.detail}</p>
      </div>
    `}
            <p class="stay">${text("login.stay", { duration: duration(SESSION_MS) })}</p>
          </form>
          <section class="where">
            <h2>${text("login.where")}</h2>
            <p>${text("login.file")}</p>
            <pre tabindex="0">sudo cat /etc/pulsebox/tokens</pre>
            <p>${text("login.rights")}</p>
          </section>
        </main>
      </body>
    </html>
  `;
}
