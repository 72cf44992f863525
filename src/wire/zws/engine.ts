/**
 * ZWS 2.0 on an open WebSocket: routing id or handshake, then messages (RFC 45; zws.md).
 *
 * @module
 */

import { CLOSE_CODE, type CloseCode, encodeClose } from "../websocket/closing.ts";
import { encodeFrame, maskFrames, OPCODE } from "../websocket/frame.ts";
import { WebSocketReader } from "../websocket/reader.ts";
import { parseCommand } from "../zmq/command.ts";
import type { MessageEncoder, ZmqEngine, ZmqEvent } from "../zmq/engine.ts";
import { Dialogue } from "../zmq/dialogue.ts";
import type { ZmqIdentity } from "../zmq/handshake.ts";
import { HANDSHAKE_BYTES_MAX, ZMQ_MESSAGE_LIMITS, type ZmqMessageLimits } from "../zmq/message.ts";
import { MessageBuilder, subscriptionMessage } from "../zmq/message_builder.ts";
import { COMMAND, encodeCommandFrame, MORE, ZWS_ENCODER } from "./frame.ts";
import type { Subprotocol } from "./subprotocol.ts";

/** What a {@linkcode ZwsEngine} needs to know. */
export interface ZwsEngineOptions {
  /** This end's identity; its side also decides who masks. */
  readonly identity: ZmqIdentity;
  /** The dialect that was chosen. */
  readonly subprotocol: Subprotocol;
  /** How large messages may be. */
  readonly limits?: ZmqMessageLimits;
  /** Gives a client's masks: four random bytes each, as a number. */
  readonly makeMask?: () => number;
}

const EMPTY = new Uint8Array(0);
/** Bytes of a peer's routing ID. */
const ROUTING_ID_BYTES_MAX = 255;
const FLAG_BYTES = 1;
const KNOWN_FLAGS = MORE | COMMAND;

/** One ZWS connection after its upgrade. */
export class ZwsEngine implements ZmqEngine {
  readonly encoder: MessageEncoder;
  /** Under plain `ZWS2.0`, libzmq answers no pings (zws.md 2.2). */
  readonly expectsPong: boolean;
  readonly #reader: WebSocketReader;
  readonly #builder: MessageBuilder;
  readonly #identity: ZmqIdentity;
  readonly #makeMask: (() => number) | undefined;
  readonly #dialogue: Dialogue;
  /** Whether the peer identifies itself by handshake commands, not by its routing id alone. */
  readonly #hasHandshake: boolean;

  /** @param options Identity, dialect, limits. */
  constructor(options: ZwsEngineOptions) {
    const { identity, subprotocol, limits = ZMQ_MESSAGE_LIMITS, makeMask = () => 0 } = options;
    const isClient = identity.side === "client";
    this.#identity = identity;
    this.#makeMask = isClient ? makeMask : undefined;
    this.encoder = isClient
      ? { encodeMessage: (message) => this.#masked(ZWS_ENCODER.encodeMessage(message)) }
      : ZWS_ENCODER;
    this.#hasHandshake = this.expectsPong = subprotocol !== "ZWS2.0";
    this.#dialogue = new Dialogue(identity, {
      encodeCommand: (body) => this.#masked(encodeCommandFrame(body)),
      encodeRefusal: (reason) => this.encodeRefusal(reason),
    });
    this.#reader = new WebSocketReader({
      peer: isClient ? "server" : "client",
      messageBytesMax: limits.messageBytesMax + FLAG_BYTES,
    });
    this.#builder = new MessageBuilder(identity.socketType, limits);
  }

  open(): Uint8Array {
    return this.#hasHandshake
      ? this.#dialogue.open() ?? EMPTY
      : this.encoder.encodeMessage([this.#identity.routingId]);
  }

  space(): Uint8Array {
    return this.#reader.arrivals.offer();
  }

  commit(count: number): void {
    this.#reader.arrivals.commit(count);
  }

  put(bytes: Uint8Array): void {
    this.#reader.arrivals.put(bytes);
  }

  next(): ZmqEvent | undefined {
    const kept = this.#dialogue.takeKept();
    if (kept !== undefined) return kept;
    while (this.#dialogue.phase !== "over") {
      const event = this.#reader.next();
      if (event === undefined) return undefined;
      const outcome = this.#take(event);
      if (outcome !== undefined) return outcome;
    }
    return undefined;
  }

  departure(): string | undefined {
    return this.#hasHandshake ? this.#dialogue.departure() : undefined;
  }

  encodeSubscribe(topic: Uint8Array): Uint8Array {
    return this.encoder.encodeMessage(subscriptionMessage("subscribe", topic));
  }

  encodeCancel(topic: Uint8Array): Uint8Array {
    return this.encoder.encodeMessage(subscriptionMessage("cancel", topic));
  }

  encodePing(): Uint8Array {
    return this.#masked(encodeFrame(OPCODE.ping, EMPTY));
  }

  encodeGoodbye(): Uint8Array {
    return this.#masked(encodeClose(CLOSE_CODE.goingAway));
  }

  encodeRefusal(reason: string): Uint8Array {
    return this.#masked(encodeClose(CLOSE_CODE.policyViolation, reason));
  }

  #take(event: NonNullable<ReturnType<WebSocketReader["next"]>>): ZmqEvent | undefined {
    switch (event.kind) {
      case "binary":
        return this.#takeFrame(event.payload);
      case "ping":
        return { kind: "send", bytes: this.#masked(encodeFrame(OPCODE.pong, event.payload)) };
      case "pong":
        return undefined;
      case "close":
        return this.#dialogue.goodbye(
          this.#masked(encodeFrame(OPCODE.close, event.payload.subarray(0, 2))),
        );
      case "violation":
        return this.#violation(event.message, event.code);
    }
  }

  #takeFrame(payload: Uint8Array): ZmqEvent | undefined {
    const flags = payload[0];
    if (flags === undefined) return this.#violation("Cannot take frame: it has no flags");
    const body = payload.subarray(FLAG_BYTES);
    if (this.#dialogue.phase === "handshake") return this.#meet(flags, body);
    if ((flags & ~KNOWN_FLAGS) !== 0 || flags === KNOWN_FLAGS) {
      return this.#violation(`Cannot take frame: flags are ${flags}`);
    }
    // Over WebSocket, nobody sends these without CURVE, and they do no harm.
    if (flags === COMMAND) return this.#dialogue.obey(parseCommand(body));
    const refusal = this.#builder.refusal(body.length);
    if (refusal !== undefined) return this.#violation(refusal, CLOSE_CODE.tooBig);
    return this.#builder.add(body, flags === MORE ? "more" : "last");
  }

  #meet(flags: number, body: Uint8Array): ZmqEvent | undefined {
    if (this.#hasHandshake) {
      if (flags !== COMMAND || body.length > HANDSHAKE_BYTES_MAX) {
        return this.#violation("Cannot connect: the handshake is not made of commands");
      }
      return this.#dialogue.shakeHands(body);
    }
    // Exactly one frame is the routing id, whatever it looks like (zws.md section 3).
    if (body.length > ROUTING_ID_BYTES_MAX) {
      return this.#violation("Cannot connect: the routing id is too long");
    }
    return this.#dialogue.ready({ socketType: undefined, routingId: body });
  }

  #masked(frames: Uint8Array): Uint8Array {
    return this.#makeMask === undefined ? frames : maskFrames(frames, this.#makeMask);
  }

  #violation(message: string, code: CloseCode = CLOSE_CODE.protocolError): ZmqEvent {
    return this.#dialogue.violation(message, this.#masked(encodeClose(code, message)));
  }
}
