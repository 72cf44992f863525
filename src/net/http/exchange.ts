/**
 * One request that a `fetch` function answers.
 *
 * @module
 */

import { concatenate } from "../../wire/bytes/concatenate.ts";
import type { RequestEvent } from "../../wire/http1/parser.ts";
import type { RequestHead } from "../../wire/http1/request_head.ts";
import type { Violation } from "../../wire/http1/violation.ts";
import { CONTINUE, type Persistence, persistenceFor } from "../../wire/http1/writer.ts";
import type { Connection } from "../tcp/connection.ts";
import { makeRequest } from "./make_request.ts";
import { HttpRequestBody } from "./request_body.ts";
import type { HttpContext } from "./service.ts";
import { type ResponseOutcome, writeResponse } from "./write_response.ts";
import { inBackground } from "../background.ts";

/** The part of the connection that an exchange uses. */
export interface ExchangeConnection {
  readonly connection: Connection;
  readonly context: HttpContext;
  /** Whether there is room to receive more of the request. */
  readonly hasRoom: boolean;
  /** The next part of the request that was received; undefined if there is none yet. */
  nextEvent(): RequestEvent | undefined;
  /** Receives more; false if the peer has left. */
  receive(): Promise<boolean>;
  /** Reports that the handler has failed. */
  sendFault(head: RequestHead, persistence: Persistence): void;
  /** Reports what is wrong with a request of this method. */
  refuse(violation: Violation, method: string): void;
  /** Whether the rest of the body can be discarded. */
  canForgetBody(head: RequestHead): boolean;
  /** Discards the body as it arrives. */
  forgetBody(): void;
}

/**
 * What the connection does after a request: take the next request; end; or end, but first let the
 * peer finish sending.
 */
export type NextStep = "go-on" | "end" | "linger";

/**
 * Passes a request to the handler and its response to the peer. Meanwhile it receives the body, and
 * notices when the peer leaves.
 */
export class HttpExchange {
  readonly #http: ExchangeConnection;
  readonly #head: RequestHead;
  readonly #abort = new AbortController();
  #body: HttpRequestBody | undefined;
  #hasAllOfRequest = false;
  #violation: Violation | undefined;
  #isOver = false;
  /** Ends a response of unknown length; set while there is one. */
  #cancelResponse: (() => void) | undefined;
  #peerHasLeft = false;

  /**
   * @param http The connection that the request arrived on.
   * @param head The request's head; its fields are read before anything else is received.
   */
  constructor(http: ExchangeConnection, head: RequestHead) {
    this.#http = http;
    this.#head = head;
  }

