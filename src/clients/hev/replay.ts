/**
 * Plays a capture to all clients that connect, byte for byte.
 *
 * @module
 */

import { hostAndPort, type Peer } from "../../net/address.ts";
import type { Connection } from "../../net/tcp/connection.ts";
import { WakeTimer } from "../../net/wake_timer.ts";
import { TcpServer } from "../../net/tcp/server.ts";
import type { Capture } from "../../wire/hev/capture.ts";

/** Options of {@linkcode HevReplay}. */
export interface HevReplayOptions {
  capture: Capture;
  /** Where to listen; port 0 picks one. */
  address: Peer;
  /** Speed of the replay, in seconds of the capture per second, more than 0; 1. */
  speed?: number;
  /** Whether to start over after the last packet; `endless` if not given. */
  repeat?: "endless" | "once";
  /** When to start: at once, or with the first client. */
  begin?: "at-once" | "first-client";
}

/** Time from the last packet to the first packet of the next pass, in milliseconds. */
const PASS_GAP_MS = 1_000;
/** Bytes that wait for one slow client of a replay. */
const QUEUE_BYTES_MAX = 1_048_576;

/** A broadcast port that plays a capture. */
export class HevReplay implements AsyncDisposable {
  /** Resolves when the last packet of a capture that is played once has been sent. */
  readonly finished: Promise<void>;
  readonly #packets: readonly { readonly atMs: number; readonly bytes: Uint8Array }[];
  readonly #speed: number;
  readonly #repeat: "endless" | "once";
  readonly #server: TcpServer;
  readonly #timer: WakeTimer;
  readonly #clients = new Set<Connection>();
  readonly #onFinished: () => void;
  #origin: number | undefined;
  #index = 0;

  /**
   * @throws {ListenError} if the address cannot be listened on.
   * @throws {RangeError} if the capture is empty or the speed out of range.
   */
  constructor(options: HevReplayOptions) {
    const { capture, address, speed = 1, repeat = "endless", begin = "at-once" } = options;
    if (!(speed > 0 && speed < Infinity)) {
      throw new RangeError(`Cannot replay: speed is ${speed}, must be > 0 and finite`);
    }
    if (capture.packets.length === 0) throw new RangeError("Cannot replay: the capture is empty");
    const encoder = new TextEncoder();
    const end = capture.dialect === "nul" ? "\0" : "";
    this.#packets = capture.packets.map(({ atMs, text }) => ({
      atMs,
      bytes: encoder.encode(text + end),
    }));
    this.#speed = speed;
    this.#repeat = repeat;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.finished = promise;
    this.#onFinished = resolve;
    this.#timer = new WakeTimer({
      now: () => performance.now(),
      nextWake: () => this.#nextWake(),
      advance: (now) => this.#advance(now),
    });
    this.#server = TcpServer.listen({
      addresses: [address],
      serve: (connection) => this.#serve(connection),
      limits: { drainMs: 0 },
      connectionLimits: { queueBytes: QUEUE_BYTES_MAX, policy: "disconnect" },
    });
    if (begin === "at-once") this.#begin();
  }

  /** Where it listens. */
  get address(): Peer {
    const [address] = this.#server.addresses;
    return address ?? { hostname: "", port: 0 };
  }

  /** The same as a URL, such as `tcp://127.0.0.1:54320`. */
  get url(): string {
    return `tcp://${hostAndPort(this.address)}`;
  }

  /** Closes the port once clients have what was sent. Idempotent. */
  async close(): Promise<void> {
    this.#timer.close();
    for (const client of this.#clients) client.end();
    await this.#server.close();
    this.#onFinished();
  }

  /** Ends the port; for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #serve(connection: Connection): Promise<void> {
    connection.enter("busy", Infinity);
    this.#clients.add(connection);
    this.#begin();
    await connection.ignore();
    this.#clients.delete(connection);
    connection.close("peer");
  }

  #begin(): void {
    if (this.#origin !== undefined) return;
    this.#origin = performance.now();
    this.#timer.poke();
  }

  #nextWake(): number | undefined {
    const packet = this.#packets[this.#index];
    if (packet === undefined || this.#origin === undefined) return undefined;
    return this.#origin + packet.atMs / this.#speed;
  }

  #advance(now: number): void {
    for (let wake = this.#nextWake(); wake !== undefined && wake <= now; wake = this.#nextWake()) {
      const bytes = this.#packets[this.#index++]?.bytes;
      if (bytes !== undefined) { for (const client of this.#clients) client.send(bytes); }
      if (this.#index < this.#packets.length) continue;
      if (this.#repeat === "once") this.#onFinished();
      else {
        this.#index = 0;
        this.#origin = wake + PASS_GAP_MS / this.#speed;
      }
    }
  }
}
