/**
 * A TCP client for tests, with every wait bounded.
 *
 * @module
 */

/** The longest any wait of a test takes, on a slow and busy machine too, in milliseconds. */
export const WAIT_MS_MAX = 30_000;

/** Rejects when a promise takes too long. */
export async function within<T>(
  promise: Promise<T>,
  what: string,
  milliseconds: number = WAIT_MS_MAX,
): Promise<T> {
  const { promise: expiry, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new Error(`Waited ${milliseconds} ms in vain: ${what}`)),
    milliseconds,
  );
  try {
    return await Promise.race([promise, expiry]);
  } finally {
    clearTimeout(timer);
  }
}

/** Text as bytes, each character one byte. */
export function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** Bytes as text, each byte one character. */
export function textOf(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

/** One end of a connection that says and hears raw bytes. */
export class RawClient implements Disposable {
  /** The connection itself. */
  readonly conn: Deno.TcpConn;
  #heard = "";
  #isClosed = false;

  private constructor(conn: Deno.TcpConn) {
    this.conn = conn;
  }

  /** Connects. */
  static async connect(address: { hostname: string; port: number }): Promise<RawClient> {
    return new RawClient(await Deno.connect(address));
  }

  /** Sends text, each character one byte. */
  async say(text: string): Promise<void> {
    const bytes = bytesOf(text);
    for (let sent = 0; sent < bytes.length;) {
      sent += await within(
        this.conn.write(bytes.subarray(sent)),
        `peer takes ${text.slice(0, 40)}`,
      );
    }
  }

  /** Sends text and says that no more follows. */
  async sayLast(text: string): Promise<void> {
    await this.say(text);
    await this.conn.closeWrite();
  }

  /** Hears until the text contains something; returns everything up to its end and keeps the rest. */
  async hear(wanted: string): Promise<string> {
    const buffer = new Uint8Array(65_536);
    for (;;) {
      const at = this.#heard.indexOf(wanted);
      if (at >= 0) {
        const text = this.#heard.slice(0, at + wanted.length);
        this.#heard = this.#heard.slice(at + wanted.length);
        return text;
      }
      const count = await within(this.conn.read(buffer), `peer says ${JSON.stringify(wanted)}`);
      if (count === null) {
        throw new Error(
          `Ended without ${JSON.stringify(wanted)} after ${JSON.stringify(this.#heard)}`,
        );
      }
      this.#heard += textOf(buffer.subarray(0, count));
    }
  }

  /** Hears until the peer ends the connection, in whatever way; returns what was not heard before. */
  async hearAll(): Promise<string> {
    const buffer = new Uint8Array(65_536);
    for (;;) {
      let count: number | null;
      try {
        count = await within(this.conn.read(buffer), "peer ends the connection");
      } catch (error) {
        if (error instanceof Deno.errors.ConnectionReset) count = null;
        else throw error;
      }
      if (count === null) break;
      this.#heard += textOf(buffer.subarray(0, count));
    }
    const text = this.#heard;
    this.#heard = "";
    return text;
  }

  /** Hears until the peer ends the connection and tells only how many bytes came. */
  async countAll(): Promise<number> {
    const buffer = new Uint8Array(1_048_576);
    let bytes = this.#heard.length;
    this.#heard = "";
    for (;;) {
      const count = await within(this.conn.read(buffer), "peer ends the connection");
      if (count === null) return bytes;
      bytes += count;
    }
  }

  /** Ends the connection; may be called again. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.conn.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** Resolves when a condition holds; looked at in each turn of the event loop. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + WAIT_MS_MAX;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`In vain: ${what}`);
    await new Promise((done) => setTimeout(done, 1));
  }
}
