/**
 * A client of the game server: the part of a headset's game.
 *
 * @module
 */

import type { ClientState } from "../../core/client_state.ts";
import { Sleep } from "../../net/sleep.ts";
import { parseClientId } from "../../wire/mlf/client_id.ts";
import type { GameCommand } from "../../wire/mlf/topics.ts";
import { hostAndPort } from "../../wire/url/place.ts";
import { GameChannel } from "./channel.ts";
import { GameError, toGameError } from "./error.ts";
import {
  channelUrls,
  GAME_PORT,
  type GamePlace,
  getJson,
  parseGameUrl,
  postHeartbeat,
} from "./http.ts";
import { checkOptions } from "../../core/option_ranges.ts";
import { type StatusListener, StatusReports } from "../../net/client_status.ts";
import { reportFault, tellUser } from "../../net/user_callback.ts";
import { GAME_CHECKS } from "../option_ranges.ts";
import { inBackground } from "../../net/background.ts";

/** Options of {@linkcode GameClient}. */
export interface GameClientOptions {
  /** The game server, `http` or `https`; `http://127.0.0.1:6969`. */
  readonly url?: string;
  /** Certificates (PEM) to trust for `https` servers, besides the system's. */
  readonly caCerts?: readonly string[];
  /**
   * The client's identity: 1 to 64 letters, digits, dots, colons, hyphens or underscores. If none
   * is given, the server assigns one (`GET /GetClientId`).
   */
  readonly id?: string;
  /** Time from an answered heartbeat to the next, in milliseconds, 50 or more; 2 000. */
  readonly intervalMs?: number;
  /** Timeout of a reply, in milliseconds, 0 or more; 2 000. */
  readonly timeoutMs?: number;
  /** Where ZeroMQ publishers connect; `/zmq/pub` over WebSocket on the port of `url` if not given. */
  readonly publisherUrl?: string;
  /** Where ZeroMQ subscribers connect; `/zmq/sub` over WebSocket on the port of `url` if not given. */
  readonly subscriberUrl?: string;
  /**
   * Used while the server has no calibration for this client; without it, the client stays
   * `UNCALIBRATED`.
   */
  readonly ownCalibration?: unknown;
  /**
   * Applies a calibration; the client reports `CALIBRATED` when that is done. If this throws or
   * rejects, it is called again after the next heartbeat.
   */
  readonly onCalibration?: (calibration: unknown) => void | Promise<void>;
  /** Called with each command of the operator. */
  readonly onCommand?: (command: GameCommand) => void;
  /**
   * Called with `up` when a heartbeat is accepted, `down` after three without a reply in a row, and
   * `failed` for each other request that failed.
   */
  readonly onStatus?: StatusListener<GameError>;
  /** Closes the client like {@linkcode GameClient.close}. */
  readonly signal?: AbortSignal;
}

/**
 * Called with the current state and with each new one; `previous` is `undefined` the first time.
 */
export type StateListener = (state: ClientState, previous: ClientState | undefined) => void;

const TIMEOUT_MS_DEFAULT = 2_000;
const INTERVAL_MS_DEFAULT = 2_000;
/** Number of heartbeats in a row without a reply after which the server counts as gone. */
const FAILURES_MAX = 3;

/**
 * A game client: sends heartbeats one at a time, opens ZeroMQ after the first that was accepted, and
 * follows the state that the server decides (mlf.md sections 3 to 5). It survives restarts of the
 * server.
 *
 * @example
 * ```ts
 * import { GameClient } from "@pulsebox/pulsebox";
 *
 * await using client = new GameClient({ url: "http://127.0.0.1:6969", id: "1" });
 * using _ = client.watch((state) => console.log(`The game is ${state}`));
 * ```
 */
export class GameClient implements AsyncDisposable {
  readonly #options: GameClientOptions;
  readonly #place: GamePlace;
  readonly #urls: ReturnType<typeof channelUrls>;
  readonly #listeners = new Set<StateListener>();
  readonly #intervalMs: number;
  readonly #status: StatusReports<GameError>;
  readonly #ending = new AbortController();
  readonly #sleep = new Sleep();
  readonly #running: Promise<void>;
  #id: string | undefined;
  #state: ClientState = "DISCONNECTED";
  #heartbeats = 0;
  #channels = 0;
  #channel: GameChannel | undefined;
  /** Work that holds connections. */
  readonly #held = new Set<Promise<unknown>>();
  #isCalibrating = false;

  /**
   * Makes a client and starts it.
   *
   * @throws {TypeError} if a URL or the identity cannot be used, or an option is unknown.
   * @throws {RangeError} if a time is out of range.
   */
  constructor(options: GameClientOptions = {}) {
    const { url = `http://127.0.0.1:${GAME_PORT}`, id, signal } = options;
    if (id !== undefined && parseClientId(id) === undefined) {
      throw new TypeError(`Cannot make game client: "${id}" is not an ID`);
    }
    checkOptions("game client", options, GAME_CHECKS);
    this.#intervalMs = options.intervalMs ?? INTERVAL_MS_DEFAULT;
    this.#options = options;
    this.#id = id;
    this.#place = {
      ...parseGameUrl(url, options.caCerts),
      timeoutMs: options.timeoutMs ?? TIMEOUT_MS_DEFAULT,
    };
    this.#urls = channelUrls(this.#place, options);
    this.#status = new StatusReports(options.onStatus);
    if (signal?.aborted) this.#end();
    else signal?.addEventListener("abort", this.#end);
    this.#running = inBackground(this.#run());
  }

