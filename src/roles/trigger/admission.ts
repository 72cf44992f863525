/**
 * Decides whether an unknown source becomes a client.
 *
 * A registration costs its sender one datagram and makes us send a hundred, and the sender's
 * address may be forged. That makes the service a reflector; these rules limit the amplification.
 *
 * @module
 */

import { SECOND_MS } from "../../core/clock.ts";
import { AddressFilter } from "../../net/address_filter.ts";
import { isAnswerable, OwnAddresses } from "../../net/udp/source_address.ts";
import type { DatagramResult } from "./counters.ts";
import type { TriggerRules } from "./options.ts";

/** Services use the ports below this one, and would answer a ping. */
export const LOW_PORTS_END = 1_024;

/** Why a source does not become a client. */
export type RefusalResult = Extract<DatagramResult, `refused_${string}` | "self">;

/** How full the table is. */
export interface Occupancy {
  readonly size: number;
  /** How many clients an IPv4 address has, or the /64 of an IPv6 address. */
  sizeOfBlock(hostname: string): number;
}

/** The rules and facts by which {@linkcode Admission} decides. */
export interface AdmissionOptions {
  rules: TriggerRules;
  /** Listening time of the start in milliseconds. */
  now: number;
  sources?: AddressFilter;
  own?: OwnAddresses;
}

/** Decides about new clients. Known clients never get here and are never limited. */
export class Admission {
  readonly #rules: TriggerRules;
  readonly #sources: AddressFilter;
  readonly #own: OwnAddresses;
  /** The number of new clients that are admitted right now: a token bucket. */
  #tokens: number;
  #filledAt: number;

  constructor(options: AdmissionOptions) {
    this.#rules = options.rules;
    this.#sources = options.sources ?? new AddressFilter();
    this.#own = options.own ?? new OwnAddresses();
    this.#tokens = options.rules.newPerSecondMax;
    this.#filledAt = options.now;
  }

  /**
   * Decides about a source.
   *
   * @param ownPort Port of the socket that received it.
   * @param now Listening time in milliseconds.
   * @return Why the source is refused, or `undefined` if it is accepted.
   */
  refusal(
    source: { hostname: string; port: number },
    ownPort: number,
    occupancy: Occupancy,
    now: number,
  ): RefusalResult | undefined {
    const { hostname, port } = source;
    const rules = this.#rules;
    if (port === 0) return "refused_port";
    if (port === ownPort) {
      // A ping is also a valid registration: two services that ping each other would never stop.
      if (rules.ownPort === "refuse" || this.#own.has(hostname, now)) return "self";
    }
    if (port < LOW_PORTS_END && rules.lowPorts === "refuse") return "refused_port";
    // Check first what stops a flood: it is the cheapest check.
    if (occupancy.size >= rules.clientsMax) return "refused_cap";
    this.#fill(now);
    if (this.#tokens < 1) return "refused_rate";
    if (!isAnswerable(hostname) || this.#own.isBroadcast(hostname, now)) return "refused_address";
    if (!this.#sources.admits(hostname)) return "refused_address";
    if (occupancy.sizeOfBlock(hostname) >= rules.clientsPerAddressMax) return "refused_cap";
    this.#tokens--;
    return undefined;
  }

  #fill(now: number): void {
    const { newPerSecondMax } = this.#rules;
    const gained = Math.max(now - this.#filledAt, 0) * newPerSecondMax / SECOND_MS;
    this.#tokens = Math.min(this.#tokens + gained, newPerSecondMax);
    this.#filledAt = now;
  }
}
