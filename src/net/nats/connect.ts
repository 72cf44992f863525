/**
 * One connection of the NATS client to one broker.
 *
 * @module
 */

import type { Authenticator, ConnectionOptions, NatsConnection } from "@nats-io/nats-core";
import { NatsConnectionImpl, setTransportFactory } from "@nats-io/nats-core/internal";
import { NATS_PORT_DEFAULT } from "../../wire/fleet/broker_port.ts";
import { type NatsTlsOptions, NatsTransport } from "./transport.ts";

/** Timeout of connecting to a broker and logging in, in milliseconds. */
const CONNECT_MS_MAX = 2_000;
/** How often a broker is pinged, in milliseconds. */
const PING_MS = 5_000;
/** Pings without an answer after which the link leaves a broker. */
const PINGS_MISSED_MAX = 2;

/** How the client introduces itself. */
export interface ConnectOptions {
  /** The name under which the brokers list this client. */
  readonly name: string;
  /** Prefix of the subjects on which replies arrive: the client is permitted to subscribe to it. */
  readonly inboxPrefix: string;
  readonly tls: NatsTlsOptions;
}

/**
 * Connects to a broker and logs in, once.
 *
 * @param server `HOST:PORT`.
 * @throws {Error} if the broker does not accept us within {@linkcode CONNECT_MS_MAX}.
 */
export function connect(
  server: string,
  options: ConnectOptions,
  authenticator: Authenticator | undefined,
): Promise<NatsConnection> {
  const { name, inboxPrefix, tls } = options;
  // The client has one global factory: set it before each connection, with that
  // connection's options.
  setTransportFactory({ defaultPort: NATS_PORT_DEFAULT, factory: () => new NatsTransport(tls) });
  const settings: ConnectionOptions = {
    servers: [server],
    name,
    inboxPrefix,
    timeout: CONNECT_MS_MAX,
    pingInterval: PING_MS,
    maxPingOut: PINGS_MISSED_MAX,
    // The client measures its waits on the wall clock: after it was set back, it would wait until the clock
    // shows the old time again.
    reconnect: false,
    // Ignore the addresses that brokers advertise: often only other brokers can reach them, and the
    // operator has listed all brokers.
    ignoreClusterUpdates: true,
    noAsyncTraces: true,
    ...(authenticator === undefined ? {} : { authenticator }),
  };
  return NatsConnectionImpl.connect(settings);
}
