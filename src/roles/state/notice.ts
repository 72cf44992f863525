/**
 * What the state role reports to its host.
 *
 * @module
 */

import type { ClientState } from "../../core/client_state.ts";
import type { ChangeCause } from "./counters.ts";
import type { LocalClient } from "./local_client.ts";

/** What happened to a client. */
export type GameNotice =
  | { readonly type: "created"; readonly client: LocalClient; readonly isBack: boolean }
  | {
    readonly type: "state";
    readonly client: LocalClient;
    readonly from: ClientState;
    readonly to: ClientState;
    readonly cause: ChangeCause;
  }
  | { readonly type: "removed"; readonly client: LocalClient; readonly cause: ChangeCause }
  | { readonly type: "foreign"; readonly client: LocalClient; readonly address: string }
  /** A message over ZeroMQ that changes nothing; the identity is empty if it names no client. */
  | { readonly type: "refused"; readonly clientId: string; readonly reason: string };
