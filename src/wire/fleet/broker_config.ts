/**
 * The configuration of a fleet's brokers, as `nats-server` reads it.
 *
 * @see https://docs.nats.io/running-a-nats-service/configuration
 * @module
 */

import { NATS_PORT_DEFAULT } from "./broker_port.ts";
import { DOCUMENT_BYTES_MAX } from "./host_document.ts";
import { type FleetPart, fleetPermissions } from "./permissions.ts";

/** The port on which brokers speak to each other. */
export const CLUSTER_PORT = 6_222;
/** Where a broker keeps its streams; it must be able to write there. */
export const BROKER_FOLDER = "/var/lib/nats";
/** How often a broker pings its clients and the other brokers, in seconds. */
const PING_SECONDS = 5;
/** Pings without an answer after which a broker ends a connection. */
const PINGS_MISSED_MAX = 2;
/** Bytes that a broker may keep in memory. */
const MEMORY_BYTES_MAX = 67_108_864;
/** Bytes that a broker may keep on disk. */
const FILE_BYTES_MAX = 268_435_456;

/** A client that the brokers accept. */
export interface BrokerUser {
  /** Its name in the fleet. */
  readonly name: string;
  readonly part: FleetPart;
  /** The public part of its nkey, `U…`. */
  readonly publicKey: string;
}

/** What a broker's configuration is written from. */
export interface BrokerPlan {
  readonly fleet: string;
  /** Host names or addresses at which the brokers reach each other. */
  readonly brokers: readonly string[];
  readonly users: readonly BrokerUser[];
  /** The password with which the brokers log in to each other. */
  readonly clusterPassword: string;
}

/** Writes the configuration of one broker. */
export function brokerConfig(plan: BrokerPlan, broker: string): string {
  const { fleet, brokers, users, clusterPassword } = plan;
  const lines = [
    `# The brokers of fleet ${fleet}: this one is ${broker}.`,
    `server_name: ${quoted(broker)}`,
    `listen: "0.0.0.0:${NATS_PORT_DEFAULT}"`,
    `# No message is longer than a host's document.`,
    `max_payload: ${2 * DOCUMENT_BYTES_MAX}`,
    `# A connection that a cable has cut ends after fifteen seconds, rather than by TCP's own timers.`,
    `ping_interval: "${PING_SECONDS}s"`,
    `ping_max: ${PINGS_MISSED_MAX}`,
    `jetstream {`,
    `  store_dir: ${quoted(`${BROKER_FOLDER}/pulsebox`)}`,
    `  max_memory_store: ${MEMORY_BYTES_MAX}`,
    `  max_file_store: ${FILE_BYTES_MAX}`,
    `}`,
  ];
  if (brokers.length > 1) {
    lines.push(
      `cluster {`,
      `  name: ${quoted(`pulsebox-${fleet}`)}`,
      `  listen: "0.0.0.0:${CLUSTER_PORT}"`,
      `  authorization { user: "broker", password: ${quoted(clusterPassword)} }`,
      `  routes: [`,
      ...brokers.filter((other) => other !== broker)
        .map((other) =>
          `    "nats-route://broker:${clusterPassword}@${hostOf(other)}:${CLUSTER_PORT}"`
        ),
      `  ]`,
      `}`,
    );
  }
  lines.push(`authorization {`, `  users: [`);
  for (const { name, part, publicKey } of users) {
    const { publish, subscribe } = fleetPermissions(fleet, part, name);
    lines.push(
      `    # ${part} ${name}`,
      `    { nkey: ${publicKey}, permissions: {`,
      `      publish: { allow: [${publish.map(quoted).join(", ")}] }`,
      `      subscribe: { allow: [${subscribe.map(quoted).join(", ")}] }`,
      `    } }`,
    );
  }
  lines.push(`  ]`, `}`);
  return `${lines.join("\n")}\n`;
}

function quoted(text: string): string {
  return JSON.stringify(text);
}

function hostOf(broker: string): string {
  return broker.includes(":") ? `[${broker}]` : broker;
}
