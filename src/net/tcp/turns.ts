/**
 * Lets the peers of a server take turns.
 *
 * @module
 */

import { nextTurn } from "./turn_end.ts";

/**
 * Lets other connections go first. Code with much work for one peer awaits it now and then.
 *
 * The next turn of the event loop would not do: while it has work to do at once, the runtime asks
 * the system for arrivals only every 61st turn, so that one peer at full speed kept all others
 * waiting for 12 ms and more. The runtime always asks when it has to wait for the system. So we
 * send a byte to ourselves and wait for it: everything else that has arrived comes with it. That
 * takes some 10 µs, where a timer would take a millisecond or two.
 */
export class Turns implements Disposable {
  #isClosed = false;

  /** Resolves when everything that has arrived for other connections has been handled. */
  othersFirst(): Promise<void> {
    return this.#isClosed ? nextTurn() : DOORBELL.ring(this);
  }

  /** Gives back what waiting needs. Who still waits goes on within the turn. */
  close(): void {
    this.#isClosed = true;
    DOORBELL.leave(this);
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/**
 * The doorbell of the process: all servers share it, because it costs two descriptors. It is made
 * when a server first needs it, and unmade when all of those that needed it are closed.
 */
class SharedDoorbell {
  readonly #users = new Set<Turns>();
  #doorbell: Promise<Doorbell> | undefined;
  #ringing: Promise<void> | undefined;

  /** Whoever comes while it rings waits for the same ring. */
  ring(user: Turns): Promise<void> {
    this.#users.add(user);
    return this.#ringing ??= this.#ring();
  }

  leave(user: Turns): void {
    if (this.#users.delete(user) && this.#users.size === 0) this.#unmake();
  }

  async #ring(): Promise<void> {
    try {
      const doorbell = await (this.#doorbell ??= Doorbell.open());
      await doorbell.ring();
    } catch {
      // Closed meanwhile, or out of descriptors: one turn of the event loop must do.
      this.#unmake();
      await nextTurn();
    } finally {
      this.#ringing = undefined;
    }
  }

  #unmake(): void {
    this.#doorbell?.then((doorbell) => doorbell.close(), () => {});
    this.#doorbell = undefined;
  }
}

const DOORBELL = new SharedDoorbell();

/** Two ends of a connection to ourselves. */
class Doorbell {
  readonly #near: Deno.TcpConn;
  readonly #far: Deno.TcpConn;
  readonly #byte = new Uint8Array(1);
  /** Longer than any incoming message, so that the runtime knows that it has read everything. */
  readonly #heard = new Uint8Array(16);
  #isClosed = false;

  private constructor(near: Deno.TcpConn, far: Deno.TcpConn) {
    this.#near = near;
    this.#far = far;
    near.setNoDelay(true);
  }

  static async open(): Promise<Doorbell> {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = listener.addr as Deno.NetAddr;
    const near = await Deno.connect({ hostname: "127.0.0.1", port });
    const far = await listener.accept();
    const isOurs = (far.remoteAddr as Deno.NetAddr).port === (near.localAddr as Deno.NetAddr).port;
    if (isOurs) return new Doorbell(near, far);
    near.close();
    far.close();
    throw new Error("Cannot share turns: another program was faster");
  }

  async ring(): Promise<void> {
    // If the system ends the connection, both fail.
    await Promise.all([this.#far.read(this.#heard), this.#near.write(this.#byte)]);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#near.close();
    this.#far.close();
  }
}
