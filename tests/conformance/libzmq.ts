/**
 * libzmq in a process of its own, as the system has it.
 *
 * @module
 */

import { ForeignPeer } from "../interop/zmq_peers.ts";
import { PYTHON } from "../support/python.ts";

const SCRIPT = new URL("./libzmq.py", import.meta.url).pathname;

/** The options of a socket by their names, without `ZMQ_`. */
export type SocketOptions = Readonly<Record<string, string | number>>;

/** A process that holds sockets of libzmq. */
export class Libzmq implements AsyncDisposable {
  readonly #peer = new ForeignPeer(PYTHON, [SCRIPT]);
  #last: Promise<unknown> = Promise.resolve();
  #sockets = 0;

  /** Makes a socket; it is closed with the disposal of the result. */
  async socket(kind: string, options: SocketOptions = {}): Promise<LibzmqSocket> {
    const id = `${this.#sockets++}`;
    await this.ask({ act: "socket", id, kind, options });
    return new LibzmqSocket(this, id);
  }

  /** Runs one command, after all before it. Rejects with the name of an error. */
  ask(command: Readonly<Record<string, unknown>>): Promise<unknown> {
    const answer = this.#last.then(async () => {
      await this.#peer.tell(command);
      const { value, error } = await this.#peer.hear();
      if (error !== undefined) throw new Error(`${command["act"]}: ${error}`);
      return value;
    });
    this.#last = answer.catch(() => undefined);
    return answer;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#peer[Symbol.asyncDispose]();
  }
}

/** One socket. Each character of a frame is one byte. */
export class LibzmqSocket implements AsyncDisposable {
  readonly #owner: Libzmq;
  readonly #id: string;
  #isClosed = false;

  constructor(owner: Libzmq, id: string) {
    this.#owner = owner;
    this.#id = id;
  }

  async connect(url: string): Promise<void> {
    await this.#ask("connect", { url });
  }

  /** Listens, and tells where. */
  async bind(url: string): Promise<string> {
    return String(await this.#ask("bind", { url }));
  }

  async unbind(url: string): Promise<void> {
    await this.#ask("unbind", { url });
  }

  async send(...message: readonly string[]): Promise<void> {
    await this.#ask("send", { message });
  }

  /** Sends frames, and one of so many bytes. */
  async sendLarge(size: number, ...message: readonly string[]): Promise<void> {
    await this.#ask("send_large", { message, size });
  }

  /** The next message, or `undefined` if none comes in time. */
  async receive(waitMs?: number): Promise<string[] | undefined> {
    try {
      return await this.#ask("recv", waitMs === undefined ? {} : { waitMs }) as string[];
    } catch (error) {
      if (error instanceof Error && error.message === "recv: EAGAIN") return undefined;
      throw error;
    }
  }

  /** The lengths of the frames of the next message. */
  async receiveSizes(): Promise<number[]> {
    return await this.#ask("recv_sizes", {}) as number[];
  }

  /** The first of some events, such as `HANDSHAKE_SUCCEEDED`; `undefined` if none comes in time. */
  async happened(names: readonly string[], waitMs?: number): Promise<string | undefined> {
    const asked = waitMs === undefined ? { names } : { names, waitMs };
    return await this.#ask("happened", asked) as string | null ?? undefined;
  }

  async set(name: string, value: string | number): Promise<void> {
    await this.#ask("option", { name, value });
  }

  /** May be called again. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#ask("close", {});
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #ask(act: string, fields: Readonly<Record<string, unknown>>): Promise<unknown> {
    return this.#owner.ask({ act, id: this.#id, ...fields });
  }
}
