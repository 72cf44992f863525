/**
 * Phones that are to be woken each second, and what they may expect.
 *
 * @module
 */

import type { Part } from "./part.ts";
import type { Random } from "./random.ts";
import type { VirtualDatagramSocket } from "./virtual_datagrams.ts";
import type { VirtualNetwork } from "./virtual_network.ts";
import type { VirtualTime } from "./virtual_time.ts";

/** What wakes a phone. */
const PING = [0x75, 0x61];
/** How often a phone registers, in milliseconds. */
const REGISTER_MS = 5_000;
/** How long a registration lasts, in milliseconds: what the host is told. */
export const EXPIRATION_MS = 20_000;
/** The first ping, and the distance of two, take at most this long, in milliseconds. */
const PING_MS_MAX = 1_100;
/** No two pings are closer than this, in milliseconds, however long the host stood still. */
const PING_MS_MIN = 500;
const PHONES_MAX = 5;

interface Phone {
  readonly socket: VirtualDatagramSocket;
  nextAt: number;
  /** When it registered first since it was silent, and last. */
  registeredAt: number;
  heardAt: number;
  /** When its last ping came. */
  pingedAt: number | undefined;
  /** Time in which no ping could come because the host stood still. */
  excusedMs: number;
  /** How long the host stood still since the phone registered last: it lengthens the registration. */
  stoodMs: number;
}

/** Phones of the trigger role. */
export class Phones implements Part {
  readonly #network: VirtualNetwork;
  readonly #time: VirtualTime;
  readonly #port: number;
  readonly #phones: Phone[] = [];

  constructor(network: VirtualNetwork, time: VirtualTime, port: number) {
    this.#network = network;
    this.#time = time;
    this.#port = port;
  }

  nextAt(): number {
    return Math.min(Infinity, ...this.#phones.map(({ nextAt }) => nextAt));
  }

  async act(): Promise<void> {
    const phone = this.#phones.find(({ nextAt }) => nextAt <= this.#time.now);
    if (phone !== undefined) await this.#register(phone);
  }

  async step(random: Random): Promise<void> {
    const phone = this.#phones.length === 0 ? undefined : random.pick(this.#phones);
    if (phone !== undefined && random.chance(0.4)) {
      phone.nextAt = Infinity;
      return;
    }
    if (phone !== undefined && random.chance(0.2)) {
      // Not the protocol's length: it registers nobody, and harms nobody.
      await phone.socket.send(random.bytes(random.pick([0, 1, 3, 1_400])), this.#server);
      return;
    }
    if (this.#phones.length >= PHONES_MAX) return;
    const now = this.#time.now;
    const socket = this.#network.bind({ hostname: `10.1.0.${this.#phones.length + 1}`, port: 0 });
    const fresh: Phone = {
      socket,
      nextAt: now,
      registeredAt: now,
      heardAt: -Infinity,
      pingedAt: undefined,
      excusedMs: 0,
      stoodMs: 0,
    };
    this.#phones.push(fresh);
    await this.#register(fresh);
  }

  listen(): void {
    for (const phone of this.#phones) {
      for (const [bytes, , at] of phone.socket.takeReceived()) this.#take(phone, bytes, at);
    }
  }

  stand(ms: number): void {
    this.listen();
    for (const phone of this.#phones) {
      phone.excusedMs += ms;
      phone.stoodMs += ms;
    }
  }

  restarted(): void {
    const now = this.#time.now;
    for (const phone of this.#phones) {
      phone.socket.takeReceived();
      phone.heardAt = -Infinity;
      phone.pingedAt = undefined;
      phone.excusedMs = 0;
      if (phone.nextAt < now) phone.nextAt = now;
    }
  }

  check(): Promise<void> {
    this.listen();
    const now = this.#time.now;
    for (const phone of this.#phones) {
      if (now - phone.heardAt > EXPIRATION_MS - 1_000) continue;
      const since = Math.max(phone.pingedAt ?? 0, phone.registeredAt);
      // Turns that were missed are skipped, and the next one keeps to the grid.
      const isExcused = phone.excusedMs > 0;
      const waitedMs = now - since - phone.excusedMs;
      if (waitedMs > PING_MS_MAX + (isExcused ? 1_000 : 0)) {
        throw new Error(`A registered phone got no ping for ${waitedMs} ms`);
      }
    }
    return Promise.resolve();
  }

  get #server(): Deno.NetAddr {
    return { transport: "udp", hostname: "127.0.0.1", port: this.#port };
  }

  async #register(phone: Phone): Promise<void> {
    const now = this.#time.now;
    phone.nextAt = now + REGISTER_MS;
    if (now - phone.heardAt > EXPIRATION_MS - 1_000) phone.registeredAt = now;
    phone.heardAt = now;
    phone.stoodMs = 0;
    await phone.socket.send(Uint8Array.of(0, 0), this.#server);
    await this.#time.settle();
  }

  #take(phone: Phone, bytes: Uint8Array, at: number): void {
    if (bytes.length !== 2 || bytes[0] !== PING[0] || bytes[1] !== PING[1]) {
      throw new Error(`A phone got ${bytes} instead of a ping`);
    }
    if (at - phone.heardAt > EXPIRATION_MS + PING_MS_MAX + phone.stoodMs) {
      throw new Error(`A phone is woken ${at - phone.heardAt} ms after it registered`);
    }
    if (phone.pingedAt !== undefined && at - phone.pingedAt < PING_MS_MIN) {
      throw new Error(`Two pings came within ${at - phone.pingedAt} ms`);
    }
    phone.pingedAt = at;
    phone.excusedMs = 0;
  }
}
