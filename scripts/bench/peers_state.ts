/**
 * States to a hundred subscribers through the state role, beside the same payloads through Mosquitto.
 *
 * @module
 */

import { type Contender, hold } from "./peers/contest.ts";
import { bare, mqtt, padded, TOPIC, zmtp } from "./peers/dialect.ts";
import { fanOutContender } from "./peers/fan_out_contender.ts";
import { startMosquitto, startScript, startStateRole } from "./peers/servers.ts";
import type { Row } from "./row.ts";

const SUBSCRIBERS = 100;
const TOPIC_BYTES = 24;
const STATE_BYTES = 12;
/** A topic with an identity, and a state. */
const MESSAGE = [
  padded(`${TOPIC}/192.168.2.17`, TOPIC_BYTES),
  padded("RUNNING", STATE_BYTES),
] as const;

/** Measures them in turns. */
export function run(): Promise<Row[]> {
  return hold({
    area: "peers",
    what: `states of ${STATE_BYTES} bytes to ${SUBSCRIBERS} subscribers`,
    thing: "delivery",
    pace: "200 a second",
    contenders: stateContenders(SUBSCRIBERS),
  });
}

/** The state role, Mosquitto, and the floor. */
export function stateContenders(clients: number): Contender[] {
  const dialect = zmtp(MESSAGE);
  return [
    fanOutContender({ name: "Pulsebox", kind: "product", dialect, clients }, startStateRole),
    fanOutContender(
      { name: "Mosquitto", kind: "peer", dialect: mqtt(MESSAGE), clients },
      startMosquitto,
    ),
    fanOutContender(
      { name: "bare relay", kind: "floor", dialect: bare(dialect), clients, port: "tcp" },
      () => startScript("bare_relay.ts"),
    ),
  ];
}
