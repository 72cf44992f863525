/**
 * Where a heartbeat client sends to, from options or from its environment.
 *
 * @module
 */

import { formatHost, parsePlace } from "../../wire/url/place.ts";
import { HilbertError } from "./error.ts";

/** Settings of a heartbeat client; each missing one comes from `environment`, then a default. */
export interface HilbertSettings {
  /**
   * Base URL such as `http://127.0.0.1:8888` or `https://…` (without a scheme, `http` is assumed),
   * or a template such as `http://127.0.0.1:8888/heartbeat.html?container=pong&next=%n`. Takes
   * precedence over host and port.
   */
  readonly url?: string;
  /** Host name or IP address; `127.0.0.1` by default. */
  readonly host?: string;
  /** TCP port, 0 to 65535; 8888 by default. */
  readonly port?: number;
  /** Name of the application; `deno_heartbeat_client_demo` by default. */
  readonly appId?: string;
  /**
   * Reads an environment variable, for instance `(name) => Deno.env.get(name)`. The names are
   * `HB_URL`, `HB_HOST`, `HB_PORT` and `APP_ID`; an empty value counts as not set. The constructor
   * calls it, and throws what it throws.
   */
  readonly environment?: (name: string) => string | undefined;
}

/** Complete settings. */
export interface ResolvedHilbertSettings {
  url: string;
  appId: string;
}

/** A server address in its parts. */
export interface HilbertEndpoint {
  scheme: "http" | "https";
  hostname: string;
  port: number;
  /** Path, and query for a template; empty or beginning with `/` or `?`. */
  path: string;
  /** Whether `path` is a prefix for commands, or a URL template with `%n` in place of the delay. */
  form: "commands" | "template";
}

/** The default host and port. */
export const HILBERT_HOST_DEFAULT = "127.0.0.1";
export const HILBERT_PORT_DEFAULT = 8888;
/** The default name of an application. */
export const HILBERT_APP_ID_DEFAULT = "deno_heartbeat_client_demo";
/** The placeholder of the delay in a template URL. */
export const TEMPLATE_PLACE = "%n";

const HTTP_PORT = 80;
const HTTPS_PORT = 443;

/** Completes settings. Checks nothing: a wrong URL fails the call that uses it. */
export function resolveHilbertSettings(settings: HilbertSettings): ResolvedHilbertSettings {
  const read = (name: string): string | undefined => settings.environment?.(name) || undefined;
  const appId = settings.appId ?? read("APP_ID") ?? HILBERT_APP_ID_DEFAULT;
  if (settings.url !== undefined) return { url: settings.url, appId };
  // A host or port given in code is more deliberate than a URL found in the environment.
  const isPlaced = settings.host !== undefined || settings.port !== undefined;
  const url = isPlaced ? undefined : read("HB_URL");
  if (url !== undefined) return { url, appId };
  const host = settings.host ?? read("HB_HOST") ?? HILBERT_HOST_DEFAULT;
  const port = settings.port ?? read("HB_PORT") ?? HILBERT_PORT_DEFAULT;
  return { url: `http://${formatHost(host)}:${port}`, appId };
}

/**
 * Splits a URL into its parts. Without a scheme, `http` and port 8888 are assumed.
 *
 * @throws {HilbertError} of kind `settings` if it is not the URL of a heartbeat server.
 */
export function parseHilbertUrl(url: string): HilbertEndpoint {
  const place = parsePlace(url);
  if (typeof place === "string") throw badUrl(url, `${place}, as in http://127.0.0.1:8888`);
  const { scheme = "http", hostname, target } = place;
  if (scheme !== "http" && scheme !== "https") {
    throw badUrl(url, `scheme is "${scheme}", must be http or https`);
  }
  const port = place.port ??
    (place.scheme === undefined
      ? HILBERT_PORT_DEFAULT
      : scheme === "https"
      ? HTTPS_PORT
      : HTTP_PORT);
  if (port === 0) throw badUrl(url, "port is 0, must be 1 to 65535");
  const form = target.includes(TEMPLATE_PLACE) ? "template" : "commands";
  return { scheme, hostname, port, path: target, form };
}

function badUrl(url: string, detail: string): HilbertError {
  return new HilbertError("settings", `Cannot use heartbeat URL "${url}": ${detail}`);
}

/** The base for commands: for a template URL, its scheme, host and port without the path. */
export function rootOf(endpoint: HilbertEndpoint): HilbertEndpoint {
  return endpoint.form === "template" ? { ...endpoint, path: "" } : endpoint;
}
