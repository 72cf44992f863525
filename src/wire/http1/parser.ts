/**
 * Parses requests from a stream of bytes.
 *
 * ```ts
 * import { RequestParser } from "./parser.ts";
 *
 * const parser = new RequestParser();
 * parser.push(new TextEncoder().encode("GET /list HTTP/1.1\r\nHost: station\r\n\r\n"));
 * const head = parser.next();
 * if (head?.kind === "head") console.log(head.target); // "/list"
 * ```
 *
 * @module
 */

import { BodyScanner } from "./body.ts";
import { latin1 } from "./characters.ts";
import { FieldScanner } from "./fields.ts";
import { HeadMemory } from "./head_memory.ts";
import { Framing } from "./framing.ts";
import { REQUEST_LIMITS, type RequestLimits } from "./limits.ts";
import { ReceiveBuffer } from "../bytes/receive_buffer.ts";
import { RequestHead } from "./request_head.ts";
import { RequestLineScanner } from "./request_line.ts";
import { type HeadSyntax, type Violation, violation } from "./violation.ts";

/** A piece of a request's body. */
export interface BodyPart {
  /** The kind of this event. */
  readonly kind: "body";
  /** At least one byte. They are the parser's own: copy them before {@linkcode RequestParser.space}. */
  readonly bytes: Uint8Array;
}

/** The end of a request, with or without body. */
export interface RequestEnd {
  /** The kind of this event. */
  readonly kind: "end";
}

/** What {@linkcode RequestParser.next} finds: heads, each with the parts of its body and its end. */
export type RequestEvent = RequestHead | BodyPart | RequestEnd | Violation;

const END: RequestEnd = { kind: "end" };

/** Enough for the head of a heartbeat from wget or curl; a browser's makes the buffer grow once. */
const INITIAL_BUFFER_BYTES = 512;
/** How much of a large body is received at once. */
const BODY_BUFFER_BYTES = 16_384;

const LINE = 0;
const FIELDS = 1;
const BODY = 2;
/** A head without a body was reported, its end was not. */
const NO_BODY = 3;

/**
 * Parses the requests of one connection (RFC 9112). Bytes are pushed, or received right into
 * {@linkcode RequestParser.space}; events are pulled. The events do not depend on how the bytes were
 * split. After a {@linkcode Violation} there is nothing but that violation.
 */
export class RequestParser {
  readonly #line: RequestLineScanner;
  readonly #fields: FieldScanner;
  readonly #framing = new Framing();
  readonly #body: BodyScanner;
  readonly #buffer: ReceiveBuffer;
  readonly #limits: RequestLimits;
  /** The last head, if heads like it can come again. */
  #memory: HeadMemory | undefined;
  #phase = LINE;
  /** Whether the scanner has seen a byte of this request line. */
  #isLineBegun = false;
  #head: RequestHead | undefined;
  #violation: Violation | undefined;

