/**
 * What peers say over an open WebSocket, and what it means. The unmasked bytes are those of recorded
 * connections; clients' frames are masked with a fixed mask where the recording has none.
 *
 * @module
 */

import { maskFrames } from "../../../src/wire/websocket/frame.ts";
import type { ZwsEngineOptions } from "../../../src/wire/zws/engine.ts";
import type { Subprotocol } from "../../../src/wire/zws/subprotocol.ts";
import type { SocketType } from "../../../src/wire/zmq/socket_type.ts";
import { ADMIN, ADMIN_ONLY, client, server } from "../zmq/identities.ts";
import { hex, toHex } from "../zmq/transcript.ts";

/** One case: bytes of a peer and the events that they are. */
export interface ZwsCase {
  readonly name: string;
  readonly us: ZwsEngineOptions;
  readonly bytes: Uint8Array;
  readonly events: readonly string[];
}

const TYPE = "0b 53 6f 63 6b 65 74 2d 54 79 70 65 00 00 00";
const READY = "02 05 52 45 41 44 59";
const READY_SUB = `82 1a ${READY} ${TYPE} 03 53 55 42`;
const READY_PUB = `82 1a ${READY} ${TYPE} 03 50 55 42`;
const READY_XPUB = `82 1b ${READY} ${TYPE} 04 58 50 55 42`;
const READY_REQ =
  `82 2c ${READY} ${TYPE} 03 52 45 51 08 49 64 65 6e 74 69 74 79 00 00 00 05 63 6c 69 2d 31`;
const HELLO = "82 14 02 05 48 45 4c 4c 4f 05 61 64 6d 69 6e 06 73 65 63 72 65 74";
const WELCOME = "82 09 02 07 57 45 4c 43 4f 4d 45";
const INITIATE_SUB = `82 1d 02 08 49 4e 49 54 49 41 54 45 ${TYPE} 03 53 55 42`;
const MASK = 0xbd1b58ba;

/** A connection of a client to us. */
function inbound(
  socketType: SocketType,
  subprotocol: Subprotocol = "ZWS2.0/NULL",
): ZwsEngineOptions {
  const mechanism = subprotocol === "ZWS2.0/PLAIN" ? ADMIN_ONLY : { name: "NULL" as const };
  return { identity: server(socketType, mechanism), subprotocol };
}

/** A connection of ours to a server; masks are zero so that bytes can be compared. */
function outbound(
  socketType: SocketType,
  subprotocol: Subprotocol = "ZWS2.0/NULL",
): ZwsEngineOptions {
  const mechanism = subprotocol === "ZWS2.0/PLAIN" ? ADMIN : { name: "NULL" as const };
  return { identity: client(socketType, mechanism), subprotocol };
}

function take(name: string, us: ZwsEngineOptions, unmasked: string, ...events: string[]): ZwsCase {
  const frames = hex(unmasked);
  const isInbound = us.identity.side === "server";
  const bytes = isInbound ? maskFrames(frames, () => MASK) : frames;
  return { name, us, bytes, events };
}

/** All codes that a close frame may carry, and the ends of the range that is free. */
const VALID_CODES = [
  ...[1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014],
  ...[3000, 4999],
];

/** As {@linkcode take}, with bytes that must not be masked any more. */
function raw(name: string, us: ZwsEngineOptions, bytes: string, ...events: string[]): ZwsCase {
  return { name, us, bytes: hex(bytes), events };
}

function send(bytes: string): string {
  return `send ${toHex(hex(bytes))}`;
}

const masked = (frames: string) => toHex(maskFrames(hex(frames), () => MASK));
const readySub = masked(READY_SUB);

