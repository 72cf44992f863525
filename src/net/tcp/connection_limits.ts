/**
 * What a connection may cost, what it can be doing, and why it ends.
 *
 * @module
 */

import type { QueuePolicy } from "./write_queue.ts";

/**
 * The phase of a connection, which decides which one is shed when there are too many:
 *
 * - `silent`: nothing has come yet;
 * - `greeted`: the hello of TLS has come, and nothing else yet;
 * - `opening`: a head or a greeting has come in part;
 * - `idle`: between two requests;
 * - `receiving`: a request has come in part;
 * - `busy`: it is being served, and is shed only for a newcomer whose address has fewer
 *   connections.
 */
export type Phase = "silent" | "greeted" | "opening" | "idle" | "receiving" | "busy";

/** Why a connection ended. */
export type CloseReason =
  /** Everything was said. */
  | "finished"
  /** The peer ended it. */
  | "peer"
  /** A deadline of a phase passed. */
  | "silent-timeout"
  | "greeted-timeout"
  | "opening-timeout"
  | "idle-timeout"
  | "receiving-timeout"
  | "busy-timeout"
  /** The peer took nothing for too long. */
  | "write-stalled"
  /** More waited for the peer than may wait. */
  | "queue-full"
  /** The peer sent too much although it has nothing to say. */
  | "unasked"
  /** The peer broke the protocol. */
  | "violation"
  /** It made room for a newcomer. */
  | "shed"
  /** There was no room for it. */
  | "refused"
  /** The server stopped. */
  | "stopped"
  /** A fault of this program. */
  | "error";

/** Limits of one connection. */
export interface ConnectionLimits {
  /** Bytes that may wait to be sent. */
  readonly queueBytes: number;
  /** What happens when they are more. */
  readonly policy: QueuePolicy;
  /**
   * The write timeout: how long a peer may read nothing while something is being sent, in
   * milliseconds.
   */
  readonly writeStallMs: number;
  /** Small messages that wait are joined to writes of at most this many bytes. */
  readonly joinBytes: number;
}

/** The limits unless the user sets others. */
export const CONNECTION_LIMITS: ConnectionLimits = {
  queueBytes: 1_048_576,
  policy: "disconnect",
  writeStallMs: 10_000,
  joinBytes: 65_536,
};

/** How long a peer that is told goodbye may still send, in milliseconds. */
export const LINGER_MS = 1_000;
/**
 * How much a peer that is told goodbye may still send, in bytes: an honest peer can have filled the
 * buffers of both systems before it reads the goodbye; one that sends more does not read.
 */
export const LINGER_BYTES_MAX = 4_194_304;
