/**
 * `HOST:PORT` on the command line.
 *
 * @module
 */

/** Where something is. */
export interface HostPort {
  readonly hostname: string;
  readonly port: number;
}

/**
 * Reads `HOST`, `HOST:PORT`, `[IPV6]:PORT` or a bare IPv6 address.
 *
 * @param portDefault The port if the text names none.
 * @return Undefined if it is none of these.
 */
export function parseHostPort(text: string, portDefault: number): HostPort | undefined {
  const bare = /^[0-9a-f:]*:[0-9a-f:.]*:[0-9a-f:.]*$/i.test(text);
  if (bare) return { hostname: text, port: portDefault };
  const [, bracketed, plain, digits] =
    /^(?:\[([^\]]+)\]|([^\s:/[\]]+))(?::(\d{1,5}))?$/.exec(text) ??
      [];
  const hostname = bracketed ?? plain;
  const port = digits === undefined ? portDefault : Number(digits);
  if (hostname === undefined || port < 1 || port > 65_535) return undefined;
  return { hostname, port };
}
