/**
 * A phone on a real socket, with every wait bounded.
 *
 * @module
 */

import { TriggerRole, type TriggerRoleOptions } from "../../../src/roles/trigger/role.ts";
import { within } from "../../support/tcp.ts";

/** A ping as it arrived. */
export interface Ping {
  /** Monotonic milliseconds. */
  at: number;
  bytes: number[];
  hostname: string;
  port: number;
}

/** A socket that registers and hears pings. */
export class Phone implements Disposable {
  readonly #conn: Deno.DatagramConn;
  readonly heard: Ping[] = [];
  #onPing: (() => void) | undefined;
  #isClosed = false;

  private constructor(conn: Deno.DatagramConn) {
    this.#conn = conn;
    void this.#read();
  }

  static open(hostname = "127.0.0.1", port = 0): Phone {
    return new Phone(Deno.listenDatagram({ transport: "udp", hostname, port }));
  }

  get port(): number {
    return (this.#conn.addr as Deno.NetAddr).port;
  }

  /** Sends a datagram to a service. */
  async say(port: number, bytes: Uint8Array = Uint8Array.of(0, 0), hostname = "127.0.0.1") {
    await this.#conn.send(bytes, { transport: "udp", hostname, port });
  }

  /** Waits until so many pings have been heard in all. */
  async hears(count: number, ms?: number): Promise<Ping[]> {
    await within(this.#wait(count), `${count} pings, heard ${this.heard.length}`, ms);
    return this.heard.slice(0, count);
  }

  async #wait(count: number): Promise<void> {
    while (this.heard.length < count) await new Promise<void>((done) => this.#onPing = done);
  }

  async #read(): Promise<void> {
    const buffer = new Uint8Array(64);
    while (!this.#isClosed) {
      try {
        const [data, from] = await this.#conn.receive(buffer);
        const { hostname, port } = from as Deno.NetAddr;
        this.heard.push({ at: performance.now(), bytes: [...data], hostname, port });
        this.#onPing?.();
      } catch {
        // Closed; the loop ends.
      }
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#conn.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** Starts a role on a free port of loopback. */
export function startRole(options: TriggerRoleOptions = {}): { role: TriggerRole; port: number } {
  const role = TriggerRole.start({ addresses: [{ hostname: "127.0.0.1", port: 0 }], ...options });
  return { role, port: portOf(role) };
}

/** The port of a role. */
export function portOf(role: TriggerRole): number {
  return Number(role.addresses[0]?.split(":").pop());
}

/** Intervals between pings in milliseconds. */
export function intervalsOf(pings: readonly Ping[]): number[] {
  return pings.slice(1).map((ping, index) => ping.at - (pings[index]?.at ?? NaN));
}
