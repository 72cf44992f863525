/**
 * Simulated phones, to have something to look at.
 *
 * @module
 */

import { TriggerCrowd } from "../clients/trigger_crowd.ts";
import { HOUR_MS, MINUTE_MS } from "../core/clock.ts";

const PHONES = 25;
const LEASE_MS: number = 2 * MINUTE_MS;
/** An address to reach a service that listens on all of them. */
const LOOPBACK: ReadonlyMap<string, string> = new Map([["0.0.0.0", "127.0.0.1"], ["::", "::1"]]);

/** Lets a few phones be woken until it is disposed of. */
export class TriggerDemo implements AsyncDisposable {
  readonly #crowd: TriggerCrowd;
  readonly #running: Promise<void>;

  /** @param url URL of the service, `udp://0.0.0.0:7561`. */
  constructor(url: string) {
    // A special scheme, or the brackets of an IPv6 address would not be understood.
    const { hostname, port } = new URL(url.replace(/^udp:/, "http:"));
    const bare = hostname.replace(/^\[(.*)\]$/, "$1");
    this.#crowd = new TriggerCrowd({
      hostname: LOOPBACK.get(bare) ?? bare,
      port: Number(port),
      count: PHONES,
      leaseMs: LEASE_MS,
    });
    const times = { forMs: Infinity, everyMs: HOUR_MS };
    this.#running = this.#crowd.run(times, () => Promise.resolve(), () => {});
  }

  /** Ends all of them. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#crowd.end();
    await this.#running;
  }
}
