/**
 * When the connections of a server receive.
 *
 * @module
 */

/**
 * Lets all connections that became ready together answer first and receive then. Meanwhile the next
 * request has often come, and receiving it does not have to wait for the system to say so.
 */
export class ReceiveTurn {
  #waiting: (() => void)[] = [];
  #spare: (() => void)[] = [];

  /** @param receive Called when the events that are ready now have been dealt with; must not throw. */
  add(receive: () => void): void {
    if (this.#waiting.push(receive) === 1) queueMicrotask(this.#onTurn);
  }

  readonly #onTurn = (): void => {
    const ready = this.#waiting;
    this.#waiting = this.#spare;
    for (const receive of ready) receive();
    ready.length = 0;
    this.#spare = ready;
  };
}
