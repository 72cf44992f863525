/**
 * Games that beat, and leave without a word.
 *
 * @module
 */

import { GameClient } from "../../src/clients/game/client.ts";
import { about, type Crowd, type Judge, pause, sampleOf, type Scene } from "./crowd.ts";

const TIMEOUT_MS = 5_000;
/** Bombs of games that left just before a life began go off in it. */
const FUSES = 2;

/** A game at a place: one player after the other. */
interface Seat {
  readonly id: string;
  client: GameClient | undefined;
}

/** All games. */
export class Players implements Crowd {
  readonly #scene: Scene;
  readonly #seats: readonly Seat[];
  readonly #running: Promise<unknown>;
  /** Heartbeats of games that left, less what was before this life. */
  #accepted = 0;
  #acceptedBefore = 0;
  /** Heartbeats that failed on this side and may have been counted on the other. */
  #uncertain = 0;
  /** When games left, in milliseconds of monotonic time; those of the last two fuses count. */
  #leftAt: number[] = [];
  #departures = 0;
  #beganAt = performance.now();

  /** @param count Half of them speak ZeroMQ over WebSocket, the others over TCP. */
  constructor(count: number, scene: Scene) {
    this.#scene = scene;
    this.#seats = Array.from({ length: count }, (_, index) => ({
      id: `headset-${index + 1}`,
      client: undefined,
    }));
    this.#running = Promise.all(
      this.#seats.map((seat, index) => this.#play(seat, index % 2 === 0)),
    );
  }

  begin(): void {
    const accepted = this.#total();
    this.#acceptedBefore += accepted;
    this.#accepted -= accepted;
    this.#uncertain = 0;
    this.#beganAt = performance.now();
    const from = this.#beganAt - FUSES * this.#scene.pace.timebombMs;
    this.#leftAt = this.#leftAt.filter((at) => at >= from);
  }

  look(): Judge {
    const accepted = this.#total();
    // Each may have one under way.
    const most = accepted + this.#uncertain + this.#seats.length;
    const left = this.#leftAt.length;
    const ok = 'mlf_heartbeats_total{result="ok"}';
    return (before, after) => [
      { law: "games: accepted <= counted", value: sampleOf(after, ok), atLeast: accepted },
      { law: "games: counted <= sent", value: sampleOf(before, ok), atMost: most },
      {
        law: "games: no bomb under those who beat",
        value: sampleOf(before, "mlf_timebombs_total"),
        atMost: left,
      },
    ];
  }

  figures(): Readonly<Record<string, number>> {
    return {
      "heartbeats of games accepted": this.#acceptedBefore + this.#total(),
      "games that left": this.#departures,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#running;
  }

  #total(): number {
    return this.#seats.reduce((sum, { client }) => sum + (client?.heartbeats ?? 0), this.#accepted);
  }

  async #play(seat: Seat, isWeb: boolean): Promise<void> {
    const { places, pace, random, signal } = this.#scene;
    await pause(pace.beatMs * random(), signal);
    const tcp = {
      publisherUrl: `tcp://127.0.0.1:${places.publisher}`,
      subscriberUrl: `tcp://127.0.0.1:${places.subscriber}`,
    };
    while (!signal.aborted) {
      const client = new GameClient({
        url: `http://127.0.0.1:${places.state}`,
        id: seat.id,
        intervalMs: pace.beatMs,
        timeoutMs: TIMEOUT_MS,
        ownCalibration: {},
        ...(isWeb ? {} : tcp),
        onStatus: ({ type }) => {
          if (type !== "up") this.#uncertain++;
        },
      });
      seat.client = client;
      await pause(4 * about(pace.actMs, random), signal);
      // Its last heartbeat may be answered to nobody.
      this.#uncertain++;
      await client.close();
      seat.client = undefined;
      this.#accepted += client.heartbeats;
      this.#leftAt.push(performance.now());
      this.#departures++;
      await pause(pace.timebombMs * (0.5 + 2 * random()), signal);
    }
  }
}
