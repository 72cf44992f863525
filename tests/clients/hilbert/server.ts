/**
 * A heartbeat server that answers what the test says, and keeps what it was sent.
 *
 * @module
 */

/** Makes the reply to a request; `undefined` closes the connection, `mute` leaves it open. */
export type Answer = (request: ReceivedRequest) => string | undefined | "mute";

/** A request as it came. */
export interface ReceivedRequest {
  method: string;
  target: string;
  head: string;
  body: string;
}

/** The least of a server, in the test's own process. */
export class ScriptedServer implements AsyncDisposable {
  readonly #listener: Deno.TcpListener;
  readonly #connections = new Set<Deno.Conn>();
  readonly #served: Promise<void>;
  #waiting: { count: number; resolve: () => void }[] = [];
  readonly requests: ReceivedRequest[] = [];
  answer: Answer;

  constructor(answer: Answer, port = 0) {
    this.answer = answer;
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port });
    this.#served = this.#serve();
  }

  get port(): number {
    return this.#listener.addr.port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Targets of all requests so far. */
  get targets(): string[] {
    return this.requests.map((request) => request.target);
  }

  /** Resolves when that many requests have come. */
  received(count: number): Promise<void> {
    if (this.requests.length >= count) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push({ count, resolve });
    return promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    for (const connection of this.#connections) close(connection);
    await this.#served;
  }

  async #serve(): Promise<void> {
    const served: Promise<void>[] = [];
    try {
      for await (const connection of this.#listener) served.push(this.#converse(connection));
    } catch {
      // The listener was closed.
    }
    await Promise.all(served);
  }

  async #converse(connection: Deno.Conn): Promise<void> {
    this.#connections.add(connection);
    try {
      const request = await receive(connection);
      this.requests.push(request);
      const reply = this.answer(request);
      if (reply !== undefined && reply !== "mute") {
        await connection.write(new TextEncoder().encode(reply));
      }
      this.#tell();
      if (reply === "mute") return;
    } catch {
      // The client has gone.
    }
    this.#connections.delete(connection);
    close(connection);
  }

  #tell(): void {
    const ready = this.#waiting.filter(({ count }) => count <= this.requests.length);
    this.#waiting = this.#waiting.filter((each) => !ready.includes(each));
    for (const { resolve } of ready) resolve();
  }
}

/** A reply with a status of 200 and a length. */
export function reply(body: string, status = 200): string {
  const length = new TextEncoder().encode(body).length;
  return `HTTP/1.1 ${status} Text\r\nContent-Length: ${length}\r\n\r\n${body}`;
}

async function receive(connection: Deno.Conn): Promise<ReceivedRequest> {
  const buffer = new Uint8Array(16_384);
  let text = "";
  while (true) {
    const count = await connection.read(buffer);
    if (count === null) throw new Error("Cannot receive request: connection ended");
    text += new TextDecoder("latin1").decode(buffer.subarray(0, count));
    const headEnd = text.indexOf("\r\n\r\n");
    if (headEnd < 0) continue;
    const head = text.slice(0, headEnd);
    const body = text.slice(headEnd + 4);
    if (body.length < Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0)) continue;
    const [method = "", target = ""] = head.split(" ");
    return { method, target, head, body };
  }
}

function close(connection: Deno.Conn): void {
  try {
    connection.close();
  } catch {
    // It was closed from the other side.
  }
}
