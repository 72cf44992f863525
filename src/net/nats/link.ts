/**
 * The link to a fleet's brokers. It connects and reconnects by itself, and no caller ever waits for
 * the connection.
 *
 * @module
 */

import {
  type Authenticator,
  AuthorizationError,
  type MsgHdrs,
  type NatsConnection,
  PermissionViolationError,
  RequestError,
  type Subscription,
  UserAuthenticationExpiredError,
} from "@nats-io/nats-core";
import { messageOf } from "../../core/message_of.ts";
import { inBackground } from "../background.ts";
import { Sleep } from "../sleep.ts";
import { connect, type ConnectOptions } from "./connect.ts";
import { keyAuthenticator } from "./keys.ts";

/** The shortest wait after all brokers were asked for a connection, in milliseconds. */
const RETRY_MS_MIN = 250;
/** The longest of these waits, in milliseconds. */
const RETRY_MS_MAX = 2_000;
/** The wait where all brokers refuse the key: each attempt is a line in their logs. */
const REFUSED_MS = 10_000;
/** A connection that stood for so long makes the waits short again, in milliseconds. */
const STEADY_MS = 10_000;
/** Failures that say nothing but that nobody is there. */
const NOBODY = /refused|time.?out|timed out|unreachable|no route|lookup|has ended|reset/i;
/** Timeout of a request, in milliseconds. */
export const REQUEST_MS_MAX = 2_000;
/** The header of a stored message that brokers were asked for: the stream that keeps it. */
const STORED_IN = "Nats-Stream";

/** Options of {@linkcode NatsLink}. */
export interface NatsLinkOptions extends ConnectOptions {
  /** `HOST:PORT` of each broker. */
  readonly servers: readonly string[];
  /** The secret part of an nkey, `SU…`; without it, the brokers must accept anonymous clients. */
  readonly nkeySeed?: string | undefined;
  /** Called each time the link comes up. */
  readonly onUp: () => void;
  /**
   * Called when the link goes down, with each attempt to connect that fails, and with each message that
   * the broker cannot take.
   */
  readonly onDown: (reason: string) => void;
  /** Called when the brokers deny a permission. */
  readonly onForbidden: (reason: string) => void;
}

/** Nobody answers a request: for example, the brokers run without JetStream. */
export class NoBrokerAnswers extends Error {
  override readonly name = "NoBrokerAnswers";
}

/** The answer to a request. */
export interface NatsAnswer {
  /** 0 unless the broker gives one. */
  readonly status: number;
  readonly bytes: Uint8Array;
  /**
   * Reads a header of the answer: the broker's own if others of that name stand before it; empty if
   * there is none.
   */
  readonly header: (name: string) => string;
  /** Whether what was asked for had been read out of a stream before it was stored. */
  readonly isReadOutTwice: boolean;
}

/** A message. The bytes belong to the listener. */
export type NatsListener = (subject: string, bytes: Uint8Array) => void;

/** Keeps a connection to one of the brokers. */
export class NatsLink implements AsyncDisposable {
  readonly #options: NatsLinkOptions;
  readonly #listeners: (readonly [subject: string, listener: NatsListener])[] = [];
  readonly #authenticator: Authenticator | undefined;
  readonly #sleep = new Sleep();
  readonly #running: Promise<void>;
  #connection: NatsConnection | undefined;
  #isUp = false;
  #isClosed = false;

  private constructor(options: NatsLinkOptions) {
    this.#options = options;
    if (options.nkeySeed !== undefined) this.#authenticator = keyAuthenticator(options.nkeySeed);
    this.#running = inBackground(this.#run());
  }

  /** Begins to connect and returns at once. */
  static open(options: NatsLinkOptions): NatsLink {
    return new NatsLink(options);
  }

  /** Whether a broker has accepted us and the connection still stands. */
  get isUp(): boolean {
    return this.#isUp;
  }

