/**
 * Serves the requests of one connection, one after the other.
 *
 * @module
 */

import { type RequestEvent, RequestParser } from "../../wire/http1/parser.ts";
import type { RequestHead } from "../../wire/http1/request_head.ts";
import type { Violation } from "../../wire/http1/violation.ts";
import { type Persistence, persistenceFor } from "../../wire/http1/writer.ts";
import type { Connection } from "../tcp/connection.ts";
import type { CloseReason } from "../tcp/connection_limits.ts";
import type { Receiver } from "../tcp/inflow.ts";
import { type ExchangeConnection, HttpExchange, type NextStep } from "./exchange.ts";
import { ownReply } from "./own_reply.ts";
import type { FastReply } from "./fast_reply.ts";
import type { Handover, HttpContext } from "./service.ts";
import { inBackground } from "../background.ts";

const FAULT_TEXT = "Cannot answer: the server has a fault\n";
const NOT_FOUND_TEXT = "Cannot answer: there is nothing at this address\n";

/**
 * The most requests of one connection that are answered in a row before other connections get their
 * turn.
 */
const REQUESTS_AT_ONCE_MAX = 64;

/** What to do when all events that are ready have been processed. */
type Step = NextStep | "receive" | "others-first" | "drain" | "handed-over" | HttpExchange;

/**
 * Serves one connection, and alone decides which phase it is in. The fast path answers before
 * anything is awaited. Further requests are received before the replies are sent, up to a limit.
 */
export class HttpConnection implements Receiver, ExchangeConnection {
  /** The connection itself. */
  readonly connection: Connection;
  /** What the connections of the server share. */
  readonly context: HttpContext;
  readonly #parser: RequestParser;
  /** The pending read, shared by everyone who waits for bytes. */
  #receiving: Promise<boolean> | undefined;
  /** Set when the request being received is already answered: the rest of its body is discarded. */
  #isAnswered = false;
  #endsAfterRequest = false;
  #lingerReason: CloseReason = "finished";
  #requests = 0;
  #requestsSeen = 0;
  /** Requests since other connections last had their turn. */
  #requestsAtOnce = 0;
  #takeover: Promise<void> | undefined;
  #exchange: HttpExchange | undefined;
  #isEndWatched = false;
  readonly #done = Promise.withResolvers<void>();

  /**
   * @param connection A new connection.
   * @param context What the connections of the server share.
   */
  constructor(connection: Connection, context: HttpContext) {
    this.connection = connection;
    this.context = context;
    this.#parser = new RequestParser(context.limits, context.service.syntax);
  }

  /** Serves until the connection has ended. */
  run(): Promise<void> {
    const { connection, context } = this;
    connection.enter("silent", context.limits.firstByteMs);
    this.#goOn();
    return this.#done.promise;
  }

  /** Processes everything that is ready. Whatever it has to wait for calls it again. */
  #goOn(): void {
    try {
      if (this.connection.closeReason !== undefined) return this.#done.resolve();
      const step = this.#deal();
      if (step !== "receive") {
        void this.#take(step);
        return;
      }
      this.#enterPhase();
      if (this.#receiving === undefined) {
        this.connection.receive(this.#parser.space(), this);
      } else void this.#receiving.then(this.#onMore);
    } catch (error) {
      this.#done.reject(error);
    }
  }

