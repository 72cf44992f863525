/**
 * Sockets for datagrams in memory that behave as Deno's do.
 *
 * @module
 */

import type { Ordeal } from "./ordeal.ts";
import type { Place } from "./virtual_conn.ts";

/** What carries datagrams. */
export interface DatagramNetwork {
  /** Brings a datagram to whoever has bound its port. */
  deliver(bytes: Uint8Array, from: Deno.NetAddr, to: Place): void;
  /** Forgets a socket that was closed. */
  drop(socket: VirtualDatagramSocket): void;
}

/** A socket for datagrams. */
export class VirtualDatagramSocket {
  readonly addr: Deno.NetAddr;
  readonly #network: DatagramNetwork;
  readonly #received: [bytes: Uint8Array, from: Deno.NetAddr, at: number][] = [];
  #receiving: PromiseWithResolvers<void> | undefined;
  #isClosed = false;
  /** What may go wrong with it; undefined with a peer's. */
  ordeal: Ordeal | undefined;

  constructor(place: Place, network: DatagramNetwork) {
    this.addr = { transport: "udp", ...place };
    this.#network = network;
  }

  async receive(buffer: Uint8Array): Promise<[Uint8Array, Deno.NetAddr]> {
    for (;;) {
      if (this.#isClosed) throw new Deno.errors.BadResource("Bad resource ID");
      const next = this.#received.shift();
      if (next !== undefined) {
        const count = Math.min(next[0].length, buffer.length);
        buffer.set(next[0].subarray(0, count));
        return [buffer.subarray(0, count), next[1]];
      }
      this.#receiving ??= Promise.withResolvers();
      await this.#receiving.promise;
    }
  }

  send(bytes: Uint8Array, to: Deno.Addr): Promise<number> {
    if (this.ordeal?.strikes("send")) {
      const error = new Error("Network is unreachable (os error 101)");
      return Promise.reject(Object.assign(error, { code: "ENETUNREACH" }));
    }
    if (this.#isClosed) return Promise.reject(new Deno.errors.BadResource("Bad resource ID"));
    this.#network.deliver(bytes.slice(), this.addr, to as Deno.NetAddr);
    return Promise.resolve(bytes.length);
  }

  /** What was received and waits, with who sent it and when it came. */
  takeReceived(): [bytes: Uint8Array, from: Deno.NetAddr, at: number][] {
    return this.#received.splice(0);
  }

  arrive(bytes: Uint8Array, from: Deno.NetAddr, at: number): void {
    this.#received.push([bytes, from, at]);
    this.#receiving?.resolve();
    this.#receiving = undefined;
  }

  close(): void {
    this.#isClosed = true;
    this.#receiving?.resolve();
    this.#network.drop(this);
  }

  [Symbol.dispose](): void {
    if (!this.#isClosed) this.close();
  }
}
