/**
 * What every client reports of its connection.
 *
 * @module
 */

import type { ClientError } from "../core/client_error.ts";
import { tellUser } from "./user_callback.ts";

/**
 * One report of a client about its connection, told apart by `type`:
 *
 * - `up`: the server is heard. `peer` is its address or URL.
 * - `down`: the server is no longer heard, or could not be reached at first. `error` says why.
 * - `failed`: one attempt or request failed and nothing else changed. `error` says why.
 *
 * `up` and `down` alternate, however many attempts lie between them. Each error is reported once:
 * the one that changes the state as `down`, every other one as `failed`.
 *
 * @typeParam Failure The client's own class of errors.
 */
export type ClientStatus<Failure extends ClientError = ClientError> =
  | { readonly type: "up"; readonly peer: string }
  | { readonly type: "down"; readonly error: Failure }
  | { readonly type: "failed"; readonly error: Failure };

/** Called with each {@linkcode ClientStatus}, in order. What it throws goes to standard error. */
export type StatusListener<Failure extends ClientError = ClientError> = (
  status: ClientStatus<Failure>,
) => void;

/** Reports each change of state once, and each failure once. */
export class StatusReports<Failure extends ClientError> {
  readonly #listener: StatusListener<Failure> | undefined;
  #state: "up" | "down" | undefined;

  /** @param listener Called with each report, if given; it may throw. */
  constructor(listener: StatusListener<Failure> | undefined) {
    this.#listener = listener;
  }

  /** Whether the server was heard last. */
  get isUp(): boolean {
    return this.#state === "up";
  }

  /** The server is heard. */
  up(peer: string): void {
    if (this.#state === "up") return;
    this.#state = "up";
    tellUser(this.#listener, { type: "up", peer });
  }

  /** The server is not heard. */
  down(error: Failure): void {
    if (this.#state === "down") return this.failed(error);
    this.#state = "down";
    tellUser(this.#listener, { type: "down", error });
  }

  /** An attempt failed, which says nothing about the connection. */
  failed(error: Failure): void {
    tellUser(this.#listener, { type: "failed", error });
  }
}
