/**
 * Simulated phones for the demonstration.
 *
 * @module
 */

import { TriggerCrowd } from "../../../clients/trigger/crowd.ts";
import { HOUR_MS, MINUTE_MS } from "../../../core/clock.ts";
import { inBackground } from "../../../net/background.ts";
import { TIX_PORT } from "../../../wire/tix/datagram.ts";
import { parsePlace, reachableHost } from "../../../wire/url/place.ts";

const PHONES = 25;
const LEASE_MS: number = 2 * MINUTE_MS;

/** Lets a few phones be woken until it is disposed of. */
export class TriggerDemo implements AsyncDisposable {
  readonly #crowd: TriggerCrowd;
  readonly #running: Promise<void>;

  /** @param url URL of the service, `udp://0.0.0.0:7561`. */
  constructor(url: string) {
    const place = parsePlace(url);
    if (typeof place === "string") throw new TypeError(`Cannot use "${url}": ${place}`);
    const hostname = reachableHost(place.hostname);
    // Where the service is on loopback alone, its phones open no port to others either.
    const isLocal = /^(127\.|::1$)/.test(hostname);
    this.#crowd = new TriggerCrowd({
      hostname,
      port: place.port ?? TIX_PORT,
      localHostname: isLocal ? hostname : undefined,
      count: PHONES,
      leaseMs: LEASE_MS,
    });
    const times = { forMs: Infinity, everyMs: HOUR_MS };
    this.#running = inBackground(this.#crowd.run(times, () => Promise.resolve(), () => {}));
  }

  /** Ends all of them. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#crowd.end();
    await this.#running;
  }
}
