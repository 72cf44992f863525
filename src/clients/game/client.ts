/**
 * The other end of the game server: what a headset's game does.
 *
 * @module
 */

import type { ClientState } from "../../core/client_state.ts";
import { messageOf } from "../../core/message_of.ts";
import { Sleep } from "../../net/sleep.ts";
import { parseClientId } from "../../wire/mlf/client_id.ts";
import type { GameCommand } from "../../wire/mlf/topics.ts";
import { GameChannel } from "./channel.ts";
import {
  channelUrls,
  GAME_PORT,
  type GamePlace,
  getJson,
  parseGameUrl,
  postHeartbeat,
} from "./http.ts";
import { checkOptions } from "../../core/option_ranges.ts";
import { reportFault, tellUser } from "../../net/user_callback.ts";
import { GAME_RANGES } from "../option_ranges.ts";
import { inBackground } from "../../net/background.ts";

/** Options of {@linkcode GameClient}. */
export interface GameClientOptions {
  /** The game server, `http` or `https`; `http://127.0.0.1:6969`. */
  readonly url?: string;
  /** Certificates (PEM) that an `https` server is trusted by, beside those of the system. */
  readonly caCerts?: readonly string[];
  /** Who this client is; the server is asked for an identity if not given. */
  readonly id?: string;
  /** Time between an answered heartbeat and the next, in milliseconds, at least 50; 2 000. */
  readonly intervalMs?: number;
  /** How long a reply may take, in milliseconds; 2 000. */
  readonly timeoutMs?: number;
  /** Where ZeroMQ publishers connect; over WebSocket on the port of the URL if not given. */
  readonly publisherUrl?: string;
  /** Where ZeroMQ subscribers connect; over WebSocket on the port of the URL if not given. */
  readonly subscriberUrl?: string;
  /** What the client goes by while the server has no file for it; without one it stays uncalibrated. */
  readonly ownCalibration?: unknown;
  /**
   * Applies a calibration; the client says that it is calibrated when that is done. If this throws or
   * rejects, it is called again after the next heartbeat.
   */
  readonly onCalibration?: (calibration: unknown) => void | Promise<void>;
  /** Told of each command of the operator. */
  readonly onCommand?: (command: GameCommand) => void;
  /** Told of each request that failed, in one line. */
  readonly onFailure?: (message: string) => void;
  /** Stops the client for good. */
  readonly signal?: AbortSignal;
}

/** Told of the state now, and of each change; `previous` is undefined the first time. */
export type StateListener = (state: ClientState, previous: ClientState | undefined) => void;

const TIMEOUT_MS_DEFAULT = 2_000;
const INTERVAL_MS_DEFAULT = 2_000;
/** After so many heartbeats without a reply the client considers the server gone. */
const FAILURES_MAX = 3;

