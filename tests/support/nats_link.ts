/**
 * Links to brokers that say nothing unless a test asks.
 *
 * @module
 */

import { NatsLink, type NatsLinkOptions } from "../../src/net/nats/link.ts";

/**
 * Opens a link.
 *
 * @param brokers A port on 127.0.0.1, or places `HOST:PORT`.
 * @param name What brokers know the client by; its inbox has it too.
 */
export function openLink(
  brokers: number | readonly string[],
  name: string,
  options: Partial<NatsLinkOptions> = {},
): NatsLink {
  return NatsLink.open({
    servers: typeof brokers === "number" ? [`127.0.0.1:${brokers}`] : brokers,
    name,
    inboxPrefix: `_INBOX_${name}`,
    tls: { required: false, caCerts: [] },
    onUp: () => {},
    onDown: () => {},
    onForbidden: () => {},
    ...options,
  });
}
