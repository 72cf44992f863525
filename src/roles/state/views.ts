/**
 * Clients as JSON, with the protocol's field names.
 *
 * @module
 */

import type { ClientState } from "../../core/client_state.ts";
import type { LocalClient } from "./local_client.ts";

/** One client of `GET /State/Clients`. */
export interface ClientView {
  clientID: string;
  /** The server's. */
  state: ClientState;
  /** What the client believes. */
  reportedState: ClientState;
  /** As the client sent it: its local time, without zone. */
  timestamp: string;
  /** Milliseconds since it was last heard. */
  ageMs: number;
  sdkVersion: number;
  address: string;
  /** Milliseconds since its first heartbeat of this life. */
  livesMs: number;
  heartbeats: number;
  /** Number of heartbeats that arrived after a newer one. */
  lateHeartbeats: number;
  emergency: boolean;
}

/** Makes the view of a client. */
export function viewClient(client: LocalClient, now: number): ClientView {
  const { timestamp, sdkVersion, clientState } = client.heartbeat;
  return {
    clientID: client.id,
    state: client.state,
    reportedState: clientState,
    timestamp,
    ageMs: Math.round(now - client.heardAt),
    sdkVersion,
    address: client.address,
    livesMs: Math.round(now - client.createdAt),
    heartbeats: client.beats,
    lateHeartbeats: client.lateBeats,
    emergency: client.mood === "emergency",
  };
}
