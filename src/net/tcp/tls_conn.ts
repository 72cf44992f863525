/**
 * A server connection that speaks TLS once the peer begins it.
 *
 * A TLS session takes several times the memory of its connection, and almost a millisecond to set
 * up. So a peer gets one only when its whole ClientHello has arrived: until then, it costs no more
 * than on a port without TLS.
 *
 * @module
 */

import type { SecureContext } from "node:tls";
import { HelloBuffer } from "../../wire/tls/hello.ts";
import { PLAIN_HTTP_REPLY, plainHttpState } from "../../wire/tls/plain_http.ts";
import type { NetConn } from "./net_conn.ts";
import { TlsSession } from "./tls_session.ts";

/** The server's end of a connection, with TLS once the peer begins it. */
export class TlsConn implements NetConn {
  readonly localAddr: Deno.NetAddr;
  readonly remoteAddr: Deno.NetAddr;
  readonly #conn: Deno.TcpConn;
  readonly #context: SecureContext;
  #greeting: Promise<TlsSession | undefined> | undefined;
  #session: TlsSession | undefined;
  #onGreeted: (() => void) | undefined;
  #isClosed = false;

  /**
   * @param conn An open connection; it belongs to this object from now on.
   * @param context The certificate to present.
   * @throws {Error} if the peer has gone already; the connection is still the caller's then.
   */
  constructor(conn: Deno.TcpConn, context: SecureContext) {
    this.#conn = conn;
    this.localAddr = conn.localAddr as Deno.NetAddr;
    this.remoteAddr = conn.remoteAddr as Deno.NetAddr;
    conn.setNoDelay(true);
    this.#context = context;
  }

  /**
   * Calls back when the peer's hello has come. Unless the callback closes the connection, a TLS
   * session is then set up.
   */
  whenGreeted(callback: () => void): void {
    this.#onGreeted = callback;
  }

  /** Receives what has arrived; null at the end. */
  async read(buffer: Uint8Array): Promise<number | null> {
    const session = this.#session ?? await this.#greeted();
    return session === undefined ? null : await session.read(buffer);
  }

  /**
   * Sends bytes; resolves when the system has taken some of them, which requires the peer's hello
   * first.
   */
  async write(bytes: Uint8Array): Promise<number> {
    const session = this.#session ?? await this.#greeted();
    if (session === undefined) throw new Deno.errors.BrokenPipe("The peer has ended");
    return await session.write(bytes);
  }

  /** Ends the sending half of the connection. */
  closeWrite(): Promise<void> {
    return (this.#session ?? this.#conn).closeWrite();
  }

  /** Ends the connection. Earlier writes still arrive if the peer reads them. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    (this.#session ?? this.#conn).close();
  }

  /** The session, or undefined if the peer has ended before there was one. */
  #greeted(): Promise<TlsSession | undefined> {
    return this.#greeting ??= this.#greet();
  }

  async #greet(): Promise<TlsSession | undefined> {
    const hello = new HelloBuffer();
    for (;;) {
      const count = await this.#conn.read(hello.space());
      if (count === null || this.#isClosed) return undefined;
      const state = hello.commit(count);
      if (state === "no-hello") return await this.#refuse(hello);
      if (state === "complete") break;
    }
    this.#onGreeted?.();
    if (this.#isClosed) return undefined;
    return this.#session = new TlsSession(this.#conn, this.#context, hello.bytes);
  }

  /** Answers a peer that speaks plain HTTP with an error; other peers would not understand one. */
  async #refuse(hello: HelloBuffer): Promise<never> {
    let state = plainHttpState(hello.bytes);
    // Closing with unread bytes resets the connection, and the peer would lose the reply.
    while (state === "partial" && !this.#isClosed) {
      const count = await this.#conn.read(hello.space());
      if (count === null) break;
      hello.commit(count);
      state = plainHttpState(hello.bytes);
    }
    if (state !== "no-http" && !this.#isClosed) await this.#conn.write(PLAIN_HTTP_REPLY);
    throw new Deno.errors.InvalidData("The peer does not speak TLS");
  }
}
