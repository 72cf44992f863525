/**
 * A museum's fleet as benches play it.
 *
 * @module
 */

import { type ConditionCounts, CONDITIONS } from "../../src/core/verdict.ts";
import { NatsLink } from "../../src/net/nats/link.ts";
import { encodeDocument } from "../../src/wire/fleet/host_document.ts";

/** Hosts of the fleet, and members of each. */
export const HOSTS = 300;
export const MEMBERS = 100;
/** No member in any condition. */
export const NO_COUNTS = Object.fromEntries(CONDITIONS.map((one) => [one, 0])) as ConditionCounts;

/** A link to a broker that is up. */
export async function connect(port: number, name: string): Promise<NatsLink> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const link = NatsLink.open({
    servers: [`127.0.0.1:${port}`],
    name,
    inboxPrefix: `_INBOX_${name}`,
    tls: { required: false, caCerts: [] },
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