  /** Runs the steps that have to wait. */
  async #take(step: Exclude<Step, "receive">): Promise<void> {
    const { connection } = this;
    try {
      if (typeof step === "object") step = await this.#exchangeOne(step);
      switch (step) {
        case "go-on":
          // If the peer pipelines requests, other connections are served in between.
          if (this.#parser.bufferedBytes > 0) await connection.othersFirst();
          break;
        case "others-first":
          this.#requestsAtOnce = 0;
          await connection.othersFirst();
          break;
        case "drain":
          connection.enter("busy", Infinity);
          await connection.drained();
          break;
        case "linger":
          await connection.linger(this.#lingerReason);
          return this.#done.resolve();
        case "handed-over":
          await this.#takeover;
          return this.#done.resolve();
        case "end":
          connection.end();
          return this.#done.resolve();
      }
    } catch (error) {
      return this.#done.reject(error);
    }
    this.#goOn();
  }

  /** Whether more can be received before events are taken. */
  get hasRoom(): boolean {
    return this.#parser.bufferedBytes < this.context.limits.headBytesMax;
  }

  /** The next event of the request that is being received. */
  nextEvent(): RequestEvent | undefined {
    const event = this.#parser.next();
    if (event?.kind === "end") this.#requests++;
    return event;
  }

  /**
   * Receives more bytes, or joins the read that is already pending.
   *
   * Call it only when there is room: after taking all events, or while {@linkcode hasRoom}.
   *
   * @return False if no more will come.
   */
  receive(): Promise<boolean> {
    if (this.#parser.isInBody) this.connection.enter("receiving", this.context.limits.bodyMs);
    return this.#receiving ??= this.connection.read(this.#parser.space()).then(
      this.#onSharedReceived,
    );
  }

  /** Sends a reply whose body is complete. */
  sendReply(reply: FastReply, persistence: Persistence, method: string): void {
    const { date, repeated } = this.context;
    this.connection.send(repeated.encode(reply, date, persistence, method));
  }

  /** Answers a request with an error on the server's side. */
  sendFault(head: RequestHead, persistence: Persistence): void {
    this.sendReply(ownReply(this.context.service, 500, FAULT_TEXT), persistence, head.method);
  }

  /**
   * Answers a protocol violation; the connection then lingers until the peer has read the reply.
   *
   * @param method Of the request, where it is known: a reply to `HEAD` is only the head.
   */
  refuse({ status, message }: Violation, method = "GET"): void {
    this.sendReply(ownReply(this.context.service, status, `${message}\n`), "close", method);
    this.#lingerReason = "violation";
  }

  /** Marks the request as answered, even if parts of its body are still to come. */
  forgetBody(): void {
    this.#isAnswered = true;
  }

  /** Whether the connection can continue after a request whose body is not wanted. */
  canForgetBody(head: RequestHead): boolean {
    return !head.expectsContinue && head.bodyBytes <= this.context.limits.discardBytes;
  }

  async #exchangeOne(exchange: HttpExchange): Promise<NextStep> {
    if (!this.#isEndWatched) {
      this.#isEndWatched = true;
      // Subscribe once for all exchanges: the promise would keep each subscription as long as the
      // connection lasts.
      inBackground(this.connection.ended().then(() => this.#exchange?.onPeerGone()));
    }
    this.#exchange = exchange;
    this.connection.enter("busy", Infinity);
    const step = await exchange.run();
    this.#exchange = undefined;
    return step;
  }

  /** Called by the connection only. */
  onReceived(count: number | null): void {
    if (count !== null) this.#parser.commit(count);
    this.#onMore(count !== null);
  }

  readonly #onMore = (isMore: boolean): void => {
    if (isMore) return this.#goOn();
    // Replies to requests that arrived before the end are still sent.
    this.connection.end();
    this.#done.resolve();
  };

  readonly #onSharedReceived = (count: number | null): boolean => {
    this.#receiving = undefined;
    // The handler may take as long as it likes to ask for more.
    if (this.#exchange !== undefined) this.connection.enter("busy", Infinity);
    if (count === null) return false;
    this.#parser.commit(count);
    return true;
  };

  #deal(): Step {
    const { pendingBytes } = this.context.limits;
    for (;;) {
      if (this.#requestsAtOnce >= REQUESTS_AT_ONCE_MAX) return "others-first";
      if (this.connection.queueBytes > pendingBytes) return "drain";
      const event = this.nextEvent();
      if (event === undefined) return "receive";
      switch (event.kind) {
        case "head": {
          this.#requestsAtOnce++;
          const step = this.#begin(event);
          if (step !== undefined) return step;
          break;
        }
        case "end":
          this.#isAnswered = false;
          if (this.#endsAfterRequest) return "end";
          break;
        case "violation":
          // The peer would take a second reply for the answer to its next request.
          if (!this.#isAnswered) this.refuse(event);
          return "linger";
        case "body":
          break;
      }
    }
  }

  #begin(head: RequestHead): Step | undefined {
    if (head.upgrade && head.bodyBytes === 0 && this.#handOver(head)) return "handed-over";
    const reply = this.#fastReply(head);
    if (reply === undefined) return new HttpExchange(this, head);
    const keeps = head.keepAlive && this.canForgetBody(head) && !this.context.isStopping;
    this.sendReply(reply, persistenceFor(head.minor, keeps ? "keep" : "end"), head.method);
    this.#isAnswered = true;
    if (keeps) return undefined;
    this.#endsAfterRequest = true;
    return head.bodyBytes === 0 ? undefined : "linger";
  }

  #fastReply(head: RequestHead): FastReply | undefined {
    const { service } = this.context;
    try {
      const reply = service.fast?.(head, this.connection.peer);
      if (reply !== undefined) return reply;
    } catch (error) {
      service.onError?.(error);
      return ownReply(service, 500, FAULT_TEXT);
    }
    return service.fetch === undefined ? ownReply(service, 404, NOT_FOUND_TEXT) : undefined;
  }

  #handOver(head: RequestHead): boolean {
    const { connection, context: { service } } = this;
    if (service.upgrade === undefined) return false;
    try {
      const handover: Handover = {
        connection,
        takeReceived: () => this.#parser.takeRest(),
        refuse: (status, reason, fields) => {
          const reply = ownReply(service, status, `${reason}\n`, fields);
          this.sendReply(reply, "close", head.method);
        },
      };
      this.#takeover = service.upgrade(head, handover);
      return this.#takeover !== undefined;
    } catch (error) {
      service.onError?.(error);
      this.#endsAfterRequest = true;
      return false;
    }
  }

  /** Enters the phase that fits what the connection waits for, with its timeout. */
  #enterPhase(): void {
    const { connection, context: { limits } } = this;
    const { phase } = connection;
    const hasAnswered = this.#requests !== this.#requestsSeen;
    this.#requestsSeen = this.#requests;
    if (this.#parser.isInBody) {
      if (phase === "receiving") connection.touch();
      else connection.enter("receiving", limits.bodyMs);
    } else if (!this.#parser.isBetweenRequests) {
      // Further bytes do not extend this timeout: no honest client sends a head drop by drop.
      if (phase !== "opening" || hasAnswered) connection.enter("opening", limits.headMs);
    } else if (phase === "idle") {
      if (hasAnswered) connection.touch();
    } else if (this.#requests > 0) {
      connection.enter("idle", limits.idleMs);
    }
  }
}
