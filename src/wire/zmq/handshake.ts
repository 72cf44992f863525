/**
 * Establishes who the peer is: the handshakes NULL (ZMTP 3.1, RFC 37) and PLAIN (RFC 24).
 *
 * @module
 */

import {
  encodeCommand,
  encodeCredentials,
  encodeError,
  encodeProperties,
  parseCommand,
  parseCredentials,
  parseError,
  parseProperties,
} from "./command.ts";
import { areCompatible, partnersOf, type SocketType, tellsIdentity } from "./socket_type.ts";

/**
 * How peers authenticate (ZMTP 3.1, NULL and PLAIN): not at all (`NULL`); as a client that sends a
 * name and password, which anybody on the way can read; or as a server whose `admit` checks them.
 */
export type Mechanism =
  /** Not at all. */
  | { readonly name: "NULL" }
  /** A client that sends a name and password, which anybody on the way can read. */
  | { readonly name: "PLAIN"; readonly username: string; readonly password: string }
  /** Compare in constant time. If this throws, the client is refused. */
  | { readonly name: "PLAIN"; readonly admit: (username: string, password: string) => boolean };

/** The identity of this end. */
export interface ZmqIdentity {
  /** The kind of socket. */
  readonly socketType: SocketType;
  /** The side that waits for connections is the server. */
  readonly side: "client" | "server";
  /** How the other end is authenticated. */
  readonly mechanism: Mechanism;
  /** Name that a ROUTER may use for this end, 0 to 255 bytes. */
  readonly routingId: Uint8Array;
}

/** What is known of the other end. */
export interface ZmqPeerInfo {
  /** Kind of socket; undefined where the protocol does not carry it (plain `ZWS2.0`). */
  readonly socketType: string | undefined;
  /** The name that the peer gave itself; usually empty. */
  readonly routingId: Uint8Array;
  /** With PLAIN: whether the peer's name and password would still be accepted now. */
  readonly isAdmitted?: () => boolean;
}

/** The result of a command: bytes to send, an authenticated peer, or a refusal. */
export interface HandshakeStep {
  readonly send?: Uint8Array;
  readonly peer?: ZmqPeerInfo;
  /** Why the connection must end, as a sentence. */
  readonly refusal?: string;
}

const EMPTY = new Uint8Array(0);
/** The message to a refused client, in the style of an HTTP status line. */
const REFUSED_REASON = "400";
/** Why a client with a wrong name or password is refused. */
export const WRONG_LOGIN = "Cannot connect: wrong name or password";

/** One handshake, fed with the peer's commands. */
export class Handshake {
  readonly #identity: ZmqIdentity;
  #isAdmitted: (() => boolean) | undefined;
  #expects: "READY" | "HELLO" | "WELCOME" | "INITIATE";

  /** @param identity This end of the connection. */
  constructor(identity: ZmqIdentity) {
    this.#identity = identity;
    const { mechanism, side } = identity;
    if (mechanism.name === "NULL") this.#expects = "READY";
    else this.#expects = side === "server" ? "HELLO" : "WELCOME";
  }

  /** What to send without waiting for the peer, if anything. */
  open(): Uint8Array | undefined {
    const { mechanism, side } = this.#identity;
    if (mechanism.name === "NULL") return this.#introduce("READY");
    if (side === "server" || "admit" in mechanism) return undefined;
    return encodeCommand("HELLO", encodeCredentials(mechanism.username, mechanism.password));
  }

  /** Takes the body of a command that the peer sent. */
  take(body: Uint8Array): HandshakeStep {
    const reason = parseError(body);
    if (reason !== undefined) return { refusal: `Cannot connect: peer refused with "${reason}"` };
    const command = parseCommand(body);
    if (command?.name !== this.#expects) {
      const name = command === undefined ? "no command" : JSON.stringify(command.name);
      return { refusal: `Cannot connect: peer sent ${name}, must be ${this.#expects}` };
    }
    switch (this.#expects) {
      case "HELLO":
        return this.#judge(command.data);
      case "WELCOME":
        this.#expects = "READY";
        return { send: this.#introduce("INITIATE") };
      case "INITIATE": {
        const step = this.#meet(command.data);
        return step.peer === undefined ? step : { ...step, send: this.#introduce("READY") };
      }
      case "READY":
        return this.#meet(command.data);
    }
  }

  #judge(data: Uint8Array): HandshakeStep {
    const credentials = parseCredentials(data);
    if (credentials === undefined) return { refusal: "Cannot connect: HELLO is malformed" };
    const { mechanism } = this.#identity;
    const { username, password } = credentials;
    const isAdmitted = () => "admit" in mechanism && mechanism.admit(username, password);
    if (!isAdmitted()) {
      return {
        send: encodeError(REFUSED_REASON),
        refusal: WRONG_LOGIN,
      };
    }
    this.#isAdmitted = isAdmitted;
    this.#expects = "INITIATE";
    return { send: encodeCommand("WELCOME") };
  }

  #meet(data: Uint8Array): HandshakeStep {
    const properties = parseProperties(data);
    if (properties === undefined) return { refusal: "Cannot connect: properties are malformed" };
    const type = properties.get("socket-type");
    const socketType = new TextDecoder().decode(type);
    const { socketType: ours } = this.#identity;
    if (!areCompatible(ours, socketType)) {
      const name = JSON.stringify(socketType.slice(0, 32));
      return {
        // Not every peer checks our socket type, and without a reason it would silently try again.
        send: encodeError(partnersOf(ours)),
        refusal: `Cannot connect: peer is ${name}, ${partnersOf(ours)}`,
      };
    }
    return {
      peer: {
        socketType,
        routingId: properties.get("identity") ?? EMPTY,
        ...(this.#isAdmitted === undefined ? {} : { isAdmitted: this.#isAdmitted }),
      },
    };
  }

  #introduce(name: "READY" | "INITIATE"): Uint8Array {
    const { socketType, routingId } = this.#identity;
    const properties: [string, Uint8Array][] = [
      ["Socket-Type", new TextEncoder().encode(socketType)],
    ];
    if (tellsIdentity(socketType)) properties.push(["Identity", routingId]);
    return encodeCommand(name, encodeProperties(properties));
  }
}
