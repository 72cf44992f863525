/**
 * The phases of a connection on every transport: handshake, traffic, end.
 *
 * @module
 */

import type { Command } from "./command.ts";
import type { ZmqEvent } from "./engine.ts";
import { Handshake, type ZmqIdentity, type ZmqPeerInfo } from "./handshake.ts";
import { departureFrom, takesSubscriptions } from "./socket_type.ts";

/** How a transport writes the commands of this end. */
export interface DialogueWriter {
  /** Writes a command, given its body. */
  encodeCommand(body: Uint8Array): Uint8Array;
  /** Writes the final message to a peer whose handshake failed; empty if the protocol has none. */
  encodeRefusal(reason: string): Uint8Array;
}

/** The phase of a connection. */
export type DialoguePhase =
  /** The peer is not authenticated yet. */
  | "handshake"
  /** Messages are exchanged. */
  | "traffic"
  /** Nothing more is read from the peer. */
  | "over";

/** The phase of one connection, and the events that follow from the peer's commands. */
export class Dialogue {
  readonly #identity: ZmqIdentity;
  readonly #writer: DialogueWriter;
  #handshake: Handshake | undefined;
  #phase: DialoguePhase = "handshake";
  /** An event that waits until the one before it has been taken. */
  #kept: ZmqEvent | undefined;

  /**
   * @param identity What this end is.
   * @param writer Writes commands to the peer.
   */
  constructor(identity: ZmqIdentity, writer: DialogueWriter) {
    this.#identity = identity;
    this.#writer = writer;
    this.#handshake = new Handshake(identity);
  }

  /** The present phase. */
  get phase(): DialoguePhase {
    return this.#phase;
  }

  /** Writes the command that opens the handshake; undefined if the peer has to open it. */
  open(): Uint8Array | undefined {
    const body = this.#handshake?.open();
    return body === undefined ? undefined : this.#writer.encodeCommand(body);
  }

  /** Takes the body of a command that is part of the handshake. */
  shakeHands(body: Uint8Array): ZmqEvent | undefined {
    const { send, peer, refusal } = this.#handshake?.take(body) ?? {};
    const outcome = refusal !== undefined
      ? this.violation(refusal, this.#writer.encodeRefusal(refusal))
      : peer !== undefined
      ? this.ready(peer)
      : undefined;
    if (send === undefined) return outcome;
    this.#kept = outcome;
    return { kind: "send", bytes: this.#writer.encodeCommand(send) };
  }

  /** Ends the handshake: the peer is known. */
  ready(peer: ZmqPeerInfo): ZmqEvent {
    this.#phase = "traffic";
    this.#handshake = undefined;
    return { kind: "ready", peer };
  }

  /** Takes a later command; unknown commands are ignored (RFC 37). */
  obey(command: Command | undefined): ZmqEvent | undefined {
    if (command?.name !== "SUBSCRIBE" && command?.name !== "CANCEL") return undefined;
    if (!takesSubscriptions(this.#identity.socketType)) return undefined;
    return { kind: command.name === "CANCEL" ? "cancel" : "subscribe", topic: command.data };
  }

  /** Keeps an event until the previous one has been taken. */
  keep(event: ZmqEvent): void {
    this.#kept = event;
  }

  /** Takes the kept event. */
  takeKept(): ZmqEvent | undefined {
    const event = this.#kept;
    if (event !== undefined) this.#kept = undefined;
    return event;
  }

  /** The peer has said goodbye. */
  goodbye(reply: Uint8Array): ZmqEvent {
    this.#phase = "over";
    return { kind: "goodbye", reply };
  }

  /** The peer broke the protocol. */
  violation(message: string, reply: Uint8Array): ZmqEvent {
    this.#phase = "over";
    return { kind: "violation", message, reply };
  }

  /** The likely reason if the peer leaves now; undefined after the handshake. */
  departure(): string | undefined {
    return this.#phase === "handshake" ? departureFrom(this.#identity.socketType) : undefined;
  }
}
