/**
 * Heartbeats over HTTP, beside Node's server, a server as one writes it in Python, and the runtime's own.
 *
 * @module
 */

import { hasPythonModule, PYTHON } from "../../tests/support/python.ts";
import { type Contender, hold } from "./peers/contest.ts";
import { requestContender } from "./peers/request_contender.ts";
import type { Asking } from "./peers/request_load.ts";
import {
  commandIsThere,
  FOLDER,
  type Server,
  skip,
  startProduct,
  withPorts,
} from "./peers/servers.ts";
import type { Row } from "./row.ts";

const CONNECTIONS = 32;
const APPLICATIONS = 10_000;
const PER_SECOND = 2_000;
const MANY = 2_000_000;
/** It has a thread for each. */
const PYTHON_CONNECTIONS_MAX = 1_000;

const encoder = new TextEncoder();

/** Measures them in turns. */
export function run(): Promise<Row[]> {
  return hold({
    area: "peers",
    what: `hb_ping of 10 000 applications over ${CONNECTIONS} connections`,
    thing: "hb_ping",
    pace: `${PER_SECOND} a second`,
    contenders: heartbeatContenders(),
  });
}

/** The heartbeat role, Node, Python, and the floor. */
export function heartbeatContenders(): Contender[] {
  const requests = Array.from({ length: APPLICATIONS }, (_, index) =>
    encoder.encode(
      `GET /hb_ping?5000&appid=application-${index}&cache_buster=1_${index} HTTP/1.1\r\n` +
        "Host: 127.0.0.1\r\nUser-Agent: load\r\nAccept: */*\r\n\r\n",
    ));
  const asking: Asking = {
    open: () => Promise.resolve(),
    // The clocks of thousands of applications drift apart: they beat in random order.
    request: () => requests[Math.floor(Math.random() * APPLICATIONS)] as Uint8Array,
  };
  const load = { asking, port: "http", connections: CONNECTIONS, perSecond: PER_SECOND };
  const python = requestContender(
    { name: "Python's http.server", kind: "peer", ...load },
    startPython,
  );
  return [
    requestContender({ name: "Pulsebox", kind: "product", ...load }, startHeartbeat),
    requestContender({ name: "Node's http", kind: "peer", ...load }, startNode),
    { ...python, clientsMax: PYTHON_CONNECTIONS_MAX },
    requestContender({ name: "Deno.serve", kind: "floor", ...load }, startDenoServe),
  ];
}

function startHeartbeat(): Promise<Server> {
  return startProduct({ http: "http" }, [
    "--heartbeat",
    "--heartbeat-port=0",
    `--heartbeat-applications-max=${MANY}`,
    `--heartbeat-applications-per-address-max=${MANY}`,
  ]);
}

function startDenoServe(): Promise<Server> {
  const args = ["run", "--quiet", "-A", "scripts/bench/floor_server.ts", "serve"];
  return withPorts({ command: Deno.execPath(), args }, "http");
}

function startNode(): Promise<Server | undefined> {
  if (!commandIsThere("node")) return Promise.resolve(skip("Node's http", "nodejs"));
  return withPorts({ command: "node", args: [`${FOLDER}node_http.cjs`] });
}

function startPython(): Promise<Server | undefined> {
  if (!hasPythonModule("http.server")) return Promise.resolve(skip("Python", "python3"));
  return withPorts({ command: PYTHON, args: [`${FOLDER}python_heartbeat.py`] });
}
