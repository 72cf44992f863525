/**
 * The console's HTTP application: page and API. Health is answered before it, see `health.ts`.
 *
 * @module
 */

import { Hono } from "hono";
import { EXPOSITION_TYPE } from "../wire/prometheus/exposition.ts";
import { type ConsoleEnvironment, createApi } from "./api.ts";
import type { Host } from "./host.ts";
import { renderMetrics } from "./metrics.ts";
import { overview } from "./overview.ts";
import { PAGE_ROWS_MAX, renderPage } from "./page.ts";
import { problemResponse } from "./problem.ts";

/**
 * Makes the application that answers the console's requests.
 *
 * @param onError Told of faults; the peer learns only that there was one.
 */
export function createConsole(
  host: Host,
  version: string,
  onError?: (error: unknown) => void,
): Hono<ConsoleEnvironment> {
  const app = new Hono<ConsoleEnvironment>();

  app.use("*", async (context, next) => {
    await next();
    context.header("x-content-type-options", "nosniff");
    context.header("referrer-policy", "no-referrer");
    context.header("x-frame-options", "DENY");
    context.header(
      "content-security-policy",
      "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; " +
        "base-uri 'none'; frame-ancestors 'none'",
    );
  });

  app.get("/", (context) => {
    const addresses = host.roles.flatMap((role) => role.addresses);
    context.header("cache-control", "no-store");
    return context.html(
      renderPage({
        overview: overview(host, PAGE_ROWS_MAX),
        problems: [...host.problems(), ...host.warnings()],
        addresses,
        version,
      }),
    );
  });

  app.get("/metrics", () => {
    const headers = { "content-type": EXPOSITION_TYPE, "cache-control": "no-store" };
    return new Response(renderMetrics(host, version), { headers });
  });

  app.route("/api/v1", createApi(host));

  app.notFound((context) =>
    problemResponse({
      status: 404,
      title: "Not found",
      detail: `There is nothing at ${context.req.path}`,
    })
  );
  app.onError((error) => {
    onError?.(error);
    return problemResponse({
      status: 500,
      title: "Internal error",
      detail: "The console failed to answer; the log says why",
    });
  });
  return app;
}
