/**
 * A client for operators of a game server.
 *
 * @module
 */

import { type ClientState, parseClientState } from "../../core/client_state.ts";
import { textOf } from "../../wire/mlf/topics.ts";
import { GameError } from "./error.ts";
import { channelUrlOf, type GamePlace, parseGameUrl, postJson } from "./http.ts";
import { ZmqReq } from "../zmq/req.ts";
import { ZmqSub } from "../zmq/sub.ts";

/** A client and its state. */
export interface GameClientState {
  readonly clientID: string;
  readonly state: ClientState;
}

/** The clients listed in a reply. */
export type GameOperatorReply = readonly GameClientState[];

/** Timeout of the server, in milliseconds. */
const TIMEOUT_MS = 3_000;
const TOPIC = "OnStateChange";
const DECODER = new TextDecoder();

/** Options of {@linkcode GameOperator}. */
export interface GameOperatorOptions {
  /** Certificates (PEM) to trust for `https` servers, besides the system's. */
  readonly caCerts?: readonly string[];
  /** A token from the server's token file, if it has one; required to set a state. */
  readonly token?: string | undefined;
  /** Called with one line each time that the watching connection fails or ends. */
  readonly onFailure?: ((message: string) => void) | undefined;
}

/** Asks over ZeroMQ and gives orders over HTTP, as the original's dashboard does. */
export class GameOperator implements AsyncDisposable {
  readonly #place: GamePlace;
  readonly #ws: string;
  readonly #caCerts: readonly string[];
  readonly #headers: Readonly<Record<string, string>>;
  readonly #onFailure: ((message: string) => void) | undefined;
  #req: ZmqReq | undefined;

  /**
   * Connects with the first question.
   *
   * @param url The game server, `http://HOST:PORT` or `https://HOST:PORT`.
   * @param options Certificates to trust, and a token.
   * @throws {TypeError} if the URL is not an HTTP URL.
   */
  constructor(url: string, { caCerts = [], token, onFailure }: GameOperatorOptions = {}) {
    this.#place = { ...parseGameUrl(url, caCerts), timeoutMs: TIMEOUT_MS };
    this.#ws = channelUrlOf(this.#place);
    this.#caCerts = caCerts;
    this.#onFailure = onFailure;
    this.#headers = token === undefined ? {} : { Authorization: `Bearer ${token}` };
  }

  /**
   * Fetches the state of one client; a client that the server does not know is DISCONNECTED.
   *
   * @throws {Error} if there is no answer.
   */
  async get(id: string): Promise<GameOperatorReply> {
    const [word, clientID = "", state] = await this.#ask(["GetClientState", id]);
    const known = parseClientState(state);
    if (word !== "ClientState" || known === undefined) {
      throw new GameError("protocol", clientID);
    }
    return [{ clientID, state: known }];
  }

  /**
   * Lists all clients and their states.
   *
   * @throws {Error} if there is no answer.
   */
  async list(): Promise<GameOperatorReply> {
    const [, json = ""] = await this.#ask(["ListClients"]);
    const { clients } = JSON.parse(json) as { clients: GameClientState[] };
    return clients;
  }

  /**
   * Forces a client into a state.
   *
   * @throws {Error} if the server does not know the client, or does not answer.
   */
  async set(id: string, state: ClientState): Promise<GameOperatorReply> {
    const text = JSON.stringify({ clientID: id, state });
    const { status, body } = await postJson(
      { ...this.#place, headers: this.#headers },
      "/State/ForceStateClient",
      text,
    );
    const reply = JSON.parse(body) as Partial<GameClientState> & { detail?: unknown };
    if (status !== 200 || reply.state === undefined) {
      throw new GameError(
        "status",
        typeof reply.detail === "string" ? reply.detail : `Status ${status}`,
      );
    }
    return [{ clientID: id, state: reply.state }];
  }

  /**
   * Follows the states from now on.
   *
   * @param id One client only; all if not given.
   * @param signal Ends the watching.
   */
  async *watch(id: string | undefined, signal: AbortSignal): AsyncGenerator<GameClientState> {
    await using sub = new ZmqSub(`${this.#ws}/zmq/sub`, {
      caCerts: this.#caCerts,
      topics: [`${TOPIC}${id ?? ""}`],
      onStatus: (status) => {
        if (status.type !== "up") this.#onFailure?.(status.error.message);
      },
      signal,
    });
    for await (const [first, second] of sub) {
      const topic = first === undefined ? undefined : textOf(first);
      const state = second === undefined ? undefined : parseClientState(textOf(second));
      if (topic === undefined || state === undefined) continue;
      const clientID = topic.slice(TOPIC.length);
      if (id === undefined || clientID === id) yield { clientID, state };
    }
  }

  /** Ends the connection. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#req?.close();
  }

  async #ask(words: readonly string[]): Promise<string[]> {
    this.#req ??= new ZmqReq(`${this.#ws}/zmq/req`, { caCerts: this.#caCerts });
    const reply = await this.#req.request(words, { timeoutMs: TIMEOUT_MS });
    return reply.map((frame) => DECODER.decode(frame));
  }
}
