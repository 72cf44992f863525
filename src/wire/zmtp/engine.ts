/**
 * ZMTP 3.1 and 3.0 on a stream: greeting, handshake, messages (RFC 37; zws.md section 6).
 *
 * @module
 */

import { concatenate } from "../bytes/concatenate.ts";
import { Arrivals } from "../zmq/arrivals.ts";
import { encodeCommand, encodePing, parseCommand, parsePing } from "../zmq/command.ts";
import type { MessageEncoder, ZmqEngine, ZmqEvent } from "../zmq/engine.ts";
import { Dialogue } from "../zmq/dialogue.ts";
import type { ZmqIdentity } from "../zmq/handshake.ts";
import { HANDSHAKE_BYTES_MAX, ZMQ_MESSAGE_LIMITS, type ZmqMessageLimits } from "../zmq/message.ts";
import { MessageBuilder, subscriptionMessage } from "../zmq/message_builder.ts";
import {
  COMMAND,
  encodeCommandFrame,
  type FrameHead,
  KNOWN_FLAGS,
  MORE,
  parseFrameHead,
  ZMTP_ENCODER,
} from "./frame.ts";
import { encodeGreeting, GREETING_BYTES, greetingFault, parseGreeting } from "./greeting.ts";

/** The first minor version with SUBSCRIBE and CANCEL. */
const COMMANDS_MINOR = 1;
/** Length of the signature that shows that a peer speaks ZMTP, in bytes. */
const SIGNATURE_BYTES = 10;
const EMPTY = new Uint8Array(0);

/** One ZMTP connection. */
export class ZmtpEngine implements ZmqEngine {
  readonly encoder: MessageEncoder = ZMTP_ENCODER;
  readonly expectsPong = true;
  readonly #identity: ZmqIdentity;
  readonly #arrivals: Arrivals;
  readonly #builder: MessageBuilder;
  readonly #frameBytesMax: number;
  readonly #dialogue: Dialogue;
  #isGreeted = false;
  #minor = 0;