  /**
   * @param limits Shared by all parsers that are given them, not copied.
   * @param syntax Of heads.
   */
  constructor(limits: RequestLimits = REQUEST_LIMITS, syntax: HeadSyntax = "strict") {
    this.#line = new RequestLineScanner(limits, syntax);
    this.#limits = limits;
    this.#fields = new FieldScanner(
      { bytesMax: limits.headBytesMax, fieldsMax: limits.fieldsMax, section: "head", syntax },
      this.#framing.take,
    );
    this.#body = new BodyScanner(limits);
    const bytesMax = Math.max(limits.headBytesMax, limits.trailerBytesMax, BODY_BUFFER_BYTES);
    this.#buffer = new ReceiveBuffer(INITIAL_BUFFER_BYTES, bytesMax);
  }

  /** Received bytes that no event has reported yet. */
  get bufferedBytes(): number {
    return this.#buffer.end - this.#buffer.start;
  }

  /** True between two requests: nothing of the next one has come, or only empty lines. */
  get isBetweenRequests(): boolean {
    return this.#phase === LINE && (!this.#isLineBegun || this.#line.isAtStart);
  }

  /** True while the bytes awaited belong to a body. */
  get isInBody(): boolean {
    return this.#phase === BODY;
  }

  /**
   * Where the next bytes are to be received; say how many came with {@linkcode commit}. Empty if so
   * much is waiting that events have to be pulled first.
   */
  space(): Uint8Array {
    this.#releaseHead();
    const wanted = this.#phase === BODY ? this.#body.remaining : 0;
    return this.#buffer.space(Math.min(wanted, BODY_BUFFER_BYTES));
  }

  /** Takes over what was received into {@linkcode space}. */
  commit(count: number): void {
    this.#buffer.commit(count);
  }

  /**
   * Takes as many bytes as there is room for, which is all of them unless events are left unpulled.
   *
   * @return How many bytes were taken.
   */
  push(bytes: Uint8Array): number {
    let taken = 0;
    while (taken < bytes.length) {
      const space = this.space();
      if (space.length === 0) break;
      const count = Math.min(space.length, bytes.length - taken);
      space.set(bytes.subarray(taken, taken + count));
      this.commit(count);
      taken += count;
    }
    return taken;
  }

  /** Releases the bytes that no event has reported: they belong to the next protocol. */
  takeRest(): Uint8Array {
    const { bytes, start, end } = this.#buffer;
    this.#buffer.start = end;
    return bytes.slice(start, end);
  }

  /** The next event, or undefined if more bytes are needed. */
  next(): RequestEvent | undefined {
    if (this.#violation !== undefined) return this.#violation;
    if (this.#phase === NO_BODY) {
      this.#phase = LINE;
      return END;
    }
    const event = this.#phase === BODY ? this.#nextOfBody() : this.#nextOfHead();
    if (event !== undefined && event.kind === "violation") this.#violation = event;
    return event;
  }

  #nextOfHead(): RequestHead | Violation | undefined {
    const { bytes, start, end } = this.#buffer;
    if (start === end) return undefined;
    if (this.#phase === LINE) {
      const memory = this.#memory;
      if (memory !== undefined && !this.#isLineBegun) {
        if (memory.recognise(bytes, start, end, this.#limits)) {
          return this.#repeatHead(memory, bytes, start);
        }
      }
      this.#isLineBegun = true;
      const result = this.#line.scan(bytes, start, end);
      if (result !== true) return result === false ? undefined : result;
      this.#releaseHead();
      this.#phase = FIELDS;
      this.#fields.reset(this.#line.at);
      this.#framing.reset();
    }
    const result = this.#fields.scan(bytes, start, end);
    if (result !== true) return result === false ? undefined : result;
    return this.#framing.finish(this.#line.minor) ?? this.#irregularity() ??
      this.#completeHead(bytes, start);
  }

  /** Why a hand-made head with a body is refused: it is ambiguous where the body begins. */
  #irregularity(): Violation | undefined {
    return this.#framing.bodyBytes === 0
      ? undefined
      : this.#line.irregularity ?? this.#fields.irregularity;
  }

  #completeHead(bytes: Uint8Array, start: number): RequestHead | Violation {
    const line = this.#line;
    const framing = this.#framing;
    const { methodStart, methodEnd, minor } = line;
    const method = methodName(bytes, start + methodStart, start + methodEnd);
    const isHandMade = (line.irregularity ?? this.#fields.irregularity) !== undefined;
    const parts = {
      method,
      minor,
      bodyBytes: framing.bodyBytes,
      keepAlive: framing.keepAlive(minor) && !isHandMade,
      // RFC 9110 section 10.1.1: not from an HTTP/1.0 client.
      expectsContinue: framing.expectsContinue && minor > 0 && framing.bodyBytes !== 0,
      upgrade: framing.upgrade && minor > 0 && !isHandMade,
    };
    const headEnd = this.#fields.at;
    const head = new RequestHead(parts, line, bytes, start, this.#fields, headEnd);
    const fault = checkTarget(method, head.target);
    if (fault !== undefined) return fault;
    this.#memory = methodStart === 0
      ? HeadMemory.of(parts, bytes.subarray(start, start + headEnd), line, this.#limits)
      : undefined;
    line.reset();
    this.#isLineBegun = false;
    return this.#begin(head, start + headEnd);
  }

  /** Makes the head that the memory has recognised. */
  #repeatHead(memory: HeadMemory, bytes: Uint8Array, start: number): RequestHead {
    const { headEnd, parts } = memory;
    this.#releaseHead();
    const head = new RequestHead(parts, memory, bytes, start, this.#fields, headEnd);
    return this.#begin(head, start + headEnd);
  }

  /** Continues after a head. */
  #begin(head: RequestHead, end: number): RequestHead {
    this.#head = head;
    this.#buffer.start = end;
    this.#phase = NO_BODY;
    if (head.bodyBytes !== 0) {
      this.#body.begin(head.bodyBytes);
      this.#phase = BODY;
    }
    return head;
  }

  #nextOfBody(): BodyPart | RequestEnd | Violation | undefined {
    const body = this.#body;
    if (!body.isDone) {
      const { bytes, start, end } = this.#buffer;
      const fault = body.scan(bytes, start, end);
      if (fault !== undefined) return fault;
      this.#buffer.start = body.next;
      const { payloadStart, payloadEnd } = body;
      if (payloadEnd > payloadStart) {
        return { kind: "body", bytes: bytes.subarray(payloadStart, payloadEnd) };
      }
      if (!body.isDone) return undefined;
    }
    this.#phase = LINE;
    return END;
  }

  #releaseHead(): void {
    if (this.#head === undefined) return;
    this.#head.release();
    this.#head = undefined;
  }
}

/** Method names of nearly all requests, so that they are not created each time. */
function methodName(bytes: Uint8Array, start: number, end: number): string {
  const first = bytes[start];
  const length = end - start;
  if (length === 3 && first === 0x47 && bytes[start + 1] === 0x45 && bytes[start + 2] === 0x54) {
    return "GET";
  }
  return latin1(bytes, start, end);
}

/** RFC 9112 section 3.2: a path, a whole URL, or for OPTIONS the asterisk. */
function checkTarget(method: string, target: string): Violation | undefined {
  if (target.charCodeAt(0) === 0x2f) return undefined;
  if (method === "CONNECT") return violation(501, "Cannot serve CONNECT: this is not a proxy");
  if (/^https?:\/\/[^/?#]/i.test(target)) return undefined;
  if (target === "*" && method === "OPTIONS") return undefined;
  return violation(400, "Cannot parse target: must begin with a slash or be a whole http URL");
}
