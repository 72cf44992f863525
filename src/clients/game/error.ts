/**
 * How clients of a game server fail.
 *
 * @module
 */

import { messageOf } from "../../core/message_of.ts";
import { ClientError } from "../../core/client_error.ts";
import { ExchangeError, type ExchangeFailure } from "../../net/http/client.ts";

/**
 * Why a request failed: the server answered with a status other than 200 (`status`), or there was no
 * reply that could be used: nobody listens (`refused`), the host cannot be found or reached
 * (`unreachable`), it took too long (`timeout`), the caller gave up (`aborted`), the connection ended
 * early (`dropped`), what came is not HTTP or not JSON (`protocol`).
 */
export type GameFailure = ExchangeFailure | "status";

/** A request to a game server failed; `kind` says why, `cause` holds the error underneath. */
export class GameError extends ClientError<GameFailure> {
  /** Always `GameError`. */
  override readonly name = "GameError";
}

/** The same error in the words of this client. */
export function toGameError(error: unknown): GameError {
  if (error instanceof GameError) return error;
  const kind = error instanceof ExchangeError ? error.kind : "protocol";
  return new GameError(kind, messageOf(error), { cause: error });
}