/**
 * A game client: sends heartbeats one at a time, opens ZeroMQ after the first that was accepted, and
 * follows the state that the server decides. It survives restarts of the server.
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
  #id: string | undefined;
  #state: ClientState = "DISCONNECTED";
  #heartbeats = 0;
  #channels = 0;
  #life: Life | undefined;
  /** Ends of earlier lives, one after the other. */
  #ending: Promise<void> = Promise.resolve();

  /**
   * Makes a client and starts it.
   *
   * @throws {TypeError} if a URL or the identity is none.
   * @throws {RangeError} if the interval is out of range.
   */
  constructor(options: GameClientOptions = {}) {
    const { url = `http://127.0.0.1:${GAME_PORT}`, id, signal } = options;
    if (id !== undefined && parseClientId(id) === undefined) {
      throw new TypeError(`Cannot make game client: "${id}" is not an ID`);
    }
    checkOptions("game client", options, GAME_RANGES);
    this.#intervalMs = options.intervalMs ?? INTERVAL_MS_DEFAULT;
    this.#options = options;
    this.#id = id;
    this.#place = {
      ...parseGameUrl(url, options.caCerts),
      timeoutMs: options.timeoutMs ?? TIMEOUT_MS_DEFAULT,
    };
    this.#urls = channelUrls(this.#place, options);
    signal?.addEventListener("abort", this.#onAbort);
    this.start();
  }

  /** Who the client is; undefined until the server has given it an identity. */
  get id(): string | undefined {
    return this.#id;
  }

  /** What the client is doing. */
  get state(): ClientState {
    return this.#state;
  }

  /** Heartbeats that were accepted. */
  get heartbeats(): number {
    return this.#heartbeats;
  }

  /** How often ZeroMQ was opened. */
  get channels(): number {
    return this.#channels;
  }

  /** Starts again after a stop; nothing happens while it runs. */
  start(): void {
    if (this.#life !== undefined || this.#options.signal?.aborted) return;
    const life = new Life();
    this.#life = life;
    life.running = inBackground(this.#run(life, this.#ending));
  }

  /** Stops heartbeats and closes the sockets; the server removes the client when its time is over. */
  async stop(): Promise<void> {
    const life = this.#life;
    this.#life = undefined;
    if (life !== undefined) {
      this.#enter("DISCONNECTED");
      this.#ending = inBackground(life.end());
    }
    await this.#ending;
  }

  /** Tells the state now and each one from now on, until it is disposed of. */
  watch(listener: StateListener): Disposable {
    this.#listeners.add(listener);
    tellUser(listener, this.#state, undefined);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  /** Stops the client for good. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#options.signal?.removeEventListener("abort", this.#onAbort);
    await this.stop();
  }

  readonly #onAbort = (): void => void inBackground(this.stop());

  async #run(life: Life, earlier: Promise<void>): Promise<void> {
    await earlier;
    let failures = 0;
    while (!life.signal.aborted) {
      const isAccepted = await this.#beat(life);
      if (life.signal.aborted) return;
      failures = isAccepted ? 0 : failures + 1;
      if (isAccepted) this.#onAccepted(life);
      if (failures === FAILURES_MAX) await this.#disconnect(life);
      await life.alarm.sleep(this.#intervalMs);
    }
  }

  /** Sends one heartbeat, the only one under way. */
  async #beat({ signal }: Life): Promise<boolean> {
    try {
      const place = { ...this.#place, signal };
      this.#id ??= await askForId(place);
      const { status } = await postHeartbeat(place, this.#id, this.#state);
      if (status === 200) {
        this.#heartbeats++;
        return true;
      }
      tellUser(this.#options.onFailure, `Cannot send heartbeat: the server answers ${status}`);
    } catch (error) {
      if (!signal.aborted) tellUser(this.#options.onFailure, messageOf(error));
    }
    return false;
  }

  #onAccepted(life: Life): void {
    if (life.channel === undefined) this.#open(life);
    else if (this.#state === "UNCALIBRATED") inBackground(this.#calibrate(life));
  }

  /** Opens ZeroMQ, once in each connection however many heartbeats are accepted. */
  #open(life: Life): void {
    this.#channels++;
    const channel: GameChannel = new GameChannel({
      id: this.#id ?? "",
      caCerts: this.#options.caCerts ?? [],
      ...this.#urls,
      onState: (state) => this.#onState(life, channel, state),
      onCommand: (command) => tellUser(this.#options.onCommand, command),
      onCalibrate: () => inBackground(this.#calibrate(life)),
    });
    life.channel = channel;
  }

  #onState(life: Life, channel: GameChannel, state: ClientState): void {
    if (life.channel !== channel || life.signal.aborted) return;
    if (state === "DISCONNECTED") return void inBackground(this.#disconnect(life));
    this.#enter(state);
    if (state === "UNCALIBRATED") inBackground(this.#calibrate(life));
  }

  /** Fetches the calibration and applies it; one at a time. */
  async #calibrate(life: Life): Promise<void> {
    if (life.isCalibrating) return;
    life.isCalibrating = true;
    try {
      const place = { ...this.#place, signal: life.signal };
      const reply = await getJson(place, `/GetJson?clientID=${this.#id}`);
      const calibration = reply.status === 200
        ? JSON.parse(reply.body) as unknown
        : this.#options.ownCalibration;
      if (calibration === undefined) return;
      if (await this.#isApplied(calibration) && !life.signal.aborted) {
        life.channel?.reportCalibrated();
      }
    } catch (error) {
      if (!life.signal.aborted) tellUser(this.#options.onFailure, messageOf(error));
    } finally {
      life.isCalibrating = false;
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

  /** Closes ZeroMQ; the next heartbeat that is accepted opens it again. */
  async #disconnect(life: Life): Promise<void> {
    const { channel } = life;
    life.channel = undefined;
    this.#enter("DISCONNECTED");
    await channel?.[Symbol.asyncDispose]();
  }

  #enter(state: ClientState): void {
    const previous = this.#state;
    if (previous === state) return;
    this.#state = state;
    for (const listener of this.#listeners) tellUser(listener, state, previous);
  }
}

/** From a start to its stop. */
class Life {
  readonly alarm = new Sleep();
  readonly #abort = new AbortController();
  readonly signal: AbortSignal = this.#abort.signal;
  channel: GameChannel | undefined = undefined;
  isCalibrating = false;
  running: Promise<void> = Promise.resolve();

  async end(): Promise<void> {
    this.#abort.abort();
    this.alarm.close();
    await this.running;
    await this.channel?.[Symbol.asyncDispose]();
  }
}

async function askForId(place: GamePlace): Promise<string> {
  const { status, body } = await getJson(place, "/GetClientId");
  const id = status === 200 ? parseClientId(JSON.parse(body)) : undefined;
  if (id === undefined) throw new Error(`Cannot get client ID: the server answers ${status}`);
  return id;
}
