/**
 * A broker that says what a test tells it to say, over TCP.
 *
 * @module
 */

/** What a broker says first; the client answers with CONNECT and PING. */
export const GREETING =
  'INFO {"server_id":"x","server_name":"x","version":"2.9.10","headers":true' +
  ',"max_payload":1048576}\r\n';

/** One connection of a client. */
export interface ScriptedClient {
  /** Sends text to the client. */
  say(text: string): Promise<void>;
  /** Reads until the client has sent some text. */
  hear(text: string): Promise<void>;
  /** Ends the connection. */
  end(): void;
}

/** Listens on a free port of this machine until disposed of. */
export class ScriptedBroker implements AsyncDisposable {
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #clients: Deno.Conn[] = [];
  readonly #serving: Promise<void>;

  /** @param script Called with each connection; what it throws when the client ends is ignored. */
  constructor(script: (client: ScriptedClient) => Promise<void>) {
    this.#serving = this.#serve(script);
  }

  /** `HOST:PORT`. */
  get place(): string {
    return `127.0.0.1:${this.#listener.addr.port}`;
  }

  /** How many connections there were. */
  get connections(): number {
    return this.#clients.length;
  }

  async #serve(script: (client: ScriptedClient) => Promise<void>): Promise<void> {
    const running: Promise<void>[] = [];
    for await (const conn of this.#listener) {
      this.#clients.push(conn);
      running.push(script(clientOf(conn)).catch(() => {}));
    }
    await Promise.all(running);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    for (const conn of this.#clients) end(conn);
    await this.#serving;
  }
}

function clientOf(conn: Deno.Conn): ScriptedClient {
  const buffer = new Uint8Array(65_536);
  let heard = "";
  return {
    async say(text) {
      await conn.write(new TextEncoder().encode(text));
    },
    async hear(text) {
      while (!heard.includes(text)) {
        const count = await conn.read(buffer);
        if (count === null) throw new Error("the client has ended");
        heard += new TextDecoder().decode(buffer.subarray(0, count));
      }
      heard = heard.slice(heard.indexOf(text) + text.length);
    },
    end: () => end(conn),
  };
}

function end(conn: Deno.Conn): void {
  try {
    conn.close();
  } catch {
    // It has ended already.
  }
}