/** Everything that is taken. */
export const TAKEN: readonly ZwsCase[] = [
  take(
    "a subscriber",
    inbound("XPUB"),
    `${READY_SUB} 82 05 00 01 4f 6e 53 82 05 00 00 4f 6e 53`,
    'ready SUB ""',
    'subscribe "OnS"',
    'cancel "OnS"',
  ),
  take(
    "a subscriber without handshake",
    inbound("XPUB", "ZWS2.0"),
    "82 01 00 82 05 00 01 4f 6e 53",
    'ready ? ""',
    'subscribe "OnS"',
  ),
  take(
    "the first frame is the routing id, also if it looks like a subscription",
    inbound("XPUB", "ZWS2.0"),
    "82 05 00 01 4f 6e 53 82 02 00 01",
    'ready ? "\x01OnS"',
    'subscribe ""',
  ),
  take(
    "a request without handshake",
    inbound("ROUTER", "ZWS2.0"),
    "82 06 00 63 6c 69 2d 31 82 01 01 82 0f 01 47 65 74 43 6c 69 65 6e 74 53 74 61 74 65 82 03 00 63 31",
    'ready ? "cli-1"',
    'message ["","GetClientState","c1"]',
  ),
  raw(
    "a masked READY as recorded",
    inbound("ROUTER"),
    `82 ac bd 1b 58 ba bf 1e 0a ff fc 5f 01 b1 ee 74 3b d1 ${
      masked(READY_REQ).split(" ").slice(18).join(" ")
    }`,
    'ready REQ "cli-1"',
  ),
  take(
    "a reply to us",
    outbound("DEALER", "ZWS2.0"),
    "82 01 00 82 01 01 82 0c 01 43 6c 69 65 6e 74 53 74 61 74 65 82 03 01 63 31" +
      "82 11 00 7b 22 73 74 61 74 65 22 3a 22 69 64 6c 65 22 7d",
    'ready ? ""',
    'message ["","ClientState","c1","{\\"state\\":\\"idle\\"}"]',
  ),
  take(
    "a publication to us",
    outbound("SUB"),
    `${READY_XPUB} 82 0e 01 4f 6e 53 74 61 74 65 43 68 61 6e 67 65 82 02 00 78`,
    'ready XPUB ""',
    'message ["OnStateChange","x"]',
  ),
  take(
    "a ping, answered with its payload",
    inbound("XPUB"),
    `${READY_SUB} 89 00 89 02 68 69`,
    'ready SUB ""',
    send("8a 00"),
    send("8a 02 68 69"),
  ),
  take(
    "a ping before the handshake",
    inbound("XPUB"),
    `89 00 ${READY_SUB}`,
    send("8a 00"),
    'ready SUB ""',
  ),
  take("a pong is nothing to answer", inbound("XPUB"), `${READY_SUB} 8a 00`, 'ready SUB ""'),
  take(
    "a ping between two frames",
    inbound("XSUB"),
    `${READY_PUB} 82 02 01 61 89 00 82 01 00`,
    'ready PUB ""',
    send("8a 00"),
    'message ["a",""]',
  ),
  take(
    "a message in fragments with a ping between",
    inbound("XSUB"),
    `${READY_PUB} 02 02 00 61 89 00 00 01 62 80 01 63`,
    'ready PUB ""',
    send("8a 00"),
    'message ["abc"]',
  ),
  take(
    "a close without code",
    inbound("XPUB"),
    `${READY_SUB} 88 00`,
    'ready SUB ""',
    "goodbye 88 00",
  ),
  take(
    "a close with code and reason",
    inbound("XPUB"),
    `${READY_SUB} 88 05 03 e9 62 79 65`,
    'ready SUB ""',
    "goodbye 88 02 03 e9",
  ),
  ...VALID_CODES.map((code) =>
    take(
      `a close with the code ${code}`,
      inbound("XPUB"),
      `88 02 ${toHex(Uint8Array.of(code >> 8, code & 0xff))}`,
      `goodbye 88 02 ${toHex(Uint8Array.of(code >> 8, code & 0xff))}`,
    )
  ),
  take(
    "subscriptions as commands",
    inbound("XPUB"),
    `${READY_SUB} 82 0e 02 09 53 55 42 53 43 52 49 42 45 4f 6e 53 82 0b 02 06 43 41 4e 43 45 4c 4f 6e 53`,
    'ready SUB ""',
    'subscribe "OnS"',
    'cancel "OnS"',
  ),
  take(
    "unknown commands",
    inbound("XPUB"),
    `${READY_SUB} 82 03 02 01 58 82 01 02 82 02 00 01`,
    'ready SUB ""',
    'subscribe ""',
  ),
  take(
    "commands to a socket that is told no subscriptions",
    inbound("XSUB"),
    `${READY_PUB} 82 03 02 01 58`,
    'ready PUB ""',
  ),
  take(
    "PLAIN with the right password",
    inbound("XPUB", "ZWS2.0/PLAIN"),
    `${HELLO} ${INITIATE_SUB}`,
    send(WELCOME),
    send(READY_XPUB),
    'ready SUB ""',
  ),
  take(
    "PLAIN as a client",
    outbound("SUB", "ZWS2.0/PLAIN"),
    `${WELCOME} ${READY_XPUB}`,
    send(masked2(INITIATE_SUB)),
    'ready XPUB ""',
  ),
];

/** Masked with zeros, which only adds the mask. */
function masked2(frames: string): string {
  return toHex(maskFrames(hex(frames), () => 0));
}

const INVALID_CODES = [0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535];

/** Closes that may not be answered with what they say. */
const CLOSES_REFUSED: readonly ZwsCase[] = [
  ...INVALID_CODES.map((code) =>
    take(
      `a close with the code ${code}`,
      inbound("XPUB"),
      `88 02 ${toHex(Uint8Array.of(code >> 8, code & 0xff))}`,
      `violation Cannot take frame: no peer may close with the code ${code} (1002)`,
    )
  ),
  take(
    "a close with half a code",
    inbound("XPUB"),
    "88 01 03",
    "violation Cannot take frame: half a close code is no code (1002)",
  ),
  take(
    "a close whose reason is not UTF-8",
    outbound("SUB"),
    "88 04 03 e8 c3 28",
    "violation Cannot take frame: the reason of the close is not UTF-8 (1007)",
  ),
];

