/**
 * What an HTTP server is for: the functions that answer.
 *
 * @module
 */

import type { RequestHead } from "../../wire/http1/request_head.ts";
import type { HeadSyntax } from "../../wire/http1/violation.ts";
import type { Peer } from "../address.ts";
import type { Connection } from "../tcp/connection.ts";
import type { FastReply } from "./fast_reply.ts";
import type { HttpLimits } from "./limits.ts";
import type { RepeatedReply } from "./repeated_reply.ts";

/** What is known about a request besides the request. */
export interface RequestInfo {
  /** Who asks. */
  readonly peer: Peer;
  /** Aborted when the peer has gone before it got the whole reply. */
  readonly signal: AbortSignal;
}

/** A connection that changes from HTTP to another protocol. */
export interface Handover {
  /** The connection; whoever takes it over has to end it. */
  readonly connection: Connection;
  /** Takes over what the peer has sent after the head; to be called once. */
  takeReceived(): Uint8Array;
}

/** The functions that answer requests, tried in this order. */
export interface HttpService {
  /** How strictly heads are read; `strict` if not given. */
  readonly syntax?: HeadSyntax;
  /**
   * Takes a connection over for another protocol. Asked when a request without body has
   * `Connection: Upgrade` and `Upgrade`. Returns the promise of the end of the connection, or
   * undefined to have the request answered like any other.
   */
  readonly upgrade?: (head: RequestHead, handover: Handover) => Promise<void> | undefined;
  /**
   * Answers at once, without a `Request` being made, or returns undefined. Any body is ignored. The
   * fields of the head can be read only during the call.
   */
  readonly fast?: (head: RequestHead, peer: Peer) => FastReply | undefined;
  /** Answers everything else; such as a hono application's `fetch`. */
  readonly fetch?: (request: Request, info: RequestInfo) => Response | Promise<Response>;
  /** Fields of the replies that the server makes itself, such as to a request that is not HTTP. */
  readonly ownReplyHeaders?: Readonly<Record<string, string>>;
  /** Told of faults of these functions; the peer only gets a status of 500. */
  readonly onError?: (error: unknown) => void;
}

/** What all connections of one server have in common. */
export interface HttpContext {
  /** Who answers. */
  readonly service: HttpService;
  /** How much is taken. */
  readonly limits: HttpLimits;
  /** True when the server was told to stop. */
  readonly isStopping: boolean;
  /** The moment as the field `Date` wants it. */
  readonly date: string;
  /** Encodes what is answered at once. */
  readonly repeated: RepeatedReply;
}
