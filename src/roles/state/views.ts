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
  /** The state that the server decided. */
  state: ClientState;
  /** The state that the client believes. */
  reportedState: ClientState;
  /** Its local time as the client sent it, without a zone. */
  timestamp: string;
  /** Milliseconds since it was last heard. */
  ageMs: number;
  sdkVersion: number;
  address: string;
  /** Milliseconds since its first heartbeat since it connected. */
  livesMs: number;
  heartbeats: number;
  /** Number of heartbeats that a newer one had overtaken. */
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