  /** The name and address of the connected broker; undefined while the link is down. */
  get server():
    | { readonly name: string; readonly version: string; readonly place: string }
    | undefined {
    const { info } = this.#connection ?? {};
    if (!this.#isUp || info === undefined) return undefined;
    return {
      name: info.server_name,
      version: info.version,
      place: this.#connection?.getServer() ?? "",
    };
  }

  /** Passes on the messages of a subject as long as the link lives, across connections. */
  listen(subject: string, listener: NatsListener): void {
    this.#listeners.push([subject, listener]);
    if (this.#connection !== undefined) this.#subscribe(this.#connection, subject, listener);
  }

  /**
   * Sends a message.
   *
   * @return False while the link is down, and if the message is longer than the broker takes; it is then
   * discarded.
   */
  publish(subject: string, bytes: Uint8Array): boolean {
    if (!this.#isUp || this.#connection === undefined) return false;
    try {
      this.#connection.publish(subject, bytes);
      return true;
    } catch (error) {
      this.#options.onDown(messageOf(error));
      return false;
    }
  }

  /**
   * Sends a request and waits for the answer.
   *
   * @throws {NoBrokerAnswers} if nobody listens to the subject.
   * @throws {Error} if no answer comes within {@linkcode REQUEST_MS_MAX}, or the link is down.
   */
  async request(subject: string, bytes: Uint8Array = new Uint8Array()): Promise<NatsAnswer> {
    const connection = this.#connected();
    try {
      const { headers, data } = await connection.request(subject, bytes, {
        timeout: REQUEST_MS_MAX,
      });
      return {
        status: headers?.code ?? 0,
        bytes: data,
        header: (name) => headers?.last(name) ?? "",
        isReadOutTwice: (headers?.values(STORED_IN).length ?? 0) > 1,
      };
    } catch (error) {
      if (!(error instanceof RequestError) || !error.isNoResponders()) throw error;
      throw new NoBrokerAnswers("the brokers have no JetStream, or it is not ready");
    }
  }

  /**
   * The connection, for the JetStream client.
   *
   * @throws {Error} if the link is down.
   */
  connected(): NatsConnection {
    return this.#connected();
  }

  /** Leaves the broker for another one, if there is any. */
  async reconnect(): Promise<void> {
    if (!this.#isUp) return;
    // The connection stands until its last bytes are sent, and takes no more.
    this.#isUp = false;
    await this.#connection?.close();
  }

  /** Sends what was published, then ends. Idempotent. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#isUp = false;
    this.#sleep.close();
    await this.#connection?.close();
    await this.#running;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #connected(): NatsConnection {
    if (this.#isUp && this.#connection !== undefined) return this.#connection;
    throw new Error("the fleet's brokers cannot be reached");
  }

  async #run(): Promise<void> {
    const servers = shuffled(this.#options.servers);
    const failures = new Map<string, unknown>();
    let retryMs = RETRY_MS_MIN;
    for (let attempt = 1; !this.#isClosed; attempt++) {
      const server = servers[attempt % servers.length] ?? "";
      try {
        const connection = await connect(server, this.#options, this.#authenticator);
        this.#connection = connection;
        if (this.#isClosed) return await connection.close();
        for (const [subject, listener] of this.#listeners) {
          this.#subscribe(connection, subject, listener);
        }
        this.#up();
        const upAt = performance.now();
        await this.#watch(connection);
        // A broker that ends each connection at once is not asked more and more often.
        if (performance.now() - upAt >= STEADY_MS) retryMs = RETRY_MS_MIN;
        failures.clear();
      } catch (error) {
        failures.delete(server);
        failures.set(server, error);
        this.#down(worstOf(failures));
      }
      this.#connection = undefined;
      // Only whoever has asked all brokers waits.
      if (this.#isClosed || attempt % servers.length > 0) continue;
      const waitMs = servers.every((each) => isRefusal(failures.get(each))) ? REFUSED_MS : retryMs;
      await this.#sleep.sleep(waitMs * (0.5 + Math.random() / 2));
      retryMs = Math.min(2 * retryMs, RETRY_MS_MAX);
    }
  }

  /** Follows a connection until it has ended. */
  async #watch(connection: NatsConnection): Promise<void> {
    let refusal: string | undefined;
    // Not awaited: the news of a connection that has ended before this would never end.
    inBackground(this.#follow(connection, (reason) => refusal = reason));
    const ended = await connection.closed();
    this.#down(refusal ?? (ended instanceof Error ? ended.message : "the connection has ended"));
  }

  /** Passes on what the client reports about a connection, and why the broker refuses us. */
  async #follow(connection: NatsConnection, onRefusal: (reason: string) => void): Promise<void> {
    for await (const status of connection.status()) {
      if (status.type === "disconnect" || status.type === "staleConnection") {
        this.#down("the connection has ended");
      } else if (status.type === "error") {
        const { error } = status;
        if (error instanceof PermissionViolationError) this.#options.onForbidden(error.message);
        else {
          if (isRefusal(error)) onRefusal(reasonOf(error));
          this.#options.onDown(reasonOf(error));
        }
      }
    }
  }

  #up(): void {
    if (this.#isClosed) return;
    this.#isUp = true;
    this.#options.onUp();
  }

  #down(reason: string): void {
    this.#isUp = false;
    if (!this.#isClosed) this.#options.onDown(reason);
  }

  #subscribe(connection: NatsConnection, subject: string, listener: NatsListener): Subscription {
    return connection.subscribe(subject, {
      callback: (error, message) => {
        if (error !== null || isReadOut(message.headers)) return;
        try {
          listener(message.subject, message.data);
        } catch (failure) {
          // Passed to the client, it would end all reading.
          inBackground(Promise.reject(failure));
        }
      },
    });
  }
}

/**
 * Whether a message is a stored one that the brokers were asked for. No listener asks for any: brokers
 * do not check where a client wants an answer, so somebody may want it on the subject of another.
 */
export function isReadOut(headers: MsgHdrs | undefined): boolean {
  return headers?.has(STORED_IN) ?? false;
}

/** Why a connection fails, for an operator. */
function reasonOf(error: unknown): string {
  const message = messageOf(error);
  return isRefusal(error) ? `the broker refuses the key (--fleet-key): ${message}` : message;
}

/**
 * Why none of the brokers takes us: of several reasons, one that somebody can mend rather than that a
 * broker is not there.
 *
 * @param failures The last failure of each broker, of the last one at the end.
 */
function worstOf(failures: ReadonlyMap<string, unknown>): string {
  const reasons = [...failures].map(([server, error]) => [server, reasonOf(error)] as const);
  const [server, reason] = reasons.find(([, reason]) => !NOBODY.test(reason)) ??
    reasons.at(-1) ?? ["", ""];
  return reasons.length > 1 ? `${server}: ${reason}` : reason;
}

function isRefusal(error: unknown): boolean {
  return error instanceof AuthorizationError || error instanceof UserAuthenticationExpiredError;
}

/** The same brokers in a random order, so that hosts spread over them. */
function shuffled(servers: readonly string[]): string[] {
  return servers.map((server) => ({ server, place: Math.random() }))
    .sort((one, other) => one.place - other.place).map(({ server }) => server);
}
