/**
 * What a connection agrees on with those around it.
 *
 * @module
 */

import type { CloseReason, Phase } from "./connection_limits.ts";
import type { Deadlines } from "./deadlines.ts";
import type { Turns } from "./turns.ts";

/**
 * The owner of connections, which keeps track of them.
 *
 * @typeParam Connection What it keeps; named so because a connection knows its owner.
 */
export interface ConnectionOwner<Connection> {
  /** Watches the deadlines. */
  readonly deadlines: Deadlines;
  /**
   * Lets other connections go first; without it, they wait longer while one peer sends at full
   * speed.
   */
  readonly turns?: Turns;
  /** Called when a connection has entered another phase. */
  onPhase?(connection: Connection, from: Phase): void;
  /** Called once, when a connection has ended. */
  onClose?(connection: Connection, reason: CloseReason): void;
}

/** Whoever takes what was received. */
export interface Receiver {
  /**
   * Called once for each `Connection.receive`. Must not throw.
   *
   * @param count As `Connection.read` resolves.
   */
  onReceived(count: number | null): void;
}

/** What became of a message: `sent` means handed over, not arrived. */
export type SendResult = "sent" | "dropped" | "closed";
