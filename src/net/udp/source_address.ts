/**
 * Which source addresses of datagrams are plausible.
 *
 * @module
 */

import { type AddressBytes, parseAddress } from "../../core/cidr.ts";

/** How long a list of the machine's own addresses is used, in milliseconds. */
export const OWN_ADDRESSES_AGE_MS_MAX = 10_000;

/**
 * Whether an answer to this address reaches exactly one host. That excludes unspecified, multicast,
 * broadcast and reserved addresses, and link-local IPv6, whose zone the runtime drops.
 */
export function isAnswerable(hostname: string): boolean {
  const bytes = parseAddress(hostname);
  if (bytes === undefined) return false;
  const first = bytes[0] ?? 0;
  if (bytes.length === 4) return first !== 0 && first < 224;
  const isLinkLocal = first === 0xfe && ((bytes[1] ?? 0) & 0xc0) === 0x80;
  return first !== 0xff && !isLinkLocal && bytes.some((byte) => byte !== 0);
}

/** One address of this machine, as the runtime lists it. */
export type InterfaceAddress = Pick<Deno.NetworkInterfaceInfo, "address" | "netmask" | "family">;

/** This machine's own addresses and the broadcast addresses of its networks. */
export class OwnAddresses {
  readonly #list: () => readonly InterfaceAddress[];
  #own = new Set<string>();
  #broadcast = new Set<string>();
  #readAt = -Infinity;

  /**
   * @param list Lists the addresses; the runtime's list if not given. Where the permission
   * `--allow-sys=networkInterfaces` is missing, only loopback is known.
   */
  constructor(list: () => readonly InterfaceAddress[] = listInterfaces) {
    this.#list = list;
  }

  /**
   * Whether an address is one of this machine's.
   *
   * @param now Monotonic time in milliseconds, as in all methods.
   */
  has(hostname: string, now: number): boolean {
    const bytes = parseAddress(hostname);
    if (bytes === undefined) return false;
    if (bytes.length === 4 && bytes[0] === 127) return true;
    this.#refresh(now);
    return this.#own.has(bytes.join("."));
  }

  /** Whether an address is a broadcast address of one of this machine's networks. */
  isBroadcast(hostname: string, now: number): boolean {
    this.#refresh(now);
    return this.#broadcast.has(hostname);
  }

  #refresh(now: number): void {
    if (now - this.#readAt < OWN_ADDRESSES_AGE_MS_MAX) return;
    this.#readAt = now;
    this.#own = new Set(["0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.1"]);
    this.#broadcast = new Set();
    for (const { address, netmask, family } of this.#list()) {
      const bytes = parseAddress(address);
      if (bytes === undefined) continue;
      this.#own.add(bytes.join("."));
      const mask = family === "IPv4" ? parseAddress(netmask) : undefined;
      const broadcast = mask && broadcastOf(bytes, mask);
      if (broadcast !== undefined) this.#broadcast.add(broadcast);
    }
  }
}

/** The last address of a network; point-to-point links have none (RFC 3021). */
function broadcastOf(address: AddressBytes, mask: AddressBytes): string | undefined {
  if ((mask[3] ?? 0) >= 254) return undefined;
  return address.map((byte, index) => byte | ~(mask[index] ?? 0)).join(".");
}

function listInterfaces(): readonly InterfaceAddress[] {
  // Query the permission first, so that the runtime does not prompt the operator at a terminal.
  const { state } = Deno.permissions.querySync({ name: "sys", kind: "networkInterfaces" });
  return state === "granted" ? Deno.networkInterfaces() : [];
}
