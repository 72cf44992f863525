/**
 * Requests to read settings again, which may come before the host can.
 *
 * @module
 */

import { inBackground } from "../../net/background.ts";

/** Reads settings again, one time after the other. A request that comes during the start waits for its end. */
export class Reloads {
  #read: (() => Promise<void>) | undefined;
  #isDue = false;
  #reading = Promise.resolve();

  /** Somebody wants the settings to be read again. */
  request(): void {
    const read = this.#read;
    this.#isDue = read === undefined;
    if (read !== undefined) this.#reading = inBackground(this.#reading.then(read));
  }

  /** From now on settings can be read: what was requested before is done at once. */
  begin(read: () => Promise<void>): void {
    this.#read = read;
    if (this.#isDue) this.request();
  }
}
