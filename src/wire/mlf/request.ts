/**
 * Requests at `/zmq/req`, as frames of text.
 *
 * | request | reply |
 * | --- | --- |
 * | `GetClientState`, ID | `ClientState`, ID, STATE |
 * | `SetClientState`, ID, STATE | `ClientState`, ID, STATE |
 * | `ListClients` | `Clients`, JSON |
 * | anything else | `Error`, sentence |
 *
 * @module
 */

import { type ClientState, parseClientState } from "../../core/client_state.ts";
import { parseClientId } from "./client_id.ts";
import { textOf } from "./topics.ts";

/** A request that was understood, or why it was not. */
export type GameRequest =
  | { readonly command: "get"; readonly clientId: string }
  | { readonly command: "set"; readonly clientId: string; readonly state: ClientState }
  | { readonly command: "list" }
  | { readonly command: "error"; readonly message: string };

/** Reads a request without its envelope. */
export function parseGameRequest(frames: readonly Uint8Array[]): GameRequest {
  const [word = "", id, state] = frames.slice(0, 3).map((frame) => textOf(frame) ?? "");
  switch (word) {
    case "ListClients":
      return { command: "list" };
    case "GetClientState": {
      const clientId = parseClientId(id);
      return clientId === undefined ? wrongId(id) : { command: "get", clientId };
    }
    case "SetClientState": {
      const clientId = parseClientId(id);
      const wanted = parseClientState(state);
      if (clientId === undefined) return wrongId(id);
      if (wanted !== undefined) return { command: "set", clientId, state: wanted };
      return error(`Cannot set state: "${shown(state)}" is not a state`);
    }
    default:
      return error(
        `Cannot answer "${shown(word)}": known are GetClientState, SetClientState, ListClients`,
      );
  }
}

function wrongId(id: string | undefined): GameRequest {
  return error(`Cannot find client: "${shown(id)}" is not an ID`);
}

function error(message: string): GameRequest {
  return { command: "error", message };
}

/** What a peer sent, made harmless for logs and terminals. */
function shown(text: string | undefined): string {
  return (text ?? "").replaceAll(/[^\x20-\x7e]/g, "?").slice(0, 80);
}
