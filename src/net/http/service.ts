/**
 * The service of an HTTP server: the functions that answer requests.
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

/** What a handler learns about a request besides the request itself. */
export interface RequestInfo {
  /** The client. */
  readonly peer: Peer;
  /** Aborted if the peer leaves before it has the whole reply. */
  readonly signal: AbortSignal;
}

/** A connection that changes from HTTP to another protocol. */
export interface Handover {
  /** The connection; whoever takes it over must end it. */
  readonly connection: Connection;
  /** Returns what the peer has sent after the head; call it once. */
  takeReceived(): Uint8Array;
  /**
   * Refuses the request in one plain line, as the server itself does; the connection then has to end.
   *
   * @param fields What a reply with this status has to say besides.
   */
  refuse(status: number, reason: string, fields?: Readonly<Record<string, string>>): void;
}

/** The functions that answer requests, tried in this order. */
export interface HttpService {
  /** How strictly heads are read; `strict` if not given. */
  readonly syntax?: HeadSyntax | undefined;
  /**
   * Takes over a connection for another protocol. It is called for a request without a body that
   * has `Connection: Upgrade` and `Upgrade`. Returns a promise that settles when the connection has
   * ended, or undefined to have the request answered like any other.
   */
  readonly upgrade?: (head: RequestHead, handover: Handover) => Promise<void> | undefined;
  /**
   * The fast path: answers at once, without making a `Request`, or returns undefined. Any body is
   * ignored. The header fields can be read only during the call.
   */
  readonly fast?: (head: RequestHead, peer: Peer) => FastReply | undefined;
  /** Answers everything else; such as a hono application's `fetch`. */
  readonly fetch?:
    | ((request: Request, info: RequestInfo) => Response | Promise<Response>)
    | undefined;
  /** Fields of the replies that the server makes itself, such as to a request that is not HTTP. */
  readonly ownReplyHeaders?: Readonly<Record<string, string>> | undefined;
  /** Called with errors of these functions; the peer only gets status 500. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** What all connections of one server share. */
export interface HttpContext {
  /** The functions that answer. */
  readonly service: HttpService;
  /** Limits of each connection. */
  readonly limits: HttpLimits;
  /** True when the server was told to stop. */
  readonly isStopping: boolean;
  /** The current time in the format of the field `Date`. */
  readonly date: string;
  /** Fields of every reply, as lines. */
  readonly lines: string;
  /** Encodes the replies of the fast path. */
  readonly repeated: RepeatedReply;
}
