/**
 * A museum's fleet as benches play it.
 *
 * @module
 */

import { type ConditionCounts, CONDITIONS } from "../../src/core/verdict.ts";
import type { NatsLink } from "../../src/net/nats/link.ts";
import { openLink } from "../../tests/support/nats_link.ts";
import { encodeBeat } from "../../src/wire/fleet/beat.ts";
import { encodeDocument } from "../../src/wire/fleet/host_document.ts";
import { fleetSubject } from "../../src/wire/fleet/subjects.ts";

/** Hosts of the fleet, and members of each. */
export const HOSTS = 300;
export const MEMBERS = 100;
/** Each host beats as often as this. */
const BEAT_MS = 2_000;
/** No member in any condition. */
export const NO_COUNTS = Object.fromEntries(CONDITIONS.map((one) => [one, 0])) as ConditionCounts;

/** A link to a broker that is up. */
export async function connect(port: number, name: string): Promise<NatsLink> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const link = openLink(port, name, {
    onUp: resolve,
    onDown: (reason) => console.error(reason),
    onForbidden: (reason) => console.error(reason),
  });
  await promise;
  return link;
}

/** A document of a host whose members are well. */
export function documentOf(seq: number): Uint8Array {
  return encodeDocument({
    epoch: 1,
    seq,
    version: "1",
    url: null,
    label: "Ground floor",
    verdict: "well",
    headline: "All is well",
    counts: { ...NO_COUNTS, ok: MEMBERS },
    members: Array.from({ length: MEMBERS }, (_, index) => ({
      id: `hilbert/exhibit-${index} @ 10.0.0.${index}`,
      name: `exhibit-${index}`,
      station: null,
      state: "ok",
      forMs: 1_000,
    })),
  });
}

/** Hosts that beat for as long as they are needed. */
export class BeatingHosts implements Disposable {
  readonly count: number;
  readonly #link: NatsLink;
  readonly #fleet: string;
  readonly #beats: ReturnType<typeof setInterval>;
  #number = 0;

  /** Tells the document of each host, then lets it beat. */
  static async start(link: NatsLink, fleet: string, count: number): Promise<BeatingHosts> {
    for (let host = 0; host < count; host++) {
      link.publish(fleetSubject(fleet, "host", `h${host}`), documentOf(1));
      // A connection takes only so much at once.
      if (host % 50 === 0) await link.connected().flush();
    }
    return new BeatingHosts(link, fleet, count);
  }

  private constructor(link: NatsLink, fleet: string, count: number) {
    this.#link = link;
    this.#fleet = fleet;
    this.count = count;
    const beatAll = () => {
      for (let host = 0; host < count; host++) this.beat(host, 0);
    };
    beatAll();
    this.#beats = setInterval(beatAll, BEAT_MS);
  }

  /** @param lost How many of its members the host has lost. */
  beat(host: number, lost: number): void {
    const beat = encodeBeat({
      epoch: 1,
      n: Date.now() * 1_000 + this.#number++ % 1_000,
      seq: 1,
      ageMs: 0,
      verdict: lost > 0 ? "lost" : "well",
      counts: { ...NO_COUNTS, ok: MEMBERS - lost, lost },
      tells: false,
    });
    this.#link.publish(fleetSubject(this.#fleet, "beat", `h${host}`), beat);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#beats);
  }
}
