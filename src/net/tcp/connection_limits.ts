/**
 * What a connection may cost, what it can be doing, and why it ends.
 *
 * @module
 */

import type { QueuePolicy } from "./write_queue.ts";

/**
 * The phase of a connection, which decides which connection is shed when there are too many:
 *
 * - `silent`: nothing has arrived yet;
 * - `greeted`: only the ClientHello of TLS has arrived;
 * - `opening`: part of a head or a greeting has arrived;
 * - `idle`: between two requests;
 * - `receiving`: part of a request has arrived;
 * - `busy`: it is being served, and is shed only for a newcomer whose address has fewer
 *   connections.
 */
export type Phase = "silent" | "greeted" | "opening" | "idle" | "receiving" | "busy";

/** Why a connection ended. */
export type CloseReason =
  /** Everything has been said. */
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
  /** The peer read nothing for too long. */
  | "write-stalled"
  /** The peer's write queue was full. */
  | "queue-full"
  /** The peer sent too much although nothing was expected of it. */
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
  /** What happens when more bytes would wait. */
  readonly policy: QueuePolicy;
  /**
   * The write timeout: how long a peer may read nothing while something is being sent, in
   * milliseconds.
   */
  readonly writeStallMs: number;
  /** Small waiting messages are joined into writes of at most this many bytes. */
  readonly joinBytes: number;
}

/** The limits unless the user sets others. */
export const CONNECTION_LIMITS: ConnectionLimits = {
  queueBytes: 1_048_576,
  policy: "disconnect",
  writeStallMs: 10_000,
  joinBytes: 65_536,
};

/** How long a peer may still send after our goodbye, in milliseconds. */
export const LINGER_MS = 1_000;
/**
 * How much a peer may still send after our goodbye, in bytes: an honest peer can have filled the
 * buffers of both systems before it reads the goodbye; one that sends more does not read.
 */
export const LINGER_BYTES_MAX = 4_194_304;
