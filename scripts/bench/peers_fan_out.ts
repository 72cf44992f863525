/**
 * Publications to a hundred subscribers through the state role's ports, beside an intermediary made of
 * libzmq, and a bare relay.
 *
 * @module
 */

import { bare, type Dialect, type Frames, padded, TOPIC, zmtp, zws } from "./peers/dialect.ts";
import { type Contender, hold } from "./peers/contest.ts";
import { fanOutContender } from "./peers/fan_out_contender.ts";
import { startLibzmq, startScript, startStateRole } from "./peers/servers.ts";
import type { Row } from "./row.ts";

const SUBSCRIBERS = 100;
/** One frame of 100 bytes. */
export const PAYLOAD: Frames = [padded(TOPIC, 100)];
const WS_RATIO_MIN = 0.8;

/** Measures both transports. */
export async function run(): Promise<Row[]> {
  return [...await contest(zmtp(PAYLOAD)), ...await contest(zws(PAYLOAD), WS_RATIO_MIN)];
}

function contest(dialect: Dialect, least?: number): Promise<Row[]> {
  return hold({
    area: "peers",
    what: `publications of 100 bytes to ${SUBSCRIBERS} ${dialect.name} subscribers`,
    thing: "delivery",
    pace: "200 a second",
    contenders: fanOutContenders(dialect, SUBSCRIBERS),
    ...(least === undefined ? {} : { goal: { metric: "perSecond", beside: "libzmq", least } }),
  });
}

/** The state role, libzmq, and the floor. */
export function fanOutContenders(dialect: Dialect, clients: number): Contender[] {
  return [
    fanOutContender({ name: "Pulsebox", kind: "product", dialect, clients }, startStateRole),
    fanOutContender(
      { name: "libzmq", kind: "peer", dialect, clients },
      () => startLibzmq("forward"),
    ),
    fanOutContender(
      { name: "bare relay", kind: "floor", dialect: bare(dialect), clients, port: "tcp" },
      () => startScript("bare_relay.ts"),
    ),
  ];
}
