/**
 * The place of a console, and the error if there is none.
 *
 * @module
 */

import { messageOf } from "../core/message_of.ts";
import { ExchangeError } from "../net/http/client.ts";
import { basePath, formatHost, hostAndPort, type HostPort, parsePlace } from "../wire/url/place.ts";
import { nobodyThere } from "./nobody_there.ts";

const HTTP_PORT = 80;
const HTTPS_PORT = 443;

/** The console gave no usable answer; the message is one line. */
export class ConsoleError extends Error {
  override readonly name = "ConsoleError";
}

/** Nothing listens where the console should be. */
export class NoConsoleError extends ConsoleError {}

/** The URL of a console, in parts. */
export interface ConsoleEndpoint {
  readonly place: HostPort;
  /** The prefix of each path; empty or `/PATH`. */
  readonly base: string;
  readonly isTls: boolean;
  /** The whole URL, without a slash at the end. */
  readonly url: string;
}

/**
 * Splits the URL of a console into its parts; without a scheme, `http` is assumed.
 *
 * @throws {ConsoleError} if the URL cannot be a console's.
 */
export function consoleEndpoint(text: string): ConsoleEndpoint {
  const refuse = (reason: string) => new ConsoleError(`The console's URL is "${text}": ${reason}`);
  const parts = parsePlace(text);
  if (typeof parts === "string") throw refuse(parts);
  const { scheme = "http", hostname, target } = parts;
  const base = basePath(target);
  if (!/^https?$/.test(scheme) || base === undefined) {
    throw refuse("must be http://HOST:PORT or http://HOST:PORT/PATH");
  }
  const isTls = scheme === "https";
  const portDefault = isTls ? HTTPS_PORT : HTTP_PORT;
  const port = parts.port ?? portDefault;
  const host = formatHost(hostname) + (port === portDefault ? "" : `:${port}`);
  return { place: { hostname, port }, base, isTls, url: `${scheme}://${host}${base}` };
}

/** The error of a console that gives no reply. */
export function unreachable({ place, url }: ConsoleEndpoint, error: unknown): ConsoleError {
  const isRefused = error instanceof ExchangeError && error.kind === "refused";
  const reason = isRefused
    ? nobodyThere(place.hostname, "--console-host")
    : messageOf(error).replace(`Cannot reach ${hostAndPort(place)}: `, "");
  const Failure = isRefused ? NoConsoleError : ConsoleError;
  return new Failure(`Cannot reach the console at ${url}: ${reason}`, { cause: error });
}
