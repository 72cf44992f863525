/**
 * TLS over a plain connection that remains ours to close.
 *
 * The runtime's own TLS connections keep their descriptor after a close until the peer has finished
 * the handshake or left; a peer that does neither would hold the descriptor indefinitely. So the
 * connection itself is plain TCP and can be closed at any time, and TLS is a filter over its bytes.
 * A peer costs one descriptor, as without TLS, and nothing else is opened: no second port and no
 * socket pair that other programs could reach.
 *
 * Delete this file in favour of `Deno.listenTls` when Deno frees the descriptor of a connection
 * that is closed before its handshake: `tests/net/tcp/tls_test.ts` fails on that day. Closing has
 * waited for the handshake since denoland/deno#14547; we know of no issue there that asks for a
 * limit.
 *
 * @module
 */

import type { Socket } from "node:net";
import { Duplex } from "node:stream";
import { type SecureContext, TLSSocket } from "node:tls";
import type { NetConn } from "./net_conn.ts";
import { Timer } from "../timer.ts";

/** Size of the buffer for decrypted bytes while a peer sends much; no TLS record is longer. */
const CIPHERED_BYTES = 16_384;
/** Size of that buffer while a peer sends little: each waiting connection has one. */
const CIPHERED_BYTES_AT_FIRST = 1_024;
/** The most bytes that are encrypted for one write, so that a large reply is not held twice. */
const PLAIN_BYTES = 65_536;
/**
 * The most decrypted bytes that wait for the reader; above it, nothing more is received
 * (backpressure).
 */
const UNREAD_BYTES_MAX = 32_768;
/** How long the peer of a closed connection may read none of its last bytes, in milliseconds. */
const LAST_BYTES_MS = 1_000;
/**
 * The most closed connections whose last bytes are still being sent; beyond it, the oldest is cut
 * off.
 */
const LINGERING_MAX = 64;

/** Closed connections whose last bytes are still being sent. */
const lingering = new Set<TlsSession>();

/** The server's end of a connection whose peer has begun to speak TLS. */
export class TlsSession implements Pick<NetConn, "read" | "write" | "closeWrite" | "close"> {
  readonly #conn: Deno.TcpConn;
  readonly #carrier: Duplex;
  readonly #tls: TLSSocket;
  /** Decrypted bytes that did not fit into the reader's buffer. */
  #rest: Uint8Array | undefined;
  #reader: Reader | undefined;
  /** Resumes receiving once the reader has taken the decrypted bytes. */
  #isHeldBack = false;
  #receivesMuch = false;
  /** The peer has ended its side, or the connection broke. */
  #isEnded = false;
  #failure: Error | undefined;
  #isWriting = false;
  #isClosed = false;
  #timer: Timer | undefined;

