/**
 * Listening on all addresses of a host.
 *
 * @module
 */

import { assert } from "../../core/assert.ts";
import { isAddress, zoneOf } from "../../wire/url/place.ts";
import type { Peer } from "../address.ts";
import { ListenError } from "../listen_error.ts";

/** A place to listen on. */
export interface ListenAddress extends Peer {
  /**
   * The name that resolved to this address. If the machine lacks one of a name's addresses, such as
   * `::1` without IPv6, the others suffice.
   */
  readonly name?: string;
}

/** A port on several addresses. */
export interface PortAddress extends ListenAddress {
  /** The addresses after the first. */
  readonly others?: readonly ListenAddress[];
}

/** What listens. */
export interface Listening extends Disposable {
  readonly address: Peer;
}

/** The most addresses of one name to listen on. */
const ADDRESSES_MAX = 16;
/** How many ports are tried until one is free on all addresses of a name. */
const PICKS_MAX = 16;

/**
 * All addresses of a host name, each once, in the system's order; an IP address stands for itself.
 *
 * @throws {ListenError} if there is no such name.
 */
export async function addressesOf(hostname: string, port: number): Promise<ListenAddress[]> {
  if (isAddress(hostname)) return [{ hostname, port }];
  // Use Node's lookup, because the runtime's own asks DNS servers only and ignores /etc/hosts.
  const { lookup } = await import("node:dns/promises");
  try {
    const found = await lookup(hostname, { all: true, order: "verbatim" });
    const addresses = [...new Set(found.map(({ address }) => address))].slice(0, ADDRESSES_MAX);
    return addresses.map((address) => ({ hostname: address, port, name: hostname }));
  } catch (cause) {
    throw new ListenError({ hostname, port }, cause, "no-such-name");
  }
}

/**
 * Listens on all addresses or on none. Addresses with port 0 get the same port, if one is free on
 * all of them.
 *
 * @throws {ListenError} if one cannot be listened on.
 */
export function listenOnAll<T extends Listening>(
  addresses: readonly ListenAddress[],
  listen: (address: Peer) => T,
): T[] {
  for (let pick = 1; pick < PICKS_MAX; pick++) {
    try {
      return listenTogether(addresses, listen, "same-port");
    } catch (error) {
      const isTaken = error instanceof ListenError && error.kind === "in-use";
      if (!isTaken || !addresses.some(({ port }) => port === 0)) throw error;
    }
  }
  return listenTogether(addresses, listen, "any-port");
}

/** The addresses of a port as one: the first, which carries the others. */
export function portOf([first, ...others]: readonly ListenAddress[]): PortAddress {
  assert(first !== undefined, "a port has an address");
  return others.length === 0 ? first : { ...first, others };
}

/** All addresses of a port. */
export function addressesOfPort({ others = [], ...first }: PortAddress): ListenAddress[] {
  return [first, ...others];
}

/** The address of a listener, including the zone that the runtime omits. */
export function listeningPlace(asked: Peer, bound: Peer): Peer {
  const hostname = zoneOf(asked.hostname) === undefined ? bound.hostname : asked.hostname;
  return { hostname, port: bound.port };
}

function listenTogether<T extends Listening>(
  addresses: readonly ListenAddress[],
  listen: (address: Peer) => T,
  wish: "same-port" | "any-port",
): T[] {
  using opened = new DisposableStack();
  const listening: T[] = [];
  let missing: ListenError | undefined;
  let picked = 0;
  for (const { hostname, port, name } of addresses) {
    try {
      const one = listen({ hostname, port: port === 0 ? picked : port });
      listening.push(opened.use(one));
      if (port === 0 && wish === "same-port") picked = one.address.port;
    } catch (error) {
      const isMissing = error instanceof ListenError && error.kind === "no-such-address";
      if (!isMissing || name === undefined) throw error;
      missing = error;
    }
  }
  if (listening.length === 0 && missing !== undefined) throw missing;
  opened.move();
  return listening;
}
