/**
 * All broadcast ports: each payload is encoded once for each dialect, however many clients listen.
 *
 * @module
 */

import { WakeTimer } from "../../net/wake_timer.ts";
import type { MessageOptions } from "../../net/tcp/write_queue.ts";
import { encodeNulPacket, isBroadcast, KEEPALIVE_PACKET } from "../../wire/hev/nul_packet.ts";
import type { Payload } from "../../wire/hev/payload.ts";
import { BroadcastPort, type BroadcastPortOptions } from "./broadcast_port.ts";
import type { BroadcastAddress, PacketDialect, PacketOptions } from "./options.ts";
import { type SeedContent, SeedStream } from "./seed_stream.ts";
import { inBackground } from "../../net/background.ts";

/** Options of {@linkcode Broadcast.listen}. */
export interface BroadcastOptions extends PacketOptions {
  addresses: readonly BroadcastAddress[];
  content: SeedContent;
  /** Options of each port. */
  port?: Omit<BroadcastPortOptions, "address" | "welcome">;
  /** Milliseconds; monotonic. */
  now: () => number;
}

/**
 * The protocol version whose server sends keep-alives, and after how many milliseconds without a
 * packet.
 */
const KEEPALIVE_VERSION = 0xaa;
const KEEPALIVE_MS = 50;

/** The topic for packets of the seed dialect: a newer packet replaces a waiting one. */
const SEED_MESSAGE: MessageOptions = { topic: "packet" };
const ALARM_MESSAGE: MessageOptions = { mustArrive: true };

/** Sends payloads and alarms to all clients. */
export class Broadcast implements AsyncDisposable {
  readonly ports: readonly BroadcastPort[];
  readonly #content: SeedContent;
  readonly #now: () => number;
  readonly #seed: SeedStream;
  readonly #timer: WakeTimer;
  /** The latest data, which each new client of the NUL dialect gets. */
  #data: Payload | undefined;
  #keepaliveAt = Infinity;

  private constructor(options: BroadcastOptions) {
    const { addresses, content, now, port = {} } = options;
    this.#content = content;
    this.#now = now;
    this.#seed = new SeedStream(content, options);
    this.#timer = new WakeTimer({
      now,
      nextWake: () => Math.min(this.#seed.nextWake() ?? Infinity, this.#keepaliveAt),
      advance: (at) => this.#advance(at),
    });
    const ports: BroadcastPort[] = [];
    this.ports = ports;
    try {
      for (const address of addresses) {
        const welcome = address.dialect === "nul"
          ? () => this.#dataPacket()
          : () => this.#seed.current();
        ports.push(BroadcastPort.listen({ ...port, address, welcome }));
      }
    } catch (error) {
      inBackground(this.close());
      throw error;
    }
  }

  /**
   * Opens all ports.
   *
   * @throws {ListenError} if one of the addresses cannot be listened on; the others are then
   * released.
   * @throws {RangeError} if an option is out of range.
   */
  static listen(options: BroadcastOptions): Broadcast {
    return new Broadcast(options);
  }

  /** Broadcasts a payload, once its values and alarms were merged into the content. */
  show(payload: Payload): void {
    const { type } = payload;
    if (type === "DATA") this.#data = payload;
    if (type === "DATA" || type === "ALARM") {
      this.#changeSeed(type === "DATA" ? "values" : "alarms");
    }
    if (!this.#content.view.ready || !isBroadcast(type)) return;
    if (this.#clientsOf("nul") === 0) return;
    const packet = encodeNulPacket(payload, this.#content.alarms());
    this.#send("nul", packet, type === "ALARM" ? ALARM_MESSAGE : undefined);
  }

  /** Tells clients that alarms have been acknowledged. */
  showAlarms(): void {
    this.#changeSeed("alarms");
    const packet = this.#dataPacket();
    if (packet !== undefined) this.#send("nul", packet, ALARM_MESSAGE);
  }

  /** Ends all connections. Idempotent. */
  async close(): Promise<void> {
    this.#timer.close();
    await Promise.all(this.ports.map((port) => port.close()));
  }

  /** Ends all connections; for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #changeSeed(what: "values" | "alarms"): void {
    const now = this.#now();
    this.#seed.changed(what, now);
    // Usually a packet is due at once, and the timer would only delay it.
    this.#sendSeed(now);
    if (this.#clientsOf("seed") > 0) this.#timer.poke();
  }

  #sendSeed(now: number): void {
    // Without clients, nothing is encoded: a new client gets the current content.
    if (this.#clientsOf("seed") === 0) {
      this.#seed.skip(now);
      return;
    }
    const packet = this.#seed.take(now);
    if (packet !== undefined) this.#send("seed", packet, SEED_MESSAGE);
  }

  #advance(now: number): void {
    this.#sendSeed(now);
    if (now < this.#keepaliveAt) return;
    this.#keepaliveAt = Infinity;
    if (this.#clientsOf("nul") > 0) this.#send("nul", KEEPALIVE_PACKET, undefined);
  }

  #send(dialect: PacketDialect, packet: Uint8Array, options: MessageOptions | undefined): void {
    for (const port of this.ports) if (port.dialect === dialect) port.send(packet, options);
    if (dialect === "nul" && this.#data?.version === KEEPALIVE_VERSION) {
      this.#keepaliveAt = this.#now() + KEEPALIVE_MS;
      this.#timer.poke(this.#keepaliveAt);
    }
  }

  #dataPacket(): Uint8Array | undefined {
    return this.#data && encodeNulPacket(this.#data, this.#content.alarms());
  }

  #clientsOf(dialect: PacketDialect): number {
    let clients = 0;
    for (const port of this.ports) if (port.dialect === dialect) clients += port.clients;
    return clients;
  }
}