  /** The client's identity; undefined until the server has assigned one. */
  get id(): string | undefined {
    return this.#id;
  }

  /** Whether the server accepts heartbeats: `false` at first, and after three without a reply. */
  get isConnected(): boolean {
    return this.#status.isUp;
  }

  /** The state that the server has set; `DISCONNECTED` without a server. */
  get state(): ClientState {
    return this.#state;
  }

  /** Number of heartbeats that were accepted. */
  get heartbeats(): number {
    return this.#heartbeats;
  }

  /** Number of times that ZeroMQ was opened: once for each connection to the server. */
  get channels(): number {
    return this.#channels;
  }

  /**
   * Calls a listener with the current state and with each new one, until the result is disposed of.
   */
  watch(listener: StateListener): Disposable {
    this.#listeners.add(listener);
    tellUser(listener, this.#state, undefined);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  /**
   * Stops heartbeats and closes the sockets. The server is not told: it removes the client when its
   * timebomb goes off. Idempotent.
   */
  close(): Promise<void> {
    this.#end();
    return this.#running;
  }

  /** Closes the client; for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  readonly #end = (): void => {
    this.#options.signal?.removeEventListener("abort", this.#end);
    this.#ending.abort();
    this.#sleep.close();
    this.#enter("DISCONNECTED");
  };

  async #run(): Promise<void> {
    const { signal } = this.#ending;
    for (let failures = 0; !signal.aborted;) {
      const failure = await this.#beat(signal);
      if (signal.aborted) break;
      failures = failure === undefined ? 0 : failures + 1;
      if (failure === undefined) this.#onAccepted();
      else if (failures < FAILURES_MAX) this.#status.failed(failure);
      else this.#status.down(failure);
      if (failures === FAILURES_MAX) await this.#disconnect();
      await this.#sleep.sleep(this.#intervalMs);
    }
    await this.#channel?.[Symbol.asyncDispose]();
    await Promise.allSettled(this.#held);
  }

  /** Lets {@linkcode GameClient.close} wait for work that holds connections. */
  async #holding<T>(work: Promise<T>): Promise<T> {
    this.#held.add(work);
    try {
      return await work;
    } finally {
      this.#held.delete(work);
    }
  }

  /** Sends one heartbeat, one at a time; returns the failure if it was not accepted. */
  async #beat(signal: AbortSignal): Promise<GameError | undefined> {
    try {
      const place = { ...this.#place, signal };
      this.#id ??= await askForId(place);
      const { status } = await postHeartbeat(place, this.#id, this.#state);
      if (status === 200) return undefined;
      return new GameError("status", `Cannot send heartbeat: the server answers ${status}`);
    } catch (error) {
      return toGameError(error);
    }
  }

  #onAccepted(): void {
    this.#heartbeats++;
    this.#status.up(hostAndPort(this.#place));
    if (this.#channel === undefined) this.#open();
    else if (this.#state === "UNCALIBRATED") inBackground(this.#calibrate());
  }

  /** Opens ZeroMQ, once per connection, however many heartbeats are accepted. */
  #open(): void {
    this.#channels++;
    const channel: GameChannel = new GameChannel({
      id: this.#id ?? "",
      caCerts: this.#options.caCerts ?? [],
      ...this.#urls,
      onState: (state) => this.#onState(channel, state),
      onCommand: (command) => tellUser(this.#options.onCommand, command),
      onCalibrate: () => inBackground(this.#calibrate()),
    });
    this.#channel = channel;
  }

  #onState(channel: GameChannel, state: ClientState): void {
    if (this.#channel !== channel || this.#ending.signal.aborted) return;
    if (state === "DISCONNECTED") return void inBackground(this.#disconnect());
    this.#enter(state);
    if (state === "UNCALIBRATED") inBackground(this.#calibrate());
  }

  /** Fetches the calibration and applies it; one at a time. */
  async #calibrate(): Promise<void> {
    if (this.#isCalibrating) return;
    this.#isCalibrating = true;
    const { signal } = this.#ending;
    try {
      const place = { ...this.#place, signal };
      const reply = await this.#holding(getJson(place, `/GetJson?clientID=${this.#id}`));
      const calibration = reply.status === 200
        ? JSON.parse(reply.body) as unknown
        : this.#options.ownCalibration;
      if (calibration === undefined) return;
      if (await this.#isApplied(calibration) && !signal.aborted) this.#channel?.reportCalibrated();
    } catch (error) {
      if (!signal.aborted) this.#status.failed(toGameError(error));
    } finally {
      this.#isCalibrating = false;
    }
  }

  async #isApplied(calibration: unknown): Promise<boolean> {
    try {
      await this.#options.onCalibration?.(calibration);
      return true;
    } catch (error) {
      reportFault(error);
      return false;
    }
  }

  /** Closes ZeroMQ; the next accepted heartbeat opens it again. */
  async #disconnect(): Promise<void> {
    const channel = this.#channel;
    this.#channel = undefined;
    this.#enter("DISCONNECTED");
    if (channel !== undefined) await this.#holding(channel[Symbol.asyncDispose]());
  }

  #enter(state: ClientState): void {
    const previous = this.#state;
    if (previous === state) return;
    this.#state = state;
    for (const listener of this.#listeners) tellUser(listener, state, previous);
  }
}

async function askForId(place: GamePlace): Promise<string> {
  const { status, body } = await getJson(place, "/GetClientId");
  const id = status === 200 ? parseClientId(JSON.parse(body)) : undefined;
  if (id === undefined) {
    throw new GameError("status", `Cannot get client ID: the server answers ${status}`);
  }
  return id;
}
