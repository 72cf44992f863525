/**
 * The requests that a game client and its operator send.
 *
 * @module
 */

import type { ClientState } from "../../core/client_state.ts";
import {
  exchange,
  ExchangeError,
  type ExchangeReply,
  type ExchangeRequest,
} from "../../net/http/client.ts";
import { systemClock } from "../../net/system_clock.ts";
import { encodeGameHeartbeat, SDK_VERSION } from "../../wire/mlf/heartbeat.ts";
import { formatTimestamp } from "../../wire/mlf/timestamp.ts";
import { basePath, hostAndPort, parsePlace } from "../../wire/url/place.ts";
import { nobodyThere } from "../nobody_there.ts";
import { parseZmqUrl } from "../../wire/zmq/url.ts";

/** Where a game server is, and how to reach it. */
export interface GamePlace {
  readonly hostname: string;
  readonly port: number;
  /** Prefix of each path, for a server behind a proxy; empty or `/PATH`. */
  readonly base: string;
  /** Speaks HTTPS, and trusts these certificates (PEM) besides the system's. */
  readonly tls?: { readonly caCerts: readonly string[] } | undefined;
  /** Additional header fields of each request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Timeout of each request in milliseconds. */
  readonly timeoutMs: number;
  /** Aborts pending requests. */
  readonly signal?: AbortSignal;
}

/** The port of a game server. */
export const GAME_PORT = 6969;

/**
 * Splits the URL of a game server into its parts.
 *
 * @param caCerts Certificates (PEM) to trust for `https` servers, besides the system's.
 * @throws {TypeError} if it is not an HTTP URL.
 */
export function parseGameUrl(
  url: string,
  caCerts: readonly string[] = [],
): Pick<GamePlace, "hostname" | "port" | "base" | "tls"> {
  const place = parsePlace(url);
  if (typeof place === "string") throw new TypeError(`Cannot reach "${url}": ${place}`);
  const { scheme, hostname, port } = place;
  const base = basePath(place.target);
  if (base !== undefined && scheme === "http") return { hostname, port: port ?? 80, base };
  if (base !== undefined && scheme === "https") {
    return { hostname, port: port ?? 443, base, tls: { caCerts } };
  }
  throw new TypeError(`Cannot reach "${url}": must be http://HOST:PORT or http://HOST:PORT/PATH`);
}

/** The URL of a game server's ZeroMQ over WebSocket, without the path. */
export function channelUrlOf({ tls, ...place }: GamePlace): string {
  return `${tls === undefined ? "ws" : "wss"}://${hostAndPort(place)}${place.base}`;
}

/**
 * The URLs to which a client's two sockets connect.
 *
 * @throws {TypeError} if a URL is not a ZeroMQ URL.
 */
export function channelUrls(
  place: GamePlace,
  { publisherUrl, subscriberUrl }: { publisherUrl?: string; subscriberUrl?: string },
): { readonly publisher: string; readonly subscriber: string } {
  const url = channelUrlOf(place);
  const urls = {
    publisher: publisherUrl ?? `${url}/zmq/pub`,
    subscriber: subscriberUrl ?? `${url}/zmq/sub`,
  };
  for (const each of Object.values(urls)) parseZmqUrl(each);
  return urls;
}

/** Sends a heartbeat with the local time of this machine. */
export function postHeartbeat(
  place: GamePlace,
  clientId: string,
  clientState: ClientState,
): Promise<ExchangeReply> {
  const wallMs = systemClock.wall();
  const date = new Date(wallMs);
  const micros = date.getMilliseconds() * 1_000 + Math.floor((systemClock.now() * 1_000) % 1_000);
  const timestamp = formatTimestamp({
    year: date.getFullYear(),
    month: date.getMonth() + 1,
    day: date.getDate(),
    hour: date.getHours(),
    minute: date.getMinutes(),
    second: date.getSeconds(),
    micros,
  });
  const text = encodeGameHeartbeat({ sdkVersion: SDK_VERSION, timestamp, clientId, clientState });
  return postJson(place, "/Heartbeat/Update", text);
}

/** Posts JSON. */
export function postJson(place: GamePlace, path: string, text: string): Promise<ExchangeReply> {
  const body = { type: "application/json", text };
  return ask({ ...place, method: "POST", target: place.base + path, body });
}

/** Gets a path. */
export function getJson(place: GamePlace, path: string): Promise<ExchangeReply> {
  return ask({ ...place, method: "GET", target: place.base + path });
}

/** Says what to check if nothing answers. */
async function ask(request: ExchangeRequest): Promise<ExchangeReply> {
  try {
    return await exchange(request);
  } catch (error) {
    if (!(error instanceof ExchangeError) || error.kind !== "refused") throw error;
    const reason = nobodyThere(request.hostname, "--state-host");
    const message = `Cannot reach ${hostAndPort(request)}: ${reason}`;
    throw new ExchangeError("refused", message, { cause: error });
  }
}
