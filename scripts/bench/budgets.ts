/**
 * What "fast" means: the figures that a release has to reach, and the row of the bench that shows each.
 *
 * @module
 */

import type { ReportRow } from "./report.ts";

/** One figure that has to be reached. */
export interface Budget {
  readonly part: string;
  readonly what: string;
  /** The piece of the bench, and the beginning of the row's measure. */
  readonly piece: string;
  readonly measure: string;
  /** The most or the least that is allowed. */
  readonly most?: number;
  readonly least?: number;
  /**
   * What is judged: the figure itself, its ratio to the floor, what it is above the floor, or its ratio
   * to a peer of this name.
   */
  readonly of: "value" | "floor" | "excess" | { readonly peer: string };
}

/** All of them. */
export const BUDGETS: readonly Budget[] = [
  {
    part: "heartbeat",
    what: "requests, 10 000 applications in random order",
    piece: "heartbeat_http",
    measure: "hb_ping per second, 10 000 applications in random order, beside Deno.serve",
    of: "floor",
    least: 0.85,
  },
  {
    part: "heartbeat",
    what: "processor time of a request",
    piece: "heartbeat_http",
    measure: "processor time per hb_ping, beside Deno.serve",
    of: "floor",
    most: 1.2,
  },
  {
    part: "heartbeat",
    what: "p99 of a request",
    piece: "heartbeat_http",
    measure: "p99 of hb_ping",
    of: "floor",
    most: 1.5,
  },
  {
    part: "heartbeat",
    what: "memory of an application, of a million",
    piece: "heartbeat_memory",
    measure: "memory per application",
    of: "value",
    most: 400,
  },
  {
    part: "trigger",
    what: "20 000 clients, percent of a core",
    piece: "trigger",
    measure: "CPU, 20 000 clients",
    of: "value",
    most: 10,
  },
  {
    part: "trigger",
    what: "100 000 clients, percent of a core",
    piece: "trigger",
    measure: "CPU, 100 000 clients",
    of: "value",
    most: 50,
  },
  {
    part: "trigger",
    what: "error of the interval, p99, 20 000 clients",
    piece: "trigger",
    measure: "interval off by, p99, 20 000 clients",
    of: "value",
    most: 10,
  },
  {
    part: "trigger",
    what: "drift of a tick",
    piece: "trigger",
    measure: "drift per tick over a minute, 20 000 clients",
    of: "value",
    most: 0.05,
  },
  {
    part: "instrument",
    what: "packets to 200 clients",
    piece: "hev",
    measure: "packets delivered per second to 200 clients, beside Conn.write",
    of: "floor",
    least: 0.9,
  },
  {
    part: "instrument",
    what: "processor time of a packet to a client",
    piece: "hev",
    measure: "processor time per packet and client, 200 clients, beside Conn.write",
    of: "floor",
    most: 1.1,
  },
  {
    part: "instrument",
    what: "serial frame to client, p99, 100 clients at 50 Hz",
    piece: "hev",
    measure: "serial frame to client p99",
    of: "value",
    most: 5,
  },
  {
    part: "instrument",
    what: "what a stalled client adds to the others",
    piece: "hev",
    measure: "what a stalled client adds to the others' p99",
    of: "value",
    most: 1,
  },
  {
    part: "state",
    what: "publications to 100 subscribers over WebSocket",
    piece: "peers_fan_out",
    measure: "publications of 100 bytes to 100 ws subscribers",
    of: { peer: "libzmq" },
    least: 0.8,
  },
  {
    part: "state",
    what: "the same beside jszmq",
    piece: "zmq",
    measure: "publications per second to 100 ws subscribers",
    of: "floor",
    least: 20,
  },
  {
    part: "state",
    what: "round trips of REQ over WebSocket beside a bare echo",
    piece: "peers_request",
    measure: "REQ round trips over ws, 16 connections",
    of: "floor",
    least: 0.85,
  },
  {
    part: "fleet",
    what: "a change to a console, p99, 300 hosts with 100 members",
    piece: "fleet",
    measure: "a document to the picture, p99",
    of: "value",
    most: 1_000,
  },
  {
    part: "fleet",
    what: "memory of a console",
    piece: "fleet_memory",
    measure: "a console's memory, ",
    of: "value",
    most: 80,
  },
  {
    part: "console",
    what: "snapshot of 1 000 members to their paint",
    piece: "page",
    measure: "snapshot of 1000 members to a full screen",
    of: "value",
    most: 200,
  },
  {
    part: "console",
    what: "a change to the page, p99",
    piece: "page",
    measure: "p99 of a change to its paint",
    of: "value",
    most: 300,
  },
  {
    part: "console",
    what: "the page on the wire",
    piece: "page",
    measure: "the page's files, compressed, at once",
    of: "value",
    most: 60,
  },
  {
    part: "host",
    what: "start of all roles over the runtime's own",
    piece: "appliance",
    measure: "start to the last listening address, all roles, warm",
    of: "excess",
    most: 120,
  },
  {
    part: "host",
    what: "idle memory of one role",
    piece: "appliance",
    measure: "idle memory, heartbeat role",
    of: "value",
    most: 60,
  },
  {
    part: "host",
    what: "idle memory of all roles",
    piece: "appliance",
    measure: "idle memory, all roles",
    of: "value",
    most: 72,
  },
  {
    part: "host",
    what: "idle processor time, percent of a core",
    piece: "appliance",
    measure: "idle CPU, all roles",
    of: "value",
    most: 0.5,
  },
];

/** The row that shows a budget's figure: the first one that begins as it says. */
export function rowOf(budget: Budget, rows: readonly ReportRow[]): ReportRow | undefined {
  return rows.find(({ piece, measure }) =>
    piece === budget.piece && measure.startsWith(budget.measure)
  );
}

/** The figure of a row that a budget judges; NaN if the row lacks what it is compared with. */
export function figureOf({ of }: Budget, row: ReportRow): number {
  if (typeof of === "object") return row.peers?.find(({ name }) => name === of.peer)?.ratio ?? NaN;
  if (of === "value") return row.value;
  return of === "floor" ? row.ratio ?? NaN : row.value - (row.floor ?? NaN);
}

/** Whether a row reaches a budget; undefined if the peer that it is compared with was missing. */
export function isMet(budget: Budget, row: ReportRow): boolean | undefined {
  const figure = figureOf(budget, row);
  if (Number.isNaN(figure)) return undefined;
  return figure <= (budget.most ?? Infinity) && figure >= (budget.least ?? -Infinity);
}

/** What is asked, in words. */
export function goalOf({ most, least, of }: Budget, unit: string): string {
  const bound = most === undefined ? `≥ ${least}` : `≤ ${most}`;
  if (typeof of === "object") return `${bound} of ${of.peer}`;
  if (of === "floor") return `${bound} of the floor`;
  return `${bound} ${unit}`.trim() + (of === "excess" ? " over the floor" : "");
}
