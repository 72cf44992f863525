/**
 * The game server's side of the ZeroMQ channel (mlf.md section 4).
 *
 * @module
 */

import type { LastValueReply } from "../../net/zmq/forwarder.ts";
import type { ZmqReply } from "../../net/zmq/router.ts";
import type { ZmqRemote } from "../../net/zmq/peer.ts";
import type { ZmqMessage } from "../../wire/zmq/message.ts";
import { parseGameRequest } from "../../wire/mlf/request.ts";
import { admitsTopic, clientOfTopic, readTopicMessage, topicOf } from "../../wire/mlf/topics.ts";
import { parseClientState } from "../../core/client_state.ts";
import { visibleCut } from "../../core/visible.ts";
import { GameGuard } from "./guard.ts";
import type { Intermediary } from "../../net/zmq/forwarder.ts";
import type { GameService } from "./service.ts";
import { viewClient } from "./views.ts";

/** The most characters of a payload that are shown. */
const SHOWN_MAX = 40;

/** Translates between the topics of clients and the service. A constant number of sockets serves all. */
export class StateChannel {
  readonly #service: GameService;
  readonly #guard: GameGuard;

  /**
   * @param service Decides about clients.
   * @param guard Decides who may publish what; everybody may publish everything if not given.
   */
  constructor(service: GameService, guard: GameGuard = new GameGuard()) {
    this.#service = service;
    this.#guard = guard;
  }

  /** Listens to what clients publish. */
  attach(intermediary: Intermediary): Disposable {
    const stack = new DisposableStack();
    stack.use(intermediary.listen("GetClientState", (message) => this.onQuestion(message)));
    stack.use(intermediary.listen("SetClientState", (message) => this.onReport(message)));
    return stack;
  }

  /**
   * Which subscriptions match a topic: as in ZeroMQ, except that no client gets another's messages.
   */
  admits(topic: Uint8Array, prefixBytes: number): boolean {
    return admitsTopic(topic, prefixBytes, (id) => this.#service.clients.has(id));
  }

  /** Whether to forward a publication; the reason for a refusal is reported once. */
  takes(message: ZmqMessage, peer: ZmqRemote): boolean {
    const refusal = this.#guard.publicationRefusal(message, peer);
    if (refusal === undefined) return true;
    this.#service.remark("", refusal);
    return false;
  }

  /** Sends the current state to each new subscriber of one client's states. */
  onSubscribe(topic: Uint8Array, reply: LastValueReply): void {
    const clientId = clientOfTopic(topic, ["OnStateChange"])?.clientId;
    const client = clientId === undefined ? undefined : this.#service.clients.get(clientId);
    if (client !== undefined) reply([topicOf("OnStateChange", client.id), client.state]);
  }

  /** A client asks for its state. */
  onQuestion(message: ZmqMessage): void {
    const question = readTopicMessage("GetClientState", message);
    if (question !== undefined) this.#service.tell(question.clientId);
    else this.#service.refuse("", "GetClientState names no client");
  }

  /**
   * Handles a client's report. A client may only report that it is calibrated; any other report is
   * answered with its current state.
   */
  onReport(message: ZmqMessage): void {
    const report = readTopicMessage("SetClientState", message);
    if (report === undefined) return this.#service.refuse("", "SetClientState names no client");
    const { clientId, payload } = report;
    const state = parseClientState(payload.trim());
    if (state === undefined) {
      return this.#service.refuse(
        clientId,
        `"${visibleCut(payload.trim(), SHOWN_MAX)}" is not a state`,
      );
    }
    if (state !== "CALIBRATED") {
      return this.#service.refuse(
        clientId,
        `only the server sets ${state}: a client reports CALIBRATED only`,
      );
    }
    if (this.#service.act(clientId, "calibrated", "client") === "unknown") {
      this.#service.refuse(clientId, "it has sent no heartbeat");
    }
  }

  /** Answers a request. */
  onRequest(frames: ZmqMessage, peer?: ZmqRemote): ZmqReply {
    const request = parseGameRequest(frames);
    const { clients } = this.#service;
    switch (request.command) {
      case "get":
        return ["ClientState", request.clientId, this.#service.stateOf(request.clientId)];
      case "set": {
        const { clientId, state } = request;
        if (peer !== undefined && !this.#guard.mayReport(peer)) {
          return ["Error", `Cannot set state to ${state}: ${peer.address} may not do that`];
        }
        const outcome = this.#service.lead(clientId, state);
        if (outcome === "done") return ["ClientState", clientId, this.#service.stateOf(clientId)];
        const detail = outcome === "unknown"
          ? "is not connected"
          : `is ${this.#service.stateOf(clientId)}`;
        return ["Error", `Cannot set state to ${state}: client "${clientId}" ${detail}`];
      }
      case "list": {
        const now = this.#service.now();
        const views = [...clients.values()].map((client) => viewClient(client, now));
        return ["Clients", JSON.stringify({ clients: views })];
      }
      case "error":
        return ["Error", request.message];
    }
  }
}
