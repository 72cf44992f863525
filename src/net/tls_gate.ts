/**
 * A listener for TLS whose connections can be ended whatever the peer does.
 *
 * The runtime's own TLS connections keep their descriptor after a close until the peer has finished
 * the handshake; one that never does would cost a descriptor for ever. So TLS ends at a socket pair of
 * our own: the peer's connection is a plain one, which can be ended at any time.
 *
 * @module
 */

import type { Peer } from "./address.ts";
import type { TlsIdentity } from "./tls_identity.ts";

/** What a connection needs of the system, plain or through a gate. */
export interface NetConn {
  readonly localAddr: Deno.NetAddr;
  readonly remoteAddr: Deno.NetAddr;
  read(buffer: Uint8Array): Promise<number | null>;
  write(bytes: Uint8Array): Promise<number>;
  closeWrite(): Promise<void>;
  close(): void;
  setNoDelay?(noDelay?: boolean): void;
}

/** What a server needs of a listener. */
export interface NetListener {
  readonly addr: Deno.NetAddr;
  accept(): Promise<NetConn>;
  close(): void;
}

/** Bytes that are on their way in one direction of one connection. */
const PIPE_BYTES = 16_384;
/** Closed connections of one port whose last bytes are on their way; beyond it the oldest is cut. */
const LINGERING_MAX = 64;
/** How long the peer of a closed connection may take none of its last bytes, in milliseconds. */
export const LAST_BYTES_MS = 1_000;
/** Strangers that connect to the inner port in a row before the peer has to try again. */
const STRANGERS_MAX = 100;

/** Accepts connections of peers that speak TLS. */
export class TlsGate implements NetListener {
  readonly #outer: Deno.TcpListener;
  readonly #identity: TlsIdentity;
  readonly #watch: Disposable;
  readonly #lingering = new Lingering();
  #inner: Deno.TlsListener;
  /** Peers are led through the inner port one after the other, so that it is known who is who. */
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(outer: Deno.TcpListener, identity: TlsIdentity) {
    this.#outer = outer;
    this.#identity = identity;
    this.#inner = listenInside(identity);
    this.#watch = identity.onReplace(() => this.#showOther());
  }

  /** Listens on an address. Throws what `Deno.listen` throws. */
  static listen(address: Peer, identity: TlsIdentity): TlsGate {
    return new TlsGate(Deno.listen({ ...address, transport: "tcp" }), identity);
  }

  /** Where peers connect to. */
  get addr(): Deno.NetAddr {
    return this.#outer.addr as Deno.NetAddr;
  }

  /** The next peer. It may not have said anything yet. */
  async accept(): Promise<NetConn> {
    const outer = await this.#outer.accept();
    const led = this.#turn.then(() => this.#lead());
    this.#turn = led.catch(() => {});
    const open: Deno.Conn[] = [outer];
    try {
      const [near, far] = await led;
      open.push(near, far);
      // A peer that has gone already has no address any more.
      return new GatedConn(outer, near, far, this.#lingering);
    } catch (error) {
      for (const conn of open) closeQuietly(conn);
      throw error;
    }
  }

  /** Ends the listening; connections go on. */
  close(): void {
    this.#watch[Symbol.dispose]();
    this.#outer.close();
    this.#inner.close();
  }

  /** A socket pair: our plain end, and the end that speaks TLS. */
  async #lead(): Promise<[near: Deno.TcpConn, far: Deno.TlsConn]> {
    const inner = this.#inner;
    const { hostname, port } = inner.addr as Deno.NetAddr;
    const near = await Deno.connect({ hostname, port });
    try {
      for (let strangers = 0; strangers < STRANGERS_MAX; strangers++) {
        const far = await inner.accept();
        // Everybody on this machine can reach the inner port; only our own end gets through.
        if (far.remoteAddr.port === near.localAddr.port) return [near, far];
        far.close();
      }
      throw new Error("Cannot lead a peer through: others keep the inner port busy");
    } catch (error) {
      near.close();
      throw error;
    }
  }

  #showOther(): void {
    const former = this.#inner;
    this.#inner = listenInside(this.#identity);
    // Whoever is being led through it right now goes first.
    void this.#turn.then(() => former.close());
  }
}

function listenInside({ pem }: TlsIdentity): Deno.TlsListener {
  return Deno.listenTls({
    hostname: "127.0.0.1",
    port: 0,
    ...pem,
    alpnProtocols: ["http/1.1"],
  });
}

/** Connections that are closed and whose last bytes are on their way; the oldest makes room. */
class Lingering {
  readonly #conns = new Set<GatedConn>();

  add(conn: GatedConn): void {
    this.#conns.add(conn);
    if (this.#conns.size <= LINGERING_MAX) return;
    const [oldest] = this.#conns;
    oldest?.sever();
  }

  delete(conn: GatedConn): void {
    this.#conns.delete(conn);
  }
}

/** A peer behind TLS. */
class GatedConn implements NetConn {
  readonly localAddr: Deno.NetAddr;
  readonly remoteAddr: Deno.NetAddr;
  readonly #outer: Deno.TcpConn;
  readonly #near: Deno.TcpConn;
  readonly #far: Deno.TlsConn;
  readonly #lingering: Lingering;
  #isClosed = false;
  #hasWritten = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(outer: Deno.TcpConn, near: Deno.TcpConn, far: Deno.TlsConn, lingering: Lingering) {
    this.#outer = outer;
    this.#near = near;
    this.#far = far;
    this.#lingering = lingering;
    this.localAddr = outer.localAddr as Deno.NetAddr;
    this.remoteAddr = outer.remoteAddr as Deno.NetAddr;
    for (const conn of [outer, near]) conn.setNoDelay(true);
    void this.#join();
  }

  read(buffer: Uint8Array): Promise<number | null> {
    return this.#far.read(buffer);
  }

  write(bytes: Uint8Array): Promise<number> {
    this.#hasWritten = true;
    return this.#far.write(bytes);
  }

  closeWrite(): Promise<void> {
    return this.#far.closeWrite();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    closeQuietly(this.#far);
    if (!this.#hasWritten) return this.sever();
    // What was written before is on its way, for as long as the peer takes some of it.
    this.#lingering.add(this);
    this.#wait();
  }

  /** Ends it whatever is on its way. Idempotent. */
  sever(): void {
    clearTimeout(this.#timer);
    this.#lingering.delete(this);
    closeQuietly(this.#outer);
    closeQuietly(this.#near);
  }

  async #join(): Promise<void> {
    void pipe(this.#outer, this.#near);
    await pipe(this.#near, this.#outer, () => {
      if (this.#isClosed) this.#wait();
    });
    if (this.#isClosed) this.sever();
  }

  #wait(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.sever(), LAST_BYTES_MS);
    Deno.unrefTimer(this.#timer);
  }
}

/** Hands bytes on until one side ends, and tells the other side so. */
async function pipe(
  from: Deno.TcpConn,
  to: Deno.TcpConn,
  onProgress?: () => void,
): Promise<void> {
  const buffer = new Uint8Array(PIPE_BYTES);
  try {
    for (let count = await from.read(buffer); count !== null; count = await from.read(buffer)) {
      for (let sent = 0; sent < count;) {
        sent += await to.write(buffer.subarray(sent, count));
        onProgress?.();
      }
    }
    await to.closeWrite();
  } catch {
    // One end is gone: the other has nobody to talk to.
    closeQuietly(from);
    closeQuietly(to);
  }
}

function closeQuietly(conn: Deno.Conn): void {
  try {
    conn.close();
  } catch {
    // It was closed already.
  }
}