  /**
   * @param conn An open connection; it belongs to this object from now on.
   * @param context The certificate to present.
   * @param hello The bytes that were received on it already.
   */
  constructor(conn: Deno.TcpConn, context: SecureContext, hello: Uint8Array) {
    this.#conn = conn;
    this.#carrier = this.#makeCarrier();
    this.#tls = new TLSSocket(this.#carrier as unknown as Socket, {
      isServer: true,
      secureContext: context,
      ALPNProtocols: ["http/1.1"],
    });
    this.#tls.allowHalfOpen = true;
    const onEnd = () => this.#end(undefined);
    this.#carrier.on("error", (error) => this.#end(error));
    this.#tls.on("error", (error) => this.#end(error));
    this.#tls.on("end", onEnd);
    this.#tls.on("close", onEnd);
    this.#tls.on("readable", () => this.#serveReader());
    this.#carrier.push(hello);
  }

  /** Receives what has arrived; null at the end. */
  read(buffer: Uint8Array): Promise<number | null> {
    return new Promise((resolve, reject) => {
      this.#reader = { buffer, resolve, reject };
      this.#serveReader();
    });
  }

  /** Sends; resolves when the system has taken some of it. */
  async write(bytes: Uint8Array): Promise<number> {
    const part = bytes.subarray(0, PLAIN_BYTES);
    this.#isWriting = true;
    await this.#write(part);
    this.#isWriting = false;
    return part.length;
  }

  /** Ends the sending half of the connection. */
  closeWrite(): Promise<void> {
    return new Promise((resolve) => {
      this.#tls.end(resolve);
      this.#tls.once("close", () => resolve());
    });
  }

  /** Ends the connection. Earlier writes still arrive if the peer reads them. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#end(new Deno.errors.BadResource("The connection is closed"));
    // The handshake is not complete, or nothing gets through: a goodbye is pointless.
    if (this.#isWriting || this.#tls.getProtocol() === null) return this.#sever();
    lingering.add(this);
    const [oldest] = lingering;
    if (oldest !== undefined && lingering.size > LINGERING_MAX) oldest.#sever();
    this.#timer = Timer.after(LAST_BYTES_MS, () => this.#sever()).unref();
    this.#tls.end(() => this.#sever());
  }

  #sever(): void {
    this.#timer?.stop();
    lingering.delete(this);
    this.#closeConn();
    this.#tls.destroy();
    this.#carrier.destroy();
  }

  #write(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#isClosed) return reject(new Deno.errors.BadResource("The connection is closed"));
      this.#tls.write(bytes, (error) => error ? reject(error) : resolve());
    });
  }

  /** The peer's encrypted bytes, as the TLS library reads and writes them. */
  #makeCarrier(): Duplex {
    const conn = this.#conn;
    return new Duplex({
      allowHalfOpen: true,
      read: () => this.#receive(),
      write(bytes: Uint8Array, _encoding, done): void {
        writeAll(conn, bytes).then(() => done(), done);
      },
      final(done): void {
        conn.closeWrite().then(() => done(), () => done());
      },
      destroy: (_error, done) => {
        this.#closeConn();
        done(null);
        this.#end(undefined);
      },
    });
  }

  /**
   * Receives for TLS, which decrypts whatever it gets: so backpressure has to be applied here.
   */
  #receive(): void {
    this.#isHeldBack = this.#unreadBytes >= UNREAD_BYTES_MAX;
    if (this.#isHeldBack) return;
    const buffer = new Uint8Array(this.#receivesMuch ? CIPHERED_BYTES : CIPHERED_BYTES_AT_FIRST);
    this.#conn.read(buffer).then(
      (count) => {
        this.#receivesMuch = count === buffer.length;
        this.#carrier.push(count === null ? null : buffer.subarray(0, count));
      },
      (error) => void this.#carrier.destroy(error),
    );
  }

  get #unreadBytes(): number {
    return this.#tls.readableLength + (this.#rest?.length ?? 0);
  }

  #serveReader(): void {
    const reader = this.#reader;
    if (reader === undefined) return;
    const there: Uint8Array | undefined = this.#rest ?? this.#tls.read() ?? undefined;
    if (there !== undefined && !this.#isClosed) {
      const count = Math.min(there.length, reader.buffer.length);
      reader.buffer.set(there.subarray(0, count));
      this.#rest = count < there.length ? there.subarray(count) : undefined;
      this.#reader = undefined;
      if (this.#isHeldBack) this.#receive();
      return reader.resolve(count);
    }
    if (!this.#isEnded) return;
    this.#reader = undefined;
    if (this.#failure === undefined) reader.resolve(null);
    else reader.reject(this.#failure);
  }

  #end(failure: Error | undefined): void {
    this.#isEnded = true;
    this.#failure ??= failure;
    this.#serveReader();
  }

  #closeConn(): void {
    try {
      this.#conn.close();
    } catch {
      // It was closed already.
    }
  }
}

interface Reader {
  readonly buffer: Uint8Array;
  readonly resolve: (count: number | null) => void;
  readonly reject: (error: Error) => void;
}

async function writeAll(conn: Deno.TcpConn, bytes: Uint8Array): Promise<void> {
  for (let sent = 0; sent < bytes.length;) sent += await conn.write(bytes.subarray(sent));
}
