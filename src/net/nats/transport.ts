/**
 * Carries the NATS client's bytes: a TCP connection, with TLS if the broker or the operator wants
 * it.
 *
 * The client has no transport for this runtime. It accepts one through `setTransportFactory`, which
 * its authors do not promise to keep: the version is pinned.
 *
 * @see https://docs.nats.io/reference/reference-protocols/nats-protocol
 * @module
 */

import type { ConnectionOptions, Server, Transport } from "@nats-io/nats-core/internal";
import { inBackground } from "../background.ts";
import { settlesWithin } from "../sleep.ts";
import { closeQuietly, explainTls } from "../tcp/tls_dial.ts";

/** The most bytes of one read. */
const READ_BYTES_MAX = 65_536;
/** The longest first line of a broker, in bytes. */
const INFO_BYTES_MAX = 65_536;
/**
 * The most bytes that may wait for a broker that does not read, before the connection is closed.
 */
export const PENDING_BYTES_MAX = 1_048_576;
/** How long closing a connection waits for unsent bytes, in milliseconds. */
const DRAIN_MS_MAX = 500;

/** Whether and how to speak TLS. */
export interface NatsTlsOptions {
  /** Refuses to connect without TLS, whatever the broker says. */
  readonly required: boolean;
  /** Certificates (PEM) to trust besides the system's. */
  readonly caCerts: readonly string[];
}

/** One connection to a broker. */
export class NatsTransport implements Transport {
  readonly lang = "pulsebox";
  readonly version = "1";
  closeError?: Error;
  readonly #tls: NatsTlsOptions;
  readonly #ended = Promise.withResolvers<void | Error>();
  #conn: Deno.Conn | undefined;
  #isEncrypted = false;
  /** The broker has greeted us. */
  #isConnected = false;
  #isClosed = false;
  #first: Uint8Array = new Uint8Array();
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #writing: Promise<void> | undefined;

  constructor(tls: NatsTlsOptions) {
    this.#tls = tls;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Connects, reads the broker's first line, and starts TLS if either side wants it. */
  async connect({ hostname, port }: Server, _options: ConnectionOptions): Promise<void> {
    const plain = await Deno.connect({ hostname, port });
    this.#conn = plain;
    // The connection was given up meanwhile: the client has stopped waiting.
    if (this.#isClosed) return closeQuietly(plain);
    plain.setNoDelay(true);
    const { info, bytes } = await readInfo(plain);
    const wantsTls = this.#tls.required || info.tls_required === true;
    if (!wantsTls) return this.#connected(bytes);
    if (info.tls_required !== true && info.tls_available !== true) {
      throw new Error("the broker does not speak TLS");
    }
    try {
      const secured = await Deno.startTls(plain, { hostname, caCerts: [...this.#tls.caCerts] });
      this.#conn = secured;
      await secured.handshake();
    } catch (error) {
      throw explainTls(error, "--fleet-ca FILE");
    }
    this.#isEncrypted = true;
    this.#connected(bytes);
  }

  #connected(first: Uint8Array): void {
    this.#first = first;
    this.#isConnected = true;
  }

  async *[Symbol.asyncIterator](): AsyncIterableIterator<Uint8Array> {
    const conn = this.#conn;
    if (conn === undefined) return;
    try {
      yield this.#first;
      const buffer = new Uint8Array(READ_BYTES_MAX);
      while (!this.#isClosed) {
        let count: number | null;
        try {
          count = await conn.read(buffer);
        } catch (error) {
          return this.#end(error instanceof Error ? error : new Error(String(error)));
        }
        if (count === null) return this.#end();
        // Copy: the client keeps parts of what it is given.
        yield buffer.slice(0, count);
      }
    } finally {
      // The client stops reading, and nothing else, when it cannot parse something.
      this.#end(new Error("the broker sends what is no message of NATS"));
    }
  }

  isEncrypted(): boolean {
    return this.#isEncrypted;
  }

  /**
   * Sends in order without waiting; closes the connection if the broker does not read for too long.
   */
  send(frame: Uint8Array): void {
    if (this.#isClosed) return;
    // Copy: the client reuses its buffer.
    this.#pending.push(frame.slice());
    this.#pendingBytes += frame.length;
    if (this.#pendingBytes > PENDING_BYTES_MAX) {
      this.#end(
        new Error(`the broker reads too slowly: more than ${PENDING_BYTES_MAX} bytes wait for it`),
      );
      return;
    }
    this.#writing ??= inBackground(this.#write());
  }

  async close(error?: Error): Promise<void> {
    if (error === undefined && this.#writing !== undefined) {
      await settlesWithin(this.#writing, DRAIN_MS_MAX);
    }
    this.#end(error);
  }

  disconnect(): void {
    this.#end();
  }

  /** Resolves when a connection has ended that stood: each end is one that the client reports. */
  closed(): Promise<void | Error> {
    return this.#ended.promise;
  }

  discard(): void {
    this.#end();
  }

  async #write(): Promise<void> {
    try {
      for (let frame = this.#pending.shift(); frame !== undefined; frame = this.#pending.shift()) {
        for (let sent = 0; sent < frame.length;) {
          sent += await this.#conn?.write(frame.subarray(sent)) ?? frame.length;
        }
        this.#pendingBytes -= frame.length;
      }
    } catch (error) {
      this.#end(error instanceof Error ? error : new Error(String(error)));
    } finally {
      this.#writing = undefined;
    }
  }

  #end(error?: Error): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (error !== undefined) this.closeError = error;
    this.#pending = [];
    if (this.#conn !== undefined) closeQuietly(this.#conn);
    if (this.#isConnected) this.#ended.resolve(error);
  }
}

const VERSION = /\d+\.\d+\.\d+/;

/** The part of a broker's INFO line that matters before the client takes over. */
interface Info {
  readonly version?: unknown;
  readonly tls_required?: unknown;
  readonly tls_available?: unknown;
}

async function readInfo(conn: Deno.Conn): Promise<{ info: Info; bytes: Uint8Array }> {
  const buffer = new Uint8Array(INFO_BYTES_MAX);
  let length = 0;
  while (length < buffer.length) {
    const count = await conn.read(buffer.subarray(length));
    if (count === null) throw new Error("the broker has closed the connection");
    length += count;
    const end = buffer.subarray(0, length).indexOf(0x0a);
    if (end < 0) continue;
    const line = new TextDecoder().decode(buffer.subarray(0, end));
    const [, json = ""] = /^INFO\s+(\{.*\})\s*$/.exec(line) ?? [];
    try {
      const info: Info = JSON.parse(json);
      // The client needs it to go on.
      if (!VERSION.test(String(info.version))) break;
      return { info, bytes: buffer.slice(0, length) };
    } catch {
      break;
    }
  }
  throw new Error("the server is not a NATS server");
}
