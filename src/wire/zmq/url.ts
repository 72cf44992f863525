/**
 * Where a ZeroMQ socket is, as a URL.
 *
 * @module
 */

/** An address of either transport. */
export interface ZmqAddress {
  readonly transport: "tcp" | "ws";
  /** Name or IP address, without brackets; `*` is every address of this machine. */
  readonly hostname: string;
  /** 0 to 65 535; 0 only to listen on a port that the system picks. */
  readonly port: number;
  /** Path and query for `ws`, at least `/`; empty for `tcp`. */
  readonly target: string;
}

const FORM = /^(tcp|ws):\/\/(?:\[([0-9a-fA-F:.]+)\]|([^\s:/?#[\]]+)):(\d{1,5})(\/[!-~]*)?$/;
const PORT_MAX = 65_535;

/**
 * Reads `tcp://HOST:PORT` or `ws://HOST:PORT/PATH`.
 *
 * @throws {TypeError} if the text is neither.
 */
export function parseZmqUrl(text: string): ZmqAddress {
  const [, transport, bracketed, plain, digits, path] = FORM.exec(text) ?? [];
  const hostname = bracketed ?? plain;
  const port = Number(digits);
  const hasPath = path !== undefined && path !== "/";
  if (hostname === undefined || port > PORT_MAX || (transport === "tcp" && hasPath)) {
    throw new TypeError(
      `Cannot use URL "${text}": must be tcp://HOST:PORT or ws://HOST:PORT/PATH`,
    );
  }
  return transport === "ws"
    ? { transport, hostname, port, target: path ?? "/" }
    : { transport: "tcp", hostname, port, target: "" };
}

/** Writes an address as a URL. */
export function formatZmqUrl({ transport, hostname, port, target }: ZmqAddress): string {
  const host = hostname.includes(":") ? `[${hostname}]` : hostname;
  return `${transport}://${host}:${port}${target}`;
}
