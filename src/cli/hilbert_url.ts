/**
 * `HB_URL` as the Hilbert heartbeat server takes it: one name for host and port.
 *
 * @module
 */

/** Host and port of an `HB_URL`, as texts. */
export interface HilbertUrl {
  readonly host: string;
  readonly port: string;
}

/**
 * Reads `HB_URL`: scheme `http`, host and explicit port; any path is ignored. A string is the sentence
 * that tells what is wrong, also where `HB_HOST` or `HB_PORT` is set and says something else.
 */
export function readHilbertUrl(
  text: string,
  others: { readonly host: string | undefined; readonly port: string | undefined },
): HilbertUrl | string {
  // Not `URL`: it drops an explicit port 80, and alters hosts that it does not like.
  const match = /^http:\/\/(?:[^/?#@]*@)?(\[[^\]]+\]|[^:/?#[\]]+)(?::(\d+))?(?:[/?#]|$)/i.exec(
    text,
  );
  const host = match?.[1];
  if (host === undefined) return `HB_URL is "${text}": must be http://HOST:PORT`;
  const port = match?.[2];
  if (port === undefined) return `HB_URL is "${text}": has no port, must be http://HOST:PORT`;
  const bare = host.replace(/^\[(.*)\]$/, "$1");
  if (others.host !== undefined && others.host !== bare && others.host !== host) {
    return `HB_HOST is "${others.host}": must be the host of HB_URL, "${bare}"`;
  }
  if (others.port !== undefined && !sameNumber(others.port, port)) {
    return `HB_PORT is "${others.port}": must be the port of HB_URL, ${port}`;
  }
  return { host: bare, port };
}

function sameNumber(a: string, b: string): boolean {
  return /^\d+$/.test(a) && Number(a) === Number(b);
}
