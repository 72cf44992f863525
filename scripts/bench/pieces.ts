/**
 * The pieces of the bench, in the order in which they run.
 *
 * @module
 */

/** Each piece is a file of this folder that measures one thing. */
export const PIECES: readonly string[] = [
  "lease_table",
  "roster",
  "heartbeat_http",
  "heartbeat_memory",
  "trigger",
  "hev",
  "zmq",
  "zmq_match",
  "console",
  "console_turns",
  "page",
  "page_rest",
  "page_fleet",
  "appliance",
  "fleet",
  "fleet_memory",
  "peers_fan_out",
  "peers_state",
  "peers_request",
  "peers_heartbeat",
  "peers_serial",
  "peers_growth_fan_out",
  "peers_growth_requests",
];
