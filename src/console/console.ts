/**
 * The console's HTTP application: page and API. Health is answered before it, see `health.ts`.
 *
 * @module
 */

import { Hono } from "hono";

import { EXPOSITION_TYPE } from "../wire/prometheus/exposition.ts";
import type { Access } from "./access.ts";
import { createHandlers } from "./api/handlers.ts";
import { type ConsoleEnvironment, createRouter } from "./api/router.ts";
import { addAssets } from "./assets.ts";
import { pagePolicy } from "./content_policy.ts";
import { placeWithin } from "./forwarded.ts";
import { reachable } from "./empty_page.ts";
import type { Host } from "./host.ts";
import { keptQuery, languageOf, speechOf } from "./language.ts";
import { LiveHub } from "./live/live_hub.ts";
import { sendPage } from "./send_page.ts";
import { addLogin } from "./login.ts";
import { renderMetrics } from "./metrics.ts";
import { overview } from "./overview.ts";
import { renderFleetPage } from "./fleet_page.ts";
import { PAGE_ROWS_MAX, type PageModel, renderPage } from "./page.ts";
import { renderWallPage } from "./wall_page.ts";
import { problemResponse } from "./problem.ts";
import { refuse } from "./refusal_page.ts";
import { tabIcon, troublesOf } from "./page/words.ts";
import { drawQrCode, outsideAddress } from "./qr_code.ts";
import { viewLastRun } from "./telling_view.ts";
import { verdictOf } from "./verdict.ts";

/** The application, and the resources that it holds open. */
export interface ConsoleApp extends Disposable {
  readonly app: Hono<ConsoleEnvironment>;
  /** Samples of the application's own metrics. */
  metrics(): Readonly<Record<string, number>>;
  /** Tells listeners everything again: names of stations or tags have changed. */
  startOver(): void;
}

/** Options of {@linkcode createConsole}. */
export interface ConsoleOptions {
  readonly access: Access;
  readonly version: string;
  /** Called with errors; the peer learns only that there was one. */
  readonly onError?: (error: unknown) => void;
}

/**
 * The manifest with which a phone adds the page to its apps. No service worker: news is never
 * stale.
 */
const MANIFEST = {
  name: "Pulsebox",
  short_name: "Pulsebox",
  start_url: "./",
  display: "standalone",
  background_color: "#0b0f14",
  theme_color: "#0b0f14",
  icons: [{ src: tabIcon("well"), sizes: "any", type: "image/svg+xml" }],
};

/** Where a browser is redirected to log in. */
const PAGES: readonly string[] = ["/", "/fleet"];