  /** Answers the request. */
  async run(): Promise<NextStep> {
    const request = this.#makeRequest();
    if (request instanceof Request) {
      inBackground(this.#watch());
      const outcome = await this.#respond(request);
      this.#isOver = true;
      this.#body?.abandon();
      return this.#next(outcome);
    }
    this.#http.refuse(request, this.#head.method);
    return "linger";
  }

  #makeRequest(): Request | Violation {
    const { connection } = this.#http;
    const parts: Uint8Array<ArrayBuffer>[] = [];
    for (let event = this.#http.nextEvent(); event !== undefined; event = this.#http.nextEvent()) {
      if (event.kind === "violation") return event;
      if (event.kind === "end") {
        this.#hasAllOfRequest = true;
        break;
      }
      if (event.kind === "body") parts.push(new Uint8Array(event.bytes));
    }
    const received = parts.length === 0 ? undefined : concatenate(parts);
    if (!this.#hasAllOfRequest) this.#body = new HttpRequestBody(received);
    const body = this.#body?.stream ?? received;
    const { signal } = this.#abort;
    const request = makeRequest(this.#head, { local: connection.local, body, signal });
    // The handler is about to read: send the `100 Continue` that the peer waits for.
    if (this.#body !== undefined && this.#head.expectsContinue && request instanceof Request) {
      if (received === undefined) connection.send(CONTINUE);
    }
    return request;
  }

  async #respond(request: Request): Promise<ResponseOutcome> {
    const { connection, context } = this.#http;
    const { method, minor } = this.#head;
    const { service, limits } = context;
    const sentBefore = connection.sentBytes + connection.queueBytes;
    try {
      const info = { peer: connection.peer, signal: this.#abort.signal };
      const response = await service.fetch?.(request, info);
      if (!(response instanceof Response)) {
        throw new TypeError("Cannot answer: the handler returned no Response");
      }
      return await writeResponse(response, {
        connection,
        method,
        minor,
        persistence: persistenceFor(this.#head.minor, this.#keeps() ? "keep" : "end"),
        date: context.date,
        lines: context.lines,
        pendingBytes: limits.pendingBytes,
        onOpenEnded: (cancel) => this.#onOpenEnded(cancel),
        onFault: (error) => service.onError?.(error),
      });
    } catch (error) {
      service.onError?.(error);
      if (connection.sentBytes + connection.queueBytes > sentBefore) return "broken";
      if (this.#violation !== undefined) {
        this.#http.refuse(this.#violation, this.#head.method);
        return "ends";
      }
      const keeps = this.#keeps();
      this.#http.sendFault(this.#head, persistenceFor(this.#head.minor, keeps ? "keep" : "end"));
      return keeps ? "complete" : "ends";
    }
  }

  /**
   * Receives the rest of the body, then waits for the peer to leave. Bytes after the body belong to
   * the next request and are kept for it, as far as there is room.
   */
  async #watch(): Promise<void> {
    while (!this.#isOver) {
      await this.#takeBody();
      if (this.#isOver || this.#violation !== undefined || !this.#http.hasRoom) return;
      if (!await this.#http.receive()) return this.#onPeerLeft();
    }
  }

  /** Passes the received parts of the body to the handler, one at a time as it asks for them. */
  async #takeBody(): Promise<void> {
    while (!this.#hasAllOfRequest) {
      await this.#body?.wanted();
      if (this.#isOver) return;
      const event = this.#http.nextEvent();
      if (event === undefined) return;
      if (event.kind === "body") this.#body?.push(new Uint8Array(event.bytes));
      if (event.kind === "violation") {
        this.#violation = event;
        return this.#body?.fail(new TypeError(event.message));
      }
      if (event.kind === "end") {
        this.#hasAllOfRequest = true;
        this.#body?.close();
      }
    }
  }

  /**
   * The peer sends no more. It may still read, but an endless response has lost its reader.
   */
  #onPeerLeft(): void {
    this.#peerHasLeft = true;
    if (!this.#hasAllOfRequest) this.#body?.fail(new TypeError("The peer has gone"));
    if (this.#cancelResponse !== undefined) this.onPeerGone();
  }

  #onOpenEnded(cancel: () => void): void {
    this.#cancelResponse = cancel;
    if (this.#peerHasLeft || this.#abort.signal.aborted) this.onPeerGone();
  }

  /** The connection has ended, or its end can be detected. */
  onPeerGone(): void {
    if (this.#isOver) return;
    this.#cancelResponse?.();
    this.#body?.fail(new TypeError("The peer has gone"));
    if (!this.#abort.signal.aborted) this.#abort.abort();
  }

  #keeps(): boolean {
    const { context } = this.#http;
    if (!this.#head.keepAlive || context.isStopping || this.#violation !== undefined) return false;
    return this.#hasAllOfRequest || this.#http.canForgetBody(this.#head);
  }

  #next(outcome: ResponseOutcome): NextStep {
    if (outcome === "broken") {
      this.#http.connection.close(this.#peerHasLeft ? "peer" : "error");
      return "end";
    }
    if (outcome === "ends") return this.#hasAllOfRequest ? "end" : "linger";
    if (!this.#hasAllOfRequest) this.#http.forgetBody();
    return "go-on";
  }
}
