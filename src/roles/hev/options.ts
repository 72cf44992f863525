/**
 * The options of the HEV role, with their defaults.
 *
 * @module
 */

import { SECOND_MS } from "../../core/clock.ts";
import type { RosterRules } from "../../core/roster.ts";
import type { Peer } from "../../net/address.ts";
import type { PortAddress } from "../../net/tcp/listening.ts";
import { SEED_READ_BYTES } from "../../wire/hev/seed_packet.ts";

/** How packets are written: bare JSON, one packet per read of the client; or JSON and a NUL. */
export type PacketDialect = "seed" | "nul";

/** One broadcast port. */
export interface BroadcastAddress extends PortAddress {
  /** `seed` if not given. */
  readonly dialect?: PacketDialect;
}

/** How packets are paced and bounded. */
export interface PacketOptions {
  /**
   * The shortest time between two packets with new values in the seed dialect, in milliseconds, at
   * least {@linkcode PACKET_GAP_MS}. Alarms do not wait for it.
   */
  dataIntervalMs?: number;
  /** The longest packet of the seed dialect in bytes: what the oldest client reads at once, 500. */
  packetBytesMax?: number;
}

/**
 * The shortest time between any two packets of the seed dialect, in milliseconds: its clients parse
 * the result of each read as one document.
 */
export const PACKET_GAP_MS = 50;
/** Default of {@linkcode PacketOptions.packetBytesMax}. */
export const PACKET_BYTES_MAX_DEFAULT: number = SEED_READ_BYTES.oldest;
/**
 * Default silence after which the controller counts as failed, in milliseconds; it sends each
 * second.
 */
export const SILENCE_MS_DEFAULT: number = 3 * SECOND_MS;
/** Default time that a request may take to arrive, in milliseconds. */
export const REQUEST_MS_DEFAULT: number = 5 * SECOND_MS;
/** Ports of the original server: web page, commands, native display. */
export const HEV_PORTS_DEFAULT = { web: 54320, query: 54321, native: 54322 } as const;
/** Default addresses, on this machine only: web page, native display. */
export const BROADCAST_ADDRESSES_DEFAULT: readonly BroadcastAddress[] = [
  { hostname: "127.0.0.1", port: HEV_PORTS_DEFAULT.web },
  { hostname: "127.0.0.1", port: HEV_PORTS_DEFAULT.native },
];
/** Default address of the query port. */
export const QUERY_ADDRESS_DEFAULT: Peer = { hostname: "127.0.0.1", port: HEV_PORTS_DEFAULT.query };

/** Links to follow from the name of a controller that was not there yet. */
const LINKS_MAX = 16;
/** The silence that makes a link late, as a fraction of the silence that makes it lost. */
const LATE_RATIO = 0.6;

/** The rules of the roster that holds the link to the controller. */
export function hevRules(): RosterRules {
  return {
    protocol: "hev",
    limits: { missed: LATE_RATIO, late: LATE_RATIO, lost: 1, gone: Infinity },
    membersMax: LINKS_MAX,
    membersPerAddressMax: LINKS_MAX,
    rememberGoneMs: 0,
    parseId: (id) => {
      const [name, address, ...rest] = id.split(" @ ");
      if (name === undefined || address === undefined || rest.length > 0) return undefined;
      return { id, name, address };
    },
  };
}
