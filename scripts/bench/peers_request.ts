/**
 * Round trips of REQ over both transports, beside an echo made of libzmq and a bare TCP echo of the same
 * sizes on this runtime.
 *
 * @module
 */

import { type Contender, hold } from "./peers/contest.ts";
import { join, zmtpGreet, zmtpMessage, zwsOpen } from "./peers/dialect.ts";
import { requestContender } from "./peers/request_contender.ts";
import type { Asking } from "./peers/request_load.ts";
import { startLibzmq, startScript } from "./peers/servers.ts";
import type { Row } from "./row.ts";

const CONNECTIONS = 16;
const PER_SECOND = 2_000;
const PAYLOAD_BYTES = 100;
const ECHO = "bare TCP echo";
const WS_RATIO_MIN = 0.85;
/** A delimiter and a payload, as REQ sends them. */
const FRAMES = [new Uint8Array(0), new Uint8Array(PAYLOAD_BYTES).fill(0x71)];

const OVER_TCP = zmtpMessage(FRAMES);
/** Delimiter, then payload, masked with zeros. */
const OVER_WS = join([
  Uint8Array.of(0x82, 0x81, 0, 0, 0, 0, 1),
  Uint8Array.of(0x82, 0x80 | (PAYLOAD_BYTES + 1), 0, 0, 0, 0, 0),
  ...FRAMES,
]);
/** Two heads without masks. */
const WS_REPLY_BYTES = 3 + 3 + PAYLOAD_BYTES;

const ASKINGS: Readonly<Record<"tcp" | "ws", Required<Asking>>> = {
  tcp: {
    open: (connection) => zmtpGreet(connection, "REQ"),
    request: () => OVER_TCP,
    replyBytes: OVER_TCP.length,
  },
  ws: {
    open: (connection) => zwsOpen(connection, "/req"),
    request: () => OVER_WS,
    replyBytes: WS_REPLY_BYTES,
  },
};

/** Measures both transports. */
export async function run(): Promise<Row[]> {
  return [...await contest("tcp"), ...await contest("ws", WS_RATIO_MIN)];
}

function contest(transport: "tcp" | "ws", least?: number): Promise<Row[]> {
  return hold({
    area: "peers",
    what: `REQ round trips over ${transport}, ${CONNECTIONS} connections`,
    thing: "round trip",
    pace: `${PER_SECOND} a second`,
    contenders: requestContenders(transport),
    ...(least === undefined ? {} : { goal: { metric: "perSecond", beside: ECHO, least } }),
  });
}

/** The product's ROUTER, libzmq's, and the floor. */
export function requestContenders(transport: "tcp" | "ws"): Contender[] {
  const asking = ASKINGS[transport];
  const load = { connections: CONNECTIONS, perSecond: PER_SECOND };
  const { request, replyBytes } = asking;
  const bare: Asking = { open: () => Promise.resolve(), request, replyBytes };
  const sizes = [request().length, replyBytes].map(String);
  return [
    requestContender(
      { name: "Pulsebox", kind: "product", asking, port: transport, ...load },
      () => startScript("echo_server.ts"),
    ),
    requestContender(
      { name: "libzmq", kind: "peer", asking, port: transport, ...load },
      () => startLibzmq("echo"),
    ),
    requestContender(
      { name: ECHO, kind: "floor", asking: bare, port: "tcp", ...load },
      () => startScript("bare_echo.ts", ...sizes),
    ),
  ];
}