/** Makes the application that answers the console's requests. */
export function createConsole(
  host: Host,
  { access, version, onError }: ConsoleOptions,
): ConsoleApp {
  const app = new Hono<ConsoleEnvironment>();
  const hub = new LiveHub(host, version);
  access.onChange(() => hub.endWithoutRight());

  app.use("*", async (context, next) => {
    await next();
    context.header("x-content-type-options", "nosniff");
    context.header("referrer-policy", "same-origin");
    context.header("x-frame-options", "DENY");
    // A page that carries its style along has a policy of its own.
    if (context.res.headers.has("content-security-policy")) return;
    context.header("content-security-policy", await pagePolicy());
  });

  app.use("*", async (context, next) => {
    const admission = access.admit(context.req.raw, context.env.peerAddress);
    if ("holds" in admission) {
      context.set("holds", admission.holds);
      return await next();
    }
    const isPage = admission.problem.status === 401 && PAGES.includes(context.req.path);
    return isPage
      ? context.redirect(
        placeWithin(context.req.raw.headers, "login") +
          keptQuery(context.req.query("lang"), context.req.query("view")),
        303,
      )
      : await refuse(context.req.raw, admission.problem);
  });

  app.get("/", async (context) => {
    context.header("cache-control", "no-store");
    const renewal = access.renewal(context.req.raw);
    if (renewal !== undefined) context.header("set-cookie", renewal);
    const { verdict, saying, headline, members } = verdictOf(host);
    const model: PageModel = {
      speech: speechOf(
        languageOf(context.req.query("lang"), context.req.header("accept-language")),
      ),
      verdict,
      saying,
      headline,
      troubles: troublesOf(members),
      madeAt: host.clock.wall(),
      overview: await overview(host, PAGE_ROWS_MAX),
      problems: [...host.problems(), ...host.warnings()],
      lastRun: viewLastRun(host),
      addresses: host.roles.flatMap((role) => role.addresses),
      heartbeats: reachable(
        host.roles.find(({ name }) => name === "heartbeat")?.addresses[0],
        context.req.raw,
      ),
      outside: outsideAddress(context.req.raw, access.transport),
      version,
      hasFleet: host.panels.fleet !== undefined,
      right: access.rightOf(context.req.raw, context.env.peerAddress) ?? "read",
      isLoggedIn: access.isGuarded,
      parts: partsOf(host),
      theme: themeOf(context.req.query("theme")),
    };
    if (context.req.query("view") !== "wall") return sendPage(context, renderPage(model));
    const emergencies = host.panels.game?.clients().filter(({ emergency }) => emergency) ?? [];
    const stopped = new Set(emergencies.map(({ id }) => `mlf/${id}`));
    const alarms = host.panels.hev?.alarms() ?? [];
    return sendPage(context, renderWallPage(model, { stopped, alarms }));
  });

  app.get("/qr.svg", async (context) => {
    const address = outsideAddress(context.req.raw, access.transport);
    if (address === undefined) return context.notFound();
    context.header("cache-control", "no-store");
    context.header("content-type", "image/svg+xml");
    return context.body(await drawQrCode(address));
  });

  app.get("/manifest.webmanifest", (context) => {
    context.header("content-type", "application/manifest+json");
    return context.body(JSON.stringify(MANIFEST));
  });

  app.get("/fleet", (context) => {
    const { fleet } = host.panels;
    if (fleet === undefined) return context.notFound();
    host.members.advance(host.now());
    context.header("cache-control", "no-store");
    return sendPage(
      context,
      renderFleetPage({
        speech: speechOf(
          languageOf(context.req.query("lang"), context.req.header("accept-language")),
        ),
        status: fleet.status(),
        hosts: fleet.hosts(),
        madeAt: host.clock.wall(),
        version,
        view: context.req.query("view") === "wall" ? "wall" : "desk",
      }),
    );
  });

  app.get("/metrics", () => {
    const headers = { "content-type": EXPOSITION_TYPE, "cache-control": "no-store" };
    return new Response(renderMetrics(host, version, hub.metrics()), { headers });
  });

  let document: Promise<object> | undefined;
  app.get("/openapi.json", async (context) => {
    return context.json(
      await (document ??= import("./api/document.ts").then((module) =>
        module.createDocument(version)
      )),
    );
  });

  addAssets(app);
  addLogin(app, access);
  app.route("/api/v1", createRouter(createHandlers(host, hub), () => host.wake()));

  app.notFound(({ req: { method, path, raw } }) => {
    const allowed = allowedAt(app, path);
    const isThere = allowed.length > 0 && !allowed.includes(method);
    return isThere
      ? wrongMethod(method, path, allowed)
      : refuse(raw, { status: 404, title: "Not found", detail: `There is nothing at ${path}` });
  });
  app.onError((error, context) => {
    onError?.(error);
    return refuse(context.req.raw, {
      status: 500,
      title: "Internal error",
      detail: "The console failed to answer; the log says why",
    });
  });
  return {
    app,
    metrics: () => hub.metrics(),
    startOver: () => hub.startOver(),
    [Symbol.dispose]: () => hub[Symbol.dispose](),
  };
}

/** The methods that have a route at a path; what is there for every method counts for none. */
function allowedAt({ router }: Hono<ConsoleEnvironment>, path: string): string[] {
  const routes = (method: string) => router.match(method, path)[0].length;
  const always = routes("OPTIONS");
  const methods = ["GET", "POST", "PUT", "PATCH", "DELETE"].filter((each) => routes(each) > always);
  return methods.includes("GET") ? ["HEAD", ...methods] : methods;
}

/** RFC 9110 section 15.5.6 wants to be told which methods there are. */
function wrongMethod(method: string, path: string, allowed: readonly string[]): Response {
  const list = allowed.join(", ");
  return problemResponse({
    status: 405,
    title: "Method not allowed",
    detail: `${path} does not take ${method}, but ${list}`,
  }, { "allow": list });
}

function themeOf(asked: string | undefined): "light" | "dark" | undefined {
  return asked === "light" || asked === "dark" ? asked : undefined;
}

function partsOf({ panels: { game, hev, trigger } }: Host): string[] {
  const parts = { games: game, instrument: hev, trigger };
  return Object.entries(parts).flatMap(([name, panel]) => panel === undefined ? [] : [name]);
}