/** Everything that is refused. */
export const REFUSED: readonly ZwsCase[] = [
  take(
    "text",
    inbound("XPUB"),
    `${READY_SUB} 81 02 00 61`,
    'ready SUB ""',
    "violation Cannot take frame: it is text, must be binary (1003)",
  ),
  take(
    "no flags",
    inbound("XPUB"),
    `${READY_SUB} 82 00`,
    'ready SUB ""',
    "violation Cannot take frame: it has no flags (1002)",
  ),
  raw(
    "an unmasked frame of a client",
    inbound("XPUB"),
    READY_SUB,
    "violation Cannot take frame: a client has to mask it (1002)",
  ),
  raw(
    "a masked frame of a server",
    outbound("XSUB"),
    readySub,
    "violation Cannot take frame: a server must not mask it (1002)",
  ),
  take(
    "an extension",
    inbound("XPUB"),
    `${READY_SUB} c2 02 00 61`,
    'ready SUB ""',
    "violation Cannot take frame: it uses an extension (1002)",
  ),
  take(
    "an unknown opcode",
    inbound("XPUB"),
    "83 02 00 61",
    "violation Cannot take frame: it has opcode 3 (1002)",
  ),
  take(
    "a control frame in fragments",
    inbound("XPUB"),
    "09 00",
    "violation Cannot take frame: a control frame is in fragments (1002)",
  ),
  take(
    "a control frame that is too long",
    inbound("XPUB"),
    `89 7e 00 7e ${"61".repeat(126)}`,
    "violation Cannot take frame: a control frame is too long (1002)",
  ),
  take(
    "a continuation of nothing",
    inbound("XPUB"),
    "80 01 61",
    "violation Cannot take frame: it continues nothing (1002)",
  ),
  take(
    "a message in the middle of another",
    inbound("XPUB"),
    "02 01 61 82 01 61",
    "violation Cannot take frame: the message before it has no end (1002)",
  ),
  raw(
    "a length of 2^63",
    inbound("XPUB"),
    "82 ff 80 00 00 00 00 00 00 00 00 00 00 00",
    "violation Cannot take frame: the message has more than 1048577 bytes (1009)",
  ),
  take(
    "too many fragments",
    inbound("XPUB"),
    `02 01 00 ${"00 00".repeat(1024)}`,
    "violation Cannot take frame: it has too many fragments (1009)",
  ),
  take(
    "wrong flags",
    inbound("XSUB"),
    `${READY_PUB} 82 02 04 61`,
    'ready PUB ""',
    "violation Cannot take frame: flags are 4 (1002)",
  ),
  take(
    "a command with more",
    inbound("XSUB"),
    `${READY_PUB} 82 02 03 61`,
    'ready PUB ""',
    "violation Cannot take frame: flags are 3 (1002)",
  ),
  take(
    "a routing id instead of the handshake",
    inbound("XPUB"),
    "82 01 00",
    "violation Cannot connect: the handshake is not made of commands (1002)",
  ),
  take(
    "a routing id of 256 bytes",
    inbound("XPUB", "ZWS2.0"),
    `82 7e 01 01 00 ${"61".repeat(256)}`,
    "violation Cannot connect: the routing id is too long (1002)",
  ),
  take(
    "a socket that does not fit",
    inbound("XPUB"),
    READY_REQ,
    send(
      "82 1e 02 05 45 52 52 4f 52 16 58 50 55 42 20 74 61 6b 65 " +
        "73 20 53 55 42 20 6f 72 20 58 53 55 42",
    ),
    'violation Cannot connect: peer is "REQ", XPUB takes SUB or XSUB (1008)',
  ),
  take(
    "65 frames",
    inbound("XSUB"),
    `${READY_PUB} ${"82 01 01 ".repeat(64)} 82 01 00`,
    'ready PUB ""',
    "violation Cannot take message: it has more than 64 frames (1009)",
  ),
  take(
    "a wrong password",
    inbound("XPUB", "ZWS2.0/PLAIN"),
    HELLO.replace(/74$/, "75"),
    send("82 0b 02 05 45 52 52 4f 52 03 34 30 30"),
    "violation Cannot connect: wrong name or password (1008)",
  ),
  take(
    "the ERROR of libzmq",
    outbound("SUB", "ZWS2.0/PLAIN"),
    "82 0a 02 5e 52 52 4f 52 03 34 30 30",
    'violation Cannot connect: peer refused with "400" (1008)',
  ),
  ...CLOSES_REFUSED,
];
