/**
 * Simulated headsets for the demonstration.
 *
 * @module
 */

import { GameClient } from "../../../clients/game/client.ts";
import { parseGameUrl } from "../../../clients/game/http.ts";
import { hostAndPort, reachableHost } from "../../../wire/url/place.ts";

/** The studio of the original had so many. */
const HEADSETS = 6;

/** Lets a few game clients live until it is disposed of. */
export class GameDemo implements AsyncDisposable {
  readonly #clients: readonly GameClient[];

  /** @param url URL of the game server, `http://0.0.0.0:6969`. */
  constructor(url: string) {
    const { hostname, port, tls } = parseGameUrl(url);
    const place = hostAndPort({ hostname: reachableHost(hostname), port });
    this.#clients = Array.from({ length: HEADSETS }, (_, index) =>
      new GameClient({
        url: `${tls === undefined ? "http" : "https"}://${place}`,
        id: `hmd_${String(index + 1).padStart(2, "0")}`,
        // The last client waits for its calibration, so that not all look the same.
        ...(index < HEADSETS - 1 ? { ownCalibration: {} } : {}),
      }));
  }

  /** Ends all of them. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.close()));
  }
}
