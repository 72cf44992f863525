/**
 * Writes standard responses to a connection.
 *
 * @module
 */

import { concatenate } from "../../wire/bytes/concatenate.ts";
import { mayHaveBody } from "../../wire/http1/status.ts";
import {
  type BodyFraming,
  encodeChunk,
  encodeHead,
  LAST_CHUNK,
  type Persistence,
} from "../../wire/http1/writer.ts";
import type { Connection } from "../tcp/connection.ts";

/** The circumstances in which a response is written. */
export interface ResponseCircumstances {
  /** The connection to write to. */
  readonly connection: Connection;
  /** The request's method: a response to `HEAD` is only the head. */
  readonly method: string;
  /** The request's minor version: only version 1.1 knows chunks. */
  readonly minor: number;
  /** Whether the connection persists, if the peer can recognise the end of the body. */
  readonly persistence: Persistence;
  /** The current time in the format of the field `Date`. */
  readonly date: string;
  /** Fields that the server puts on every reply, as lines. */
  readonly lines: string;
  /** The most bytes that may be waiting while more of the body is read. */
  readonly pendingBytes: number;
  /**
   * Called after the head was sent if the body's length is unknown: such a response also ends when
   * the peer leaves.
   */
  readonly onOpenEnded: (cancel: () => void) => void;
  /** Called when the body's source fails after the head is sent. */
  readonly onFault: (error: unknown) => void;
}

/** How a response ended; after `broken` and `ends`, the connection must end. */
export type ResponseOutcome = "complete" | "ends" | "broken";

type Reader = ReadableStreamDefaultReader<Uint8Array>;

/** Represents a read that has not settled. */
const PENDING = Symbol("pending");

/**
 * Writes a response. More of the body is read only while the peer keeps up.
 *
 * @throws What the body's source throws before the head is out; later, the outcome is `broken`.
 */
export async function writeResponse(
  response: Response,
  circumstances: ResponseCircumstances,
): Promise<ResponseOutcome> {
  const { method } = circumstances;
  const stated = statedLength(response);
  if (response.body === null || method === "HEAD" || !mayHaveBody(response.status)) {
    void response.body?.cancel().catch(ignore);
    const framing = method === "HEAD" ? stated ?? "none" : 0;
    return sendHead(response, framing, circumstances, undefined);
  }
  const reader: Reader = response.body.getReader();
  if (stated !== undefined) return await copy(reader, response, stated, circumstances, undefined);
  const first = await reader.read();
  if (first.done) return sendHead(response, 0, circumstances, undefined);
  // A body made from text or bytes has ended by now, so its length is known.
  const second = reader.read();
  const state = await Promise.race([second, Promise.resolve(PENDING)]);
  if (typeof state === "object" && state.done) {
    return sendHead(response, first.value.length, circumstances, first.value);
  }
  const framing = circumstances.minor === 0 ? "connection" : "chunked";
  return await copy(reader, response, framing, circumstances, [first, second]);
}

/** Writes the head, and the whole body if there is one, in one go. */
function sendHead(
  response: Response,
  framing: BodyFraming,
  circumstances: ResponseCircumstances,
  body: Uint8Array | undefined,
): ResponseOutcome {
  const { connection, date, lines } = circumstances;
  const persistence = framing === "connection" ? "close" : circumstances.persistence;
  const { status, headers } = response;
  const head = encodeHead({ status, headers, framing, persistence, date, lines });
  connection.send(body === undefined ? head : concatenate([head, body]));
  return persistence === "close" ? "ends" : "complete";
}

async function copy(
  reader: Reader,
  response: Response,
  framing: number | "chunked" | "connection",
  circumstances: ResponseCircumstances,
  ready:
    | [ReadableStreamReadResult<Uint8Array>, Promise<ReadableStreamReadResult<Uint8Array>>]
    | undefined,
): Promise<ResponseOutcome> {
  const { connection, pendingBytes } = circumstances;
  const outcome = sendHead(response, framing, circumstances, undefined);
  let isCancelled = false;
  const cancel = () => {
    isCancelled = true;
    void reader.cancel("the peer has gone").catch(ignore);
  };
  if (typeof framing !== "number") circumstances.onOpenEnded(cancel);
  let remaining = typeof framing === "number" ? framing : Infinity;
  try {
    for (let count = 0;; count++) {
      const { done, value } = await (ready !== undefined && count < 2
        ? ready[count]
        : reader.read()) as ReadableStreamReadResult<Uint8Array>;
      if (isCancelled || connection.closeReason !== undefined) {
        return "broken";
      }
      if (done) {
        break;
      }
      remaining -= value.length;
      if (remaining < 0) {
        return "broken";
      }
      if (value.length > 0) {
        connection.send(framing === "chunked" ? encodeChunk(value) : value);
      }
      if (connection.queueBytes > pendingBytes) {
        await connection.drained();
      }
    }
  } catch (error) {
    // The head is out. All that remains is to keep the body from looking complete.
    circumstances.onFault(error);
    return "broken";
  } finally {
    cancel();
  }
  if (Number.isFinite(remaining) && remaining > 0) return "broken";
  if (framing === "chunked") connection.send(LAST_CHUNK);
  return outcome;
}

function statedLength(response: Response): number | undefined {
  const text = response.headers.get("content-length");
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

function ignore(): void {
  // Ignore failures to cancel a body that has already ended or failed.
}
