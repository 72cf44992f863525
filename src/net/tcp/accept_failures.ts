/**
 * How a server reacts when a connection cannot be accepted.
 *
 * @module
 */

import { errnoNameOf } from "../libc/errno.ts";
import { sleep } from "../sleep.ts";

/** How a port reacts to failures. */
export interface AcceptFailureHandlers {
  /** The system is out of descriptors or memory: a connection must be closed. */
  readonly onShortage: () => void;
  /** An unforeseen error; each kind is reported once a minute. */
  readonly onUnforeseen: (error: unknown) => void;
}

/** The system has no descriptors or memory for another connection. */
const SHORTAGE: ReadonlySet<string> = new Set(["EMFILE", "ENFILE", "ENOBUFS", "ENOMEM"]);

/**
 * The peer, or the route to it, was gone before the connection was accepted. Linux reports errors
 * that are pending on a new socket from `accept` and when asked for its addresses (accept(2),
 * "Error handling").
 */
const PEER_GAVE_UP: ReadonlySet<string> = new Set([
  ...["ENOTCONN", "ECONNABORTED", "ECONNRESET", "ECONNREFUSED", "EPIPE", "EPROTO", "ETIMEDOUT"],
  ...["ENETDOWN", "ENETUNREACH", "EHOSTDOWN", "EHOSTUNREACH", "ENONET", "ENOPROTOOPT"],
  ...["EOPNOTSUPP", "EINVAL", "EINTR", "EAGAIN", "EPERM"],
]);

/** The first pause after a shortage, in milliseconds; doubled each time. */
const SHORTAGE_PAUSE_MS = 10;
/** The longest pause in accepting connections after a shortage of descriptors, in milliseconds. */
const SHORTAGE_PAUSE_MS_MAX = 500;
/**
 * Unforeseen errors in a row before a pause, and the pause in milliseconds. So a permanent error
 * costs little processor time, and an error that a peer can provoke delays others no longer than
 * that.
 */
const UNFORESEEN_IN_A_ROW_MAX = 50;
const UNFORESEEN_PAUSE_MS = 10;
/** How long the same error is not reported again, in milliseconds. */
const UNFORESEEN_TOLD_MS = 60_000;
/** The most kinds of errors that are told apart. */
const UNFORESEEN_KINDS_MAX = 100;

/**
 * Classifies the failures of one port. Only a shortage slows accepting down; peers that left early
 * are merely counted, however many they are.
 */
export class AcceptFailures implements Disposable {
  readonly #handlers: AcceptFailureHandlers;
  readonly #toldAt = new Map<string, number>();
  readonly #ending = new AbortController();
  #abandoned = 0;
  #failed = 0;
  #pauseMs = SHORTAGE_PAUSE_MS;
  #unforeseenInARow = 0;

  /** @param handlers How the port reacts. */
  constructor(handlers: AcceptFailureHandlers) {
    this.#handlers = handlers;
  }

  /** Connections whose peer had left before they were accepted. */
  get abandoned(): number {
    return this.#abandoned;
  }

  /** Other failures: shortages and unforeseen errors. */
  get failed(): number {
    return this.#failed;
  }

  /** A connection was accepted. */
  onAccepted(): void {
    this.#pauseMs = SHORTAGE_PAUSE_MS;
    this.#unforeseenInARow = 0;
  }

  /** A peer had left by the time its connection was looked at. */
  onAbandoned(): void {
    this.#abandoned++;
  }

  /**
   * Records that accepting failed.
   *
   * @return When to go on; undefined for at once.
   */
  onFailure(error: unknown): Promise<void> | undefined {
    const name = errnoNameOf(error);
    if (PEER_GAVE_UP.has(name)) {
      this.onAbandoned();
      return undefined;
    }
    this.#failed++;
    if (SHORTAGE.has(name)) {
      this.#handlers.onShortage();
      const pauseMs = this.#pauseMs;
      this.#pauseMs = Math.min(pauseMs * 2, SHORTAGE_PAUSE_MS_MAX);
      return sleep(pauseMs, this.#ending.signal);
    }
    this.#tell(error);
    if (++this.#unforeseenInARow < UNFORESEEN_IN_A_ROW_MAX) return undefined;
    this.#unforeseenInARow = 0;
    return sleep(UNFORESEEN_PAUSE_MS, this.#ending.signal);
  }

  /** Ends all pauses. */
  close(): void {
    this.#ending.abort();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #tell(error: unknown): void {
    const now = performance.now();
    const kind = String(error);
    const toldAt = this.#toldAt.get(kind);
    if (toldAt !== undefined && now - toldAt < UNFORESEEN_TOLD_MS) return;
    if (this.#toldAt.size >= UNFORESEEN_KINDS_MAX) this.#toldAt.clear();
    this.#toldAt.set(kind, now);
    this.#handlers.onUnforeseen(error);
  }
}
