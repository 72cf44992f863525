/**
 * Ends an exchange that takes too long.
 *
 * @module
 */

import { hostAndPort, type HostPort } from "../../wire/url/place.ts";
import { dialReason } from "../dial_reason.ts";
import { Timer } from "../timer.ts";
import { ExchangeError, type ExchangeFailure, failureOf } from "./exchange_error.ts";

/** The part of a request that limits its time. */
export interface LimitedRequest extends HostPort {
  /** Timeout of the whole exchange in milliseconds. */
  readonly timeoutMs: number;
  /** Ends the exchange early. */
  readonly signal?: AbortSignal;
}

/** Ends an exchange at its timeout or when its caller aborts it, whatever it waits for. */
export class TimeLimit {
  readonly #request: LimitedRequest;
  readonly #controller = new AbortController();
  readonly #ended = Promise.withResolvers<never>();
  readonly #timer: Timer;
  #conn: Deno.Conn | undefined;
  #isOver = false;

  constructor(request: LimitedRequest) {
    this.#request = request;
    // Handle the rejection: after the reply, nobody awaits it any more.
    this.#ended.promise.catch(() => undefined);
    this.#timer = Timer.after(
      request.timeoutMs,
      () => this.#end("timeout", `no reply within ${request.timeoutMs} ms`),
    );
    if (request.signal?.aborted) this.#onAbort();
    else request.signal?.addEventListener("abort", this.#onAbort);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Waits for work until the timeout, and turns failures into {@linkcode ExchangeError}. */
  async run<T>(work: Promise<T>): Promise<T> {
    // Work that fails after the timeout has already been reported.
    work.catch(() => undefined);
    try {
      return await Promise.race([work, this.#ended.promise]);
    } catch (error) {
      throw error instanceof ExchangeError ? error : this.#explain(error);
    }
  }

  /** Takes over the connection, which is closed together with the exchange. */
  holdConnection(conn: Deno.Conn): void {
    if (this.#isOver) conn.close();
    else this.#conn = conn;
  }

  /** Hands the connection back, to stay open beyond the exchange. */
  releaseConnection(): void {
    this.#conn = undefined;
  }

  [Symbol.dispose](): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#timer.stop();
    this.#request.signal?.removeEventListener("abort", this.#onAbort);
    this.#controller.abort();
    this.#conn?.close();
  }

  readonly #onAbort = (): void => this.#end("aborted", "given up");

  #end(kind: ExchangeFailure, detail: string): void {
    const place = hostAndPort(this.#request);
    const options = kind === "aborted" ? { cause: this.#request.signal?.reason } : undefined;
    this.#ended.reject(
      new ExchangeError(kind, `Cannot reach ${place}: ${detail}`, options),
    );
    this.#controller.abort();
  }

  #explain(error: unknown): ExchangeError {
    const place = hostAndPort(this.#request);
    const detail = dialReason(error);
    const message = `Cannot reach ${place}: ${detail}`;
    return new ExchangeError(failureOf(error), message, { cause: error });
  }
}
