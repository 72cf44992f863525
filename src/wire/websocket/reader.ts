/**
 * Reads what a WebSocket peer sends, frame by frame (RFC 6455 section 5).
 *
 * @module
 */

import { Arrivals } from "../zmq/arrivals.ts";
import { concatenate } from "../bytes/concatenate.ts";
import { CLOSE_CODE, type CloseCode, type CloseFault, closeFaultOf } from "./closing.ts";
import { CONTROL_BYTES_MAX, type FrameHead, OPCODE, parseFrameHead, unmask } from "./frame.ts";

/**
 * A whole binary message, however it was fragmented; a control frame; or a violation, which is the
 * last event and whose `code` goes to the peer in a close frame. Payloads belong to the receiver.
 */
export type WebSocketEvent =
  | { readonly kind: "binary" | "ping" | "pong" | "close"; readonly payload: Uint8Array }
  | { readonly kind: "violation"; readonly message: string; readonly code: CloseCode };

/** Limits and side of a {@linkcode WebSocketReader}. */
export interface WebSocketReaderOptions {
  /** Who sends: clients must mask, servers must not. */
  readonly peer: "client" | "server";
  /** The most bytes of one message, all fragments together. */
  readonly messageBytesMax: number;
}

const MASK_BYTES = 4;
/** The most fragments of one message: no sane peer splits a megabyte into more. */
const FRAGMENTS_MAX = 1_024;

/**
 * Turns bytes into messages and control frames. It refuses text, which ZeroMQ never sends,
 * extensions, wrong masking and messages that are too large, all before it buffers their payload.
 */
export class WebSocketReader {
  /** Where received bytes are put. */
  readonly arrivals: Arrivals;
  readonly #options: WebSocketReaderOptions;
  readonly #fragments: Uint8Array[] = [];
  #fragmentBytes = 0;
  #isOver = false;

  /** @param options Side and limits. */
  constructor(options: WebSocketReaderOptions) {
    this.#options = options;
    this.arrivals = new Arrivals(options.messageBytesMax);
  }

  /** The next event, or undefined if more bytes are needed. */
  next(): WebSocketEvent | undefined {
    while (!this.#isOver) {
      const { bytes, start, end } = this.arrivals;
      const head = parseFrameHead(bytes, start, end);
      if (head === undefined) return undefined;
      const fault = this.#faultOf(head);
      if (fault !== undefined) return this.#violation(fault);
      if (head.payloadBytes > end - start - head.headBytes) return undefined;
      const event = this.#take(head, this.#payloadOf(head));
      if (event !== undefined) return event;
    }
    return undefined;
  }

  #payloadOf({ headBytes, payloadBytes, isMasked }: FrameHead): Uint8Array {
    const { bytes, start } = this.arrivals;
    const maskAt = start + headBytes - MASK_BYTES;
    const payload = this.arrivals.take(headBytes, payloadBytes);
    if (isMasked) unmask(payload, bytes.subarray(maskAt, maskAt + MASK_BYTES));
    return payload;
  }

  #faultOf(head: FrameHead): CloseFault | undefined {
    const { peer, messageBytesMax } = this.#options;
    if (head.reserved !== 0) return wrong("it uses an extension");
    if (head.isMasked !== (peer === "client")) {
      return wrong(peer === "client" ? "a client has to mask it" : "a server must not mask it");
    }
    switch (head.opcode) {
      case OPCODE.close:
      case OPCODE.ping:
      case OPCODE.pong:
        if (!head.isLast) return wrong("a control frame is in fragments");
        if (head.payloadBytes > CONTROL_BYTES_MAX) return wrong("a control frame is too long");
        return undefined;
      case OPCODE.continuation:
        if (this.#fragments.length === 0) return wrong("it continues nothing");
        if (this.#fragments.length >= FRAGMENTS_MAX) return tooBig("it has too many fragments");
        break;
      case OPCODE.binary:
        if (this.#fragments.length > 0) return wrong("the message before it has no end");
        break;
      case OPCODE.text:
        return { code: CLOSE_CODE.unsupportedData, reason: "it is text, must be binary" };
      default:
        return wrong(`it has opcode ${head.opcode}`);
    }
    if (this.#fragmentBytes + head.payloadBytes > messageBytesMax) {
      return tooBig(`the message has more than ${messageBytesMax} bytes`);
    }
    return undefined;
  }

  #violation({ code, reason }: CloseFault): WebSocketEvent {
    this.#isOver = true;
    return { kind: "violation", message: `Cannot take frame: ${reason}`, code };
  }

  #take(head: FrameHead, payload: Uint8Array): WebSocketEvent | undefined {
    switch (head.opcode) {
      case OPCODE.close: {
        const fault = closeFaultOf(payload);
        if (fault !== undefined) return this.#violation(fault);
        this.#isOver = true;
        return { kind: "close", payload };
      }
      case OPCODE.ping:
        return { kind: "ping", payload };
      case OPCODE.pong:
        return { kind: "pong", payload };
    }
    if (head.isLast && this.#fragments.length === 0) return { kind: "binary", payload };
    this.#fragments.push(payload);
    this.#fragmentBytes += payload.length;
    if (!head.isLast) return undefined;
    const whole = concatenate(this.#fragments);
    this.#fragments.length = this.#fragmentBytes = 0;
    return { kind: "binary", payload: whole };
  }
}

function wrong(reason: string): CloseFault {
  return { code: CLOSE_CODE.protocolError, reason };
}

function tooBig(reason: string): CloseFault {
  return { code: CLOSE_CODE.tooBig, reason };
}
