/**
 * The errors of a game server's clients.
 *
 * @module
 */

import { messageOf } from "../../core/message_of.ts";
import { ClientError } from "../../core/client_error.ts";
import { ExchangeError, type ExchangeFailure } from "../../net/http/client.ts";

/**
 * Why a request failed. Either the server answered with a status other than 200 (`status`), or
 * there was no usable reply: nobody listens (`refused`), the host cannot be found or reached
 * (`unreachable`), it took too long (`timeout`), the caller gave up (`aborted`), the connection
 * ended early (`dropped`), or the reply was not HTTP or not JSON (`protocol`).
 */
export type GameFailure = ExchangeFailure | "status";

/** A request to a game server failed; `kind` says why, `cause` holds the underlying error. */
export class GameError extends ClientError<GameFailure> {
  /** Always `GameError`. */
  override readonly name = "GameError";
}

/** Converts an error of HTTP into an error of this client. */
export function toGameError(error: unknown): GameError {
  if (error instanceof GameError) return error;
  const kind = error instanceof ExchangeError ? error.kind : "protocol";
  return new GameError(kind, messageOf(error), { cause: error });
}