  /**
   * @param identity What this end is.
   * @param limits How large messages may be.
   */
  constructor(identity: ZmqIdentity, limits: ZmqMessageLimits = ZMQ_MESSAGE_LIMITS) {
    this.#identity = identity;
    this.#dialogue = new Dialogue(identity, {
      encodeCommand: encodeCommandFrame,
      encodeRefusal: () => EMPTY,
    });
    this.#arrivals = new Arrivals(limits.messageBytesMax);
    this.#builder = new MessageBuilder(identity.socketType, limits);
    this.#frameBytesMax = limits.messageBytesMax;
  }

  /** The whole greeting at once: peers wait for parts of each other's (zws.md 6.1). */
  open(): Uint8Array {
    const { mechanism, side } = this.#identity;
    const greeting = encodeGreeting(mechanism.name, side);
    const ready = mechanism.name === "NULL" ? this.#dialogue.open() : undefined;
    return ready === undefined ? greeting : concatenate([greeting, ready]);
  }

  space(): Uint8Array {
    return this.#arrivals.offer();
  }

  commit(count: number): void {
    this.#arrivals.commit(count);
  }

  put(bytes: Uint8Array): void {
    this.#arrivals.put(bytes);
  }

  next(): ZmqEvent | undefined {
    const kept = this.#dialogue.takeKept();
    if (kept !== undefined) return kept;
    if (this.#dialogue.phase === "over") return undefined;
    return this.#isGreeted ? this.#nextOfFrames() : this.#nextOfGreeting();
  }

  departure(): string | undefined {
    // libzmq leaves after its signature: it has read our whole greeting by then, and READY.
    const hasSigned = this.#isGreeted || this.#arrivals.length >= SIGNATURE_BYTES;
    return hasSigned ? this.#dialogue.departure() : undefined;
  }

  encodeSubscribe(topic: Uint8Array): Uint8Array {
    return this.#minor >= COMMANDS_MINOR
      ? encodeCommandFrame(encodeCommand("SUBSCRIBE", topic))
      : ZMTP_ENCODER.encodeMessage(subscriptionMessage("subscribe", topic));
  }

  encodeCancel(topic: Uint8Array): Uint8Array {
    return this.#minor >= COMMANDS_MINOR
      ? encodeCommandFrame(encodeCommand("CANCEL", topic))
      : ZMTP_ENCODER.encodeMessage(subscriptionMessage("cancel", topic));
  }

  encodePing(): Uint8Array {
    return encodeCommandFrame(encodePing(0));
  }

  encodeGoodbye(): Uint8Array {
    return EMPTY;
  }

  encodeRefusal(): Uint8Array {
    return EMPTY;
  }

  #nextOfGreeting(): ZmqEvent | undefined {
    const { bytes, start, end } = this.#arrivals;
    const fault = greetingFault(bytes.subarray(start, Math.min(end, start + GREETING_BYTES)));
    if (fault !== undefined) return this.#violation(fault);
    if (this.#arrivals.length < GREETING_BYTES) return undefined;
    const { mechanism, minor } = parseGreeting(this.#arrivals.take(0, GREETING_BYTES));
    const ours = this.#identity.mechanism;
    if (mechanism !== ours.name) {
      const theirs = JSON.stringify(mechanism);
      return this.#violation(`Cannot connect: peer's mechanism is ${theirs}, must be ${ours.name}`);
    }
    this.#minor = minor;
    this.#isGreeted = true;
    // READY of NULL has gone out with the greeting; HELLO of a client has not.
    const hello = ours.name === "NULL" ? undefined : this.#dialogue.open();
    return hello === undefined ? this.#nextOfFrames() : { kind: "send", bytes: hello };
  }

  #nextOfFrames(): ZmqEvent | undefined {
    for (;;) {
      const { bytes, start, end } = this.#arrivals;
      const head = parseFrameHead(bytes, start, end);
      const fault = this.#faultOf(head ?? bytes[start], end - start);
      if (fault !== undefined) return this.#violation(fault);
      if (head === undefined || head.bodyBytes > end - start - head.headBytes) return undefined;
      const body = this.#arrivals.take(head.headBytes, head.bodyBytes);
      const event = (head.flags & COMMAND) !== 0
        ? this.#takeCommand(body)
        : this.#builder.add(body, (head.flags & MORE) !== 0 ? "more" : "last");
      if (event !== undefined) return event;
    }
  }

  /** Judges a frame by its header, before any memory is spent on its body. */
  #faultOf(head: FrameHead | number | undefined, available: number): string | undefined {
    if (available === 0 || head === undefined) return undefined;
    const flags = typeof head === "number" ? head : head.flags;
    if ((flags & ~KNOWN_FLAGS) !== 0) return `Cannot take frame: flags are ${flags}`;
    const isCommand = (flags & COMMAND) !== 0;
    if (isCommand && (flags & MORE) !== 0) return "Cannot take frame: a command has MORE set";
    const isShaking = this.#dialogue.phase === "handshake";
    if (isShaking && !isCommand) {
      return "Cannot take frame: a message comes before the handshake is over";
    }
    if (typeof head === "number") return undefined;
    if (!isCommand) return this.#builder.refusal(head.bodyBytes);
    // A topic may be as long as any frame; handshake commands are short.
    const bytesMax = isShaking ? HANDSHAKE_BYTES_MAX : this.#frameBytesMax;
    if (head.bodyBytes <= bytesMax) return undefined;
    return `Cannot take command: it has ${head.bodyBytes} bytes, must be <= ${bytesMax}`;
  }

  #takeCommand(body: Uint8Array): ZmqEvent | undefined {
    if (this.#dialogue.phase === "handshake") return this.#dialogue.shakeHands(body);
    const command = parseCommand(body);
    if (command?.name !== "PING") return this.#dialogue.obey(command);
    const ping = parsePing(command.data);
    if (ping === undefined) return this.#violation("Cannot take PING: it has no time");
    if (ping.ttlMs > 0) this.#dialogue.keep({ kind: "ttl", ms: ping.ttlMs });
    return { kind: "send", bytes: encodeCommandFrame(encodeCommand("PONG", ping.context)) };
  }

  #violation(message: string): ZmqEvent {
    return this.#dialogue.violation(message, EMPTY);
  }
}
