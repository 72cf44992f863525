/**
 * Addresses of ZeroMQ sockets as URLs.
 *
 * @module
 */

import { formatHost, parsePlace } from "../url/place.ts";

/** An address of any transport. */
export interface ZmqAddress {
  readonly transport: "tcp" | "ws";
  /** Whether the WebSocket runs over TLS: the scheme `wss`. */
  readonly isTls: boolean;
  /** Name or IP address, without brackets; `*` means every address of this machine. */
  readonly hostname: string;
  /** 0 to 65 535; with 0, which is only for listening, the system picks a port. */
  readonly port: number;
  /** Path and query for `ws`, at least `/`; empty for `tcp`. */
  readonly target: string;
}

/** The host that means every address, and the placeholder that a URL parser accepts in its place. */
const EVERY_HOST = /^([a-z]+:\/\/)\*(?=[:/]|$)/i;
const EVERY_HOST_STAND_IN = "$1every.invalid";

/**
 * Reads `tcp://HOST:PORT`, `ws://HOST:PORT/PATH` or `wss://HOST:PORT/PATH`.
 *
 * @throws {TypeError} if the text is not such a URL; the message says why.
 */
export function parseZmqUrl(text: string): ZmqAddress {
  const place = parsePlace(text.replace(EVERY_HOST, EVERY_HOST_STAND_IN));
  if (typeof place === "string") throw unusable(text, faultOf(text) ?? place);
  const { scheme, port, target } = place;
  const hostname = EVERY_HOST.test(text) ? "*" : place.hostname;
  if (port === undefined) throw unusable(text, "must name a port, as in tcp://HOST:PORT");
  switch (scheme) {
    case "tcp":
      if (target !== "" && target !== "/") {
        throw unusable(text, "must have no path after tcp://HOST:PORT");
      }
      return { transport: "tcp", isTls: false, hostname, port, target: "" };
    case "ws":
    case "wss": {
      if (!/^[!-~]*$/.test(target)) throw unusable(text, "must have a path in printable ASCII");
      const isTls = scheme === "wss";
      return { transport: "ws", isTls, hostname, port, target: target.replace(/^(?!\/)/, "/") };
    }
    default:
      throw unusable(text, "must be tcp://HOST:PORT, ws://HOST:PORT/PATH or wss://HOST:PORT/PATH");
  }
}

/** Writes an address as a URL. */
export function formatZmqUrl({ transport, isTls, hostname, port, target }: ZmqAddress): string {
  return `${isTls ? "wss" : transport}://${formatHost(hostname)}:${port}${target}`;
}

/** Rejects forms of URLs that libzmq accepts and Pulsebox does not. */
function faultOf(text: string): string | undefined {
  return /^tcp:\/\/[^/]*;/i.test(text)
    ? "must not name a source before the semicolon; the system chooses it"
    : undefined;
}

function unusable(text: string, reason: string): TypeError {
  return new TypeError(`Cannot use URL "${text}": ${reason}`);
}
