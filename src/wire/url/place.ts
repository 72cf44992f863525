/**
 * Reads and writes hosts, ports and URLs as people write them.
 *
 * It exists beside the standard `URL`, which refuses the zone of a link-local address
 * (`fe80::1%eth0`), drops a port that is the default of its scheme, and alters what follows the host.
 *
 * @module
 */

import { parseAddress } from "../../core/cidr.ts";

/** A host and a port. */
export interface HostPort {
  /** A name or an address, without brackets; an IPv6 address may have a zone: `fe80::1%eth0`. */
  readonly hostname: string;
  /** 0 to 65 535. */
  readonly port: number;
}

/** What a text names, part by part. */
export interface Place {
  /** In lower case, without `://`; undefined if the text has none. */
  readonly scheme: string | undefined;
  /** As in {@linkcode HostPort}. */
  readonly hostname: string;
  /** 0 to 65 535; undefined if the text has none. */
  readonly port: number | undefined;
  /** Path and query as they were written, empty or beginning with `/` or `?`. */
  readonly target: string;
}

/** The longest name of a host in characters (RFC 1035 section 2.3.4). */
const NAME_LENGTH_MAX = 253;
/** The last port number. */
const PORT_MAX = 65_535;
/** Scheme, authority, target; a fragment never travels. */
const FORM = /^(?:([a-z][a-z0-9+.-]*):)?\/\/([^/?#]*)([^#]*)/i;
const BARE_FORM = /^([^/?#]*)([^#]*)/;
/** The index or the name of an interface. */
const ZONE = /^(?:(?![/?#%[\]:@])[!-~]){1,32}$/;

/**
 * Reads `HOST`, `HOST:PORT`, `//HOST:PORT/PATH` or `SCHEME://HOST:PORT/PATH`. An address of IPv6
 * stands in brackets; without a port behind it it may stand alone.
 *
 * @return The parts, or what is wrong, to follow the text and a colon: `must name a host`.
 */
export function parsePlace(text: string): Place | string {
  const form = FORM.exec(text);
  const [scheme, authority = "", target = ""] = form === null
    ? [undefined, ...(BARE_FORM.exec(text)?.slice(1) ?? [])]
    : form.slice(1);
  if (authority.includes("@")) return "must have no user name";
  const [, bracketed, rest] = /^\[([^\]]*)\](.*)$/s.exec(authority) ?? [];
  const colon = authority.indexOf(":");
  const isBare = bracketed === undefined && colon !== authority.lastIndexOf(":");
  const host = bracketed ?? (isBare || colon < 0 ? authority : authority.slice(0, colon));
  const port = isBare ? "" : rest ?? (colon < 0 ? "" : authority.slice(colon));
  if (host === "") return "must name a host";
  const hostname = bracketed === undefined && !isBare ? readName(host) : readIpv6(host);
  if (hostname === undefined) {
    return isBare
      ? "must have the IPv6 address in brackets, as in [::1]:8888"
      : `must name a host, "${host}" is none`;
  }
  if (!/^(:\d{1,5})?$/.test(port) || Number(port.slice(1)) > PORT_MAX) {
    return `must have a port number after the host, 0 to ${PORT_MAX}`;
  }
  return {
    scheme: scheme?.toLowerCase(),
    hostname,
    port: port === "" ? undefined : Number(port.slice(1)),
    target,
  };
}

/**
 * Reads the name or address of a host without a port, with or without brackets.
 *
 * @return The host without brackets, or undefined if the text is not a host.
 */
export function parseHost(text: string): string | undefined {
  const [, bracketed] = /^\[(.*)\]$/s.exec(text) ?? [];
  if (bracketed !== undefined) return readIpv6(bracketed);
  return text.includes(":") ? readIpv6(text) : readName(text);
}

/** Whether a host is an address rather than a name that has to be looked up. */
export function isAddress(hostname: string): boolean {
  return parseAddress(hostname) !== undefined;
}

/** The zone of a link-local address, such as `eth0` of `fe80::1%eth0`; undefined if there is no zone. */
export function zoneOf(hostname: string): string | undefined {
  const at = hostname.indexOf("%");
  return at < 0 ? undefined : hostname.slice(at + 1);
}

/** Leaves out the zone, which means nothing to another machine (RFC 6874 section 3). */
export function withoutZone(hostname: string): string {
  return hostname.replace(/%[^\]]*/, "");
}

/** Whether an address is only good together with the interface that it is on: `fe80::/10`. */
export function isLinkLocal(hostname: string): boolean {
  const bytes = hostname.includes(":") ? parseAddress(hostname) : undefined;
  return bytes?.length === 16 && bytes[0] === 0xfe && ((bytes[1] ?? 0) & 0xc0) === 0x80;
}

/**
 * Where the paths of a server begin: what stands before each of them, as behind a proxy that serves it
 * below a path. Escapes what a request line cannot carry.
 *
 * @param target Of a {@linkcode Place}.
 * @return Empty, or a path that begins with `/` and does not end with one; undefined if there is a query.
 */
export function basePath(target: string): string | undefined {
  if (target.includes("?")) return undefined;
  return target.replace(/\/+$/, "").toWellFormed().replace(/[^!-~]+/g, encodeURIComponent);
}

/** Where a host that listens on an address is reached from itself. */
export function reachableHost(hostname: string): string {
  return hostname === "0.0.0.0" ? "127.0.0.1" : hostname === "::" ? "::1" : hostname;
}

/** Writes a host as it stands in a URL: `station`, `127.0.0.1`, `[::1]`. */
export function formatHost(hostname: string): string {
  return hostname.includes(":") && !hostname.startsWith("[") ? `[${hostname}]` : hostname;
}

/** Writes host and port as one word: `127.0.0.1:8888`, `[::1]:8888`. */
export function hostAndPort({ hostname, port }: HostPort): string {
  return `${formatHost(hostname)}:${port}`;
}

/** What the field `Host` of a request says. */
export function hostField({ hostname, port }: HostPort): string {
  return hostAndPort({ hostname: withoutZone(hostname), port });
}

function readIpv6(text: string): string | undefined {
  const [address = "", ...zones] = text.split("%");
  if (!address.includes(":") || parseAddress(address) === undefined) return undefined;
  if (zones.length === 0) return text;
  // A URL escapes the sign (RFC 6874); nearly everybody takes and writes it as it is, too.
  const zone = zones.join("%").replace(/^25(?=.)/, "");
  return zones.length === 1 && ZONE.test(zone) ? `${address}%${zone}` : undefined;
}

function readName(text: string): string | undefined {
  if (/^[A-Za-z0-9._-]+$/.test(text)) return text.length <= NAME_LENGTH_MAX ? text : undefined;
  // Letters of other alphabets travel in a form of their own (RFC 5891).
  if (!/^(?:[A-Za-z0-9._-]|[^\0-\x7f])+$/u.test(text)) return undefined;
  return URL.parse(`http://${text}`)?.hostname;
}
