/**
 * The ZeroMQ channel between a game client and its server.
 *
 * @module
 */

import { type ClientState, parseClientState } from "../../core/client_state.ts";
import { type GameCommand, textOf, topicOf } from "../../wire/mlf/topics.ts";
import { ZmqPub } from "../zmq/pub.ts";
import { ZmqSub } from "../zmq/sub.ts";
import { Timer } from "../../net/timer.ts";
import { inBackground } from "../../net/background.ts";

/** Where a channel connects, and who listens. */
export interface GameChannelOptions {
  /** The client's identity. */
  readonly id: string;
  /** URL where publishers connect. */
  readonly publisher: string;
  /** URL where subscribers connect. */
  readonly subscriber: string;
  /** Certificates (PEM) to trust for `wss` servers, besides the system's. */
  readonly caCerts: readonly string[];
  /** Called with each state that the server sends. */
  readonly onState: (state: ClientState) => void;
  /** Called with each command of the operator. */
  readonly onCommand: (command: GameCommand) => void;
  /** Called when the server asks the client to fetch its calibration again. */
  readonly onCalibrate: () => void;
}

/** How often a question or report is repeated until it is answered, in milliseconds. */
export const ASK_AGAIN_MS = 1_000;

const COMMANDS: readonly string[] = ["LOBBY", "START", "EMERGENCY"] satisfies GameCommand[];

/**
 * The two sockets of a client during one connection. It asks for its state until it gets an answer,
 * and reports that it is calibrated until the server agrees: either may be lost while sockets
 * connect.
 */
export class GameChannel implements AsyncDisposable {
  readonly #options: GameChannelOptions;
  readonly #sub: ZmqSub;
  readonly #pub: ZmqPub;
  readonly #reading: Promise<void>;
  readonly #timer: Timer;
  #isAnswered = false;
  #isReporting = false;

  /**
   * Connects in the background.
   *
   * @throws {TypeError} if a URL is not a ZeroMQ URL.
   */
  constructor(options: GameChannelOptions) {
    const { id, publisher, subscriber, caCerts } = options;
    this.#options = options;
    const topics = (["OnStateChange", "OnCommand", "Calibrate"] as const)
      .map((name) => topicOf(name, id));
    this.#sub = new ZmqSub(subscriber, { topics, caCerts });
    this.#pub = new ZmqPub(publisher, { caCerts });
    this.#reading = inBackground(this.#read());
    this.#timer = Timer.every(ASK_AGAIN_MS, () => this.#say());
    inBackground(this.#begin());
  }

  /** Reports that the client is calibrated, until the server agrees. */
  reportCalibrated(): void {
    this.#isReporting = true;
    this.#say();
  }

  /** Ends both sockets. Idempotent. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#timer.stop();
    await Promise.all([this.#sub.close(), this.#pub.close()]);
    await this.#reading;
  }

  /** Asks as soon as the answer cannot be missed. */
  async #begin(): Promise<void> {
    await this.#sub.connected();
    await this.#pub.subscribed(topicOf("GetClientState", this.#options.id));
    this.#say();
  }

  #say(): void {
    const { id } = this.#options;
    if (!this.#pub.isConnected) return;
    if (!this.#isAnswered) this.#pub.send([topicOf("GetClientState", id), ""]);
    if (this.#isReporting) this.#pub.send([topicOf("SetClientState", id), "CALIBRATED"]);
  }

  async #read(): Promise<void> {
    const { id, onState, onCommand, onCalibrate } = this.#options;
    for await (const [first, second] of this.#sub) {
      const topic = first === undefined ? undefined : textOf(first);
      const payload = second === undefined ? "" : textOf(second) ?? "";
      // A subscription is a prefix, so client 1 also gets what is meant for client 10.
      if (topic === topicOf("OnStateChange", id)) {
        const state = parseClientState(payload);
        if (state === undefined) continue;
        this.#isAnswered = true;
        if (state !== "UNCALIBRATED") this.#isReporting = false;
        onState(state);
      } else if (topic === topicOf("Calibrate", id)) {
        onCalibrate();
      } else if (topic === topicOf("OnCommand", id) && COMMANDS.includes(payload)) {
        onCommand(payload as GameCommand);
      }
    }
  }
}
