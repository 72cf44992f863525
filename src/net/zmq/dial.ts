/**
 * Connects to a ZeroMQ peer that listens.
 *
 * @module
 */

import { encodeUpgradeRequest, keyOf, parseUpgradeReply } from "../../wire/websocket/upgrade.ts";
import type { ZmqEngine } from "../../wire/zmq/engine.ts";
import type { ZmqIdentity } from "../../wire/zmq/handshake.ts";
import type { ZmqMessageLimits } from "../../wire/zmq/message.ts";
import { hostField } from "../../wire/url/place.ts";
import type { ZmqAddress } from "../../wire/zmq/url.ts";
import { ZmtpEngine } from "../../wire/zmtp/engine.ts";
import { ZwsEngine } from "../../wire/zws/engine.ts";
import { type Subprotocol, subprotocolsFor } from "../../wire/zws/subprotocol.ts";
import { Connection, type ConnectionOwner } from "../tcp/connection.ts";
import { CONNECTION_LIMITS } from "../tcp/connection_limits.ts";
import { Timer } from "../timer.ts";
import { ZmqError } from "./error.ts";
import { dialServer } from "../tcp/tls_dial.ts";
import { speaksTls } from "../../wire/tls/plain_http.ts";
import { proofOf } from "./proof.ts";
import type { NetConn } from "../tcp/net_conn.ts";

/** The peer to connect to, and this end's identity. */
export interface DialOptions {
  readonly address: ZmqAddress;
  readonly identity: ZmqIdentity;
  readonly limits: ZmqMessageLimits;
  /** Certificates (PEM) to trust for `wss` servers, besides the system's. */
  readonly caCerts: readonly string[];
  /** Timeout of connecting and of the upgrade, each, in milliseconds. */
  readonly handshakeMs: number;
  /** Gives up when aborted. */
  readonly signal: AbortSignal;
  /** Keeps the deadlines of the connection. */
  readonly owner: ConnectionOwner;
}

/** A connection on which the engine can start. */
export interface Dialled {
  readonly connection: Connection;
  readonly engine: ZmqEngine;
  /** Bytes that arrived together with the reply to the upgrade. */
  readonly received: Uint8Array;
}

/** The longest reply to an upgrade in bytes. */
const REPLY_BYTES_MAX = 16_384;
const NONCE_BYTES = 16;
const MASKS_AT_ONCE = 1_024;
const EMPTY = new Uint8Array(0);

/**
 * Connects, and upgrades if the transport is WebSocket.
 *
 * @throws {ZmqError} if the peer does not speak ZeroMQ.
 * @throws {Error} the system's error if no connection can be made.
 */
export async function dial(options: DialOptions): Promise<Dialled> {
  const { address, identity, limits, owner } = options;
  const connection = new Connection(await connect(options), owner, {
    ...CONNECTION_LIMITS,
    queueBytes: Infinity,
  });
  if (address.transport === "tcp") {
    return { connection, engine: new ZmtpEngine(identity, limits), received: EMPTY };
  }
  const stop = () => connection.close("stopped");
  options.signal.addEventListener("abort", stop);
  try {
    const { subprotocol, received } = await upgrade(connection, options);
    const engine = new ZwsEngine({ identity, subprotocol, limits, makeMask: randomMask });
    return { connection, engine, received };
  } catch (error) {
    connection.close("violation");
    throw error;
  } finally {
    options.signal.removeEventListener("abort", stop);
  }
}

async function connect({ address, caCerts, handshakeMs, signal }: DialOptions): Promise<NetConn> {
  const { hostname, port, isTls } = address;
  const controller = new AbortController();
  const giveUp = () => controller.abort();
  const timer = Timer.after(handshakeMs, giveUp);
  signal.addEventListener("abort", giveUp);
  try {
    if (signal.aborted) giveUp();
    const tls = isTls ? { caCerts } : undefined;
    return await dialServer({ hostname, port, tls, signal: controller.signal });
  } finally {
    timer.stop();
    signal.removeEventListener("abort", giveUp);
  }
}

async function upgrade(
  connection: Connection,
  { address, identity, handshakeMs }: DialOptions,
): Promise<{ subprotocol: Subprotocol; received: Uint8Array }> {
  const subprotocols = subprotocolsFor(identity.mechanism);
  const request = {
    host: hostField(address),
    target: address.target,
    nonce: crypto.getRandomValues(new Uint8Array(NONCE_BYTES)),
    subprotocols,
  };
  const proof = await proofOf(keyOf(request.nonce));
  connection.enter("opening", handshakeMs);
  connection.send(encodeUpgradeRequest(request));
  const buffer = new Uint8Array(REPLY_BYTES_MAX);
  let text = "";
  for (let length = 0; length < buffer.length;) {
    const count = await connection.read(buffer.subarray(length));
    if (count === null) {
      throw new ZmqError("dropped", `Cannot connect: ${endedEarly(address, length)}`);
    }
    for (const byte of buffer.subarray(length, length + count)) text += String.fromCharCode(byte);
    length += count;
    if (!address.isTls && speaksTls(buffer.subarray(0, length))) {
      throw new ZmqError(
        "protocol",
        "Cannot connect: the server speaks TLS on this port; write wss://",
      );
    }
    const end = text.indexOf("\r\n\r\n");
    if (end < 0) continue;
    const outcome = parseUpgradeReply(text.slice(0, end), request, proof);
    if ("fault" in outcome) throw new ZmqError("protocol", outcome.fault);
    const subprotocol = subprotocols.find((name) => name === outcome.subprotocol);
    if (subprotocol === undefined) {
      throw new ZmqError("protocol", "Cannot connect: subprotocol is unknown");
    }
    return { subprotocol, received: buffer.slice(end + 4, length) };
  }
  throw new ZmqError(
    "protocol",
    `Cannot connect: reply has more than ${REPLY_BYTES_MAX} bytes of head`,
  );
}

function endedEarly({ isTls }: ZmqAddress, length: number): string {
  const what = "the server ended the connection";
  return isTls || length > 0 ? what : `${what}; if it speaks TLS on this port, write wss://`;
}

const masks = new Uint32Array(MASKS_AT_ONCE);
let masksLeft = 0;

/**
 * An unpredictable mask (RFC 6455 section 5.3); many are drawn at once because each call is costly.
 */
function randomMask(): number {
  if (masksLeft === 0) {
    crypto.getRandomValues(masks);
    masksLeft = MASKS_AT_ONCE;
  }
  return masks[--masksLeft] as number;
}
