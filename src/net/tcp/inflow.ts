/**
 * The bytes that one peer sends, a limited share in each turn.
 *
 * @module
 */

import type { NetConn } from "./net_conn.ts";
import { inBackground } from "../background.ts";

/**
 * The most bytes of one connection that are received in one turn of the event loop. A socket that
 * always has bytes completes each read at once, without a turn in between, so a peer at full speed
 * would keep all others waiting.
 */
export const TURN_BYTES_MAX = 32_768;

/** The receiver of the bytes. */
export interface Receiver {
  /**
   * Called once for each `Connection.receive`. Must not throw.
   *
   * @param count The number that `Connection.read` would resolve with.
   */
  onReceived(count: number | null): void;
}

const NOWHERE = new Uint8Array(0);

/**
 * Receives bytes. A peer that sends more than its share waits until the others have had their turn.
 */
export class Inflow {
  readonly #conn: Pick<NetConn, "read">;
  readonly #onBroken: () => void;
  readonly #othersFirst: () => Promise<void>;
  #receiver: Receiver | undefined;
  #buffer: Uint8Array = NOWHERE;
  #receivedBytes = 0;
  /** Bytes since the connection last let the others go first. */
  #turnBytes = 0;

  /**
   * @param conn Where the bytes come from.
   * @param onBroken Called when the connection is found broken or closed, before the receiver is
   * told.
   * @param othersFirst Resolves when the others have had their turn.
   */
  constructor(
    conn: Pick<NetConn, "read">,
    onBroken: () => void,
    othersFirst: () => Promise<void>,
  ) {
    this.#conn = conn;
    this.#onBroken = onBroken;
    this.#othersFirst = othersFirst;
  }

  /** Bytes received so far. */
  get receivedBytes(): number {
    return this.#receivedBytes;
  }

  /** Receives what has arrived, and passes it to the receiver. */
  receive(buffer: Uint8Array, receiver: Receiver): void {
    this.#buffer = buffer;
    this.#receiver = receiver;
    if (this.#turnBytes < TURN_BYTES_MAX) return this.#read();
    this.#turnBytes = 0;
    inBackground(this.#othersFirst().then(this.#read));
  }

  readonly #read = (): void => {
    this.#conn.read(this.#buffer).then(this.#onRead, this.#onReadFailed);
  };

  readonly #onRead = (count: number | null): void => {
    if (count !== null) {
      this.#receivedBytes += count;
      this.#turnBytes += count;
    }
    this.#receiver?.onReceived(count);
  };

  /** The peer reset the connection or we closed it: either way, there is nothing to receive. */
  readonly #onReadFailed = (): void => {
    this.#onBroken();
    this.#receiver?.onReceived(null);
  };
}
