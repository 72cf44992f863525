/**
 * What peers say over TCP, and what it means. The bytes are those of recorded connections.
 *
 * @module
 */

import type { ZmqIdentity } from "../../../src/wire/zmq/handshake.ts";
import { ADMIN, ADMIN_ONLY, client, server } from "../zmq/identities.ts";
import { hex } from "../zmq/transcript.ts";

/** One case: bytes of a peer and the events that they are. */
export interface ZmtpCase {
  readonly name: string;
  readonly us: ZmqIdentity;
  readonly bytes: Uint8Array;
  readonly events: readonly string[];
}

const ZEROS = (count: number) => "00".repeat(count);
const NULL_NAME = `4e 55 4c 4c ${ZEROS(16)}`;
const PLAIN_NAME = `50 4c 41 49 4e ${ZEROS(15)}`;
/** Greeting of a client with the routing id "cli-1", which shows in the padding. */
const GREETING = `ff 00 00 00 00 00 00 00 06 7f 03 01 ${NULL_NAME} ${ZEROS(32)}`;
const GREETING_30 = `ff 00 00 00 00 00 00 00 01 7f 03 00 ${NULL_NAME} ${ZEROS(32)}`;
const GREETING_PLAIN = `ff 00 00 00 00 00 00 00 01 7f 03 01 ${PLAIN_NAME} ${ZEROS(32)}`;
const TYPE = "0b 53 6f 63 6b 65 74 2d 54 79 70 65 00 00 00";
const READY = "05 52 45 41 44 59";
const READY_SUB = `04 19 ${READY} ${TYPE} 03 53 55 42`;
const READY_PUB = `04 19 ${READY} ${TYPE} 03 50 55 42`;
const IDENTITY_CLI_1 = "08 49 64 65 6e 74 69 74 79 00 00 00 05 63 6c 69 2d 31";
const READY_REQ = `04 2b ${READY} ${TYPE} 03 52 45 51 ${IDENTITY_CLI_1}`;
const SUBSCRIBE_ON_S = "04 0d 09 53 55 42 53 43 52 49 42 45 4f 6e 53";
const CANCEL_ON_S = "04 0a 06 43 41 4e 43 45 4c 4f 6e 53";
const PING = "04 07 04 50 49 4e 47 00 0a";
const PONG = "04 05 04 50 4f 4e 47";
const HELLO = "04 13 05 48 45 4c 4c 4f 05 61 64 6d 69 6e 06 73 65 63 72 65 74";
const HELLO_WRONG = "04 13 05 48 45 4c 4c 4f 05 61 64 6d 69 6e 06 73 65 63 72 65 75";
const WELCOME = "04 08 07 57 45 4c 43 4f 4d 45";
const INITIATE_SUB = `04 1c 08 49 4e 49 54 49 41 54 45 ${TYPE} 03 53 55 42`;
const READY_XPUB = `04 1a ${READY} ${TYPE} 04 58 50 55 42`;
const REQUEST = "01 00 01 0e 47 65 74 43 6c 69 65 6e 74 53 74 61 74 65 00 02 63 31";
const LONG_SHORT = "02 00 00 00 00 00 00 00 01 78";

/** Reads the case's bytes. */
function take(
  name: string,
  us: ZmqIdentity,
  bytes: string,
  ...events: string[]
): ZmtpCase {
  return { name, us, bytes: hex(bytes), events };
}

/** `send` lines have one blank between bytes. */
function send(bytes: string): string {
  return `send ${
    hex(bytes).reduce((text, byte) => `${text} ${byte.toString(16).padStart(2, "0")}`, "").trim()
  }`;
}

const XPUB = server("XPUB");
/** `XPUB takes SUB or XSUB` and `ROUTER takes REQ or DEALER or ROUTER`, as ERROR. */
const ERROR_XPUB =
  "04 1d 05 45 52 52 4f 52 16 58 50 55 42 20 74 61 6b 65 73 20 53 55 42 20 6f 72 " +
  "20 58 53 55 42";
const ERROR_ROUTER = "04 2b 05 45 52 52 4f 52 24 52 4f 55 54 45 52 20 74 61 6b 65 73 20 " +
  "52 45 51 20 6f 72 20 44 45 41 4c 45 52 20 6f 72 20 52 4f 55 54 45 52";

/** Everything that is taken. */
export const TAKEN: readonly ZmtpCase[] = [
  take(
    "a subscriber subscribes with its READY",
    XPUB,
    `${GREETING} ${READY_SUB} ${SUBSCRIBE_ON_S}`,
    'ready SUB ""',
    'subscribe "OnS"',
  ),
  take(
    "a subscription is cancelled",
    XPUB,
    `${GREETING} ${READY_SUB} ${CANCEL_ON_S}`,
    'ready SUB ""',
    'cancel "OnS"',
  ),
  take(
    "an old peer subscribes by message",
    XPUB,
    `${GREETING_30} ${READY_SUB} 00 04 01 4f 6e 53 00 04 00 4f 6e 53`,
    'ready SUB ""',
    'subscribe "OnS"',
    'cancel "OnS"',
  ),
  take(
    "both forms from one peer",
    XPUB,
    `${GREETING} ${READY_SUB} ${SUBSCRIBE_ON_S} 00 01 01`,
    'ready SUB ""',
    'subscribe "OnS"',
    'subscribe ""',
  ),
  take(
    "an upstream message of a subscriber",
    XPUB,
    `${GREETING} ${READY_SUB} 00 01 78 01 01 01 00 00`,
    'ready SUB ""',
    'message ["x"]',
    'message ["\\u0001",""]',
  ),
  take(
    "a request",
    server("ROUTER"),
    `${GREETING} ${READY_REQ} ${REQUEST}`,
    'ready REQ "cli-1"',
    'message ["","GetClientState","c1"]',
  ),
  take(
    "a publication is not a subscription to an XSUB",
    server("XSUB"),
    `${GREETING} ${READY_PUB} 00 04 01 4f 6e 53`,
    'ready PUB ""',
    'message ["\\u0001OnS"]',
  ),
  take(
    "a ping with a time",
    XPUB,
    `${GREETING} ${READY_SUB} ${PING}`,
    'ready SUB ""',
    send(PONG),
    "ttl 1000",
  ),
  take(
    "a ping with a context and no time",
    XPUB,
    `${GREETING} ${READY_SUB} 04 09 04 50 49 4e 47 00 00 61 62`,
    'ready SUB ""',
    send("04 07 04 50 4f 4e 47 61 62"),
  ),
  take(
    "a ping between two frames",
    server("ROUTER"),
    `${GREETING} ${READY_REQ} 01 00 ${PING} 00 01 78`,
    'ready REQ "cli-1"',
    send(PONG),
    "ttl 1000",
    'message ["","x"]',
  ),
  take(
    "a pong and an unknown command",
    XPUB,
    `${GREETING} ${READY_SUB} ${PONG} 04 03 02 58 59 00 01 01`,
    'ready SUB ""',
    'subscribe ""',
  ),
  take(
    "a small frame in the long form",
    server("XSUB"),
    `${GREETING} ${READY_PUB} ${LONG_SHORT}`,
    'ready PUB ""',
    'message ["x"]',
  ),
  take(
    "a later major version",
    XPUB,
    `ff ${ZEROS(8)} 7f 04 00 ${NULL_NAME} ${ZEROS(32)} ${READY_SUB}`,
    'ready SUB ""',
  ),
  take(
    "property names in any case and unknown ones",
    XPUB,
    `${GREETING} 04 1f ${READY} 01 58 00 00 00 01 59 0b 53 4f 43 4b 45 54 2d 54 59 50 45 00 00 00 03 53 55 42`
      .replace("04 1f", "04 20"),
    'ready SUB ""',
  ),
  take(
    "PLAIN with the right password",
    server("XPUB", ADMIN_ONLY),
    `${GREETING_PLAIN} ${HELLO} ${INITIATE_SUB} ${SUBSCRIBE_ON_S}`,
    send(WELCOME),
    send(READY_XPUB),
    'ready SUB ""',
    'subscribe "OnS"',
  ),
  take(
    "PLAIN as a client",
    client("SUB", ADMIN),
    `${GREETING_PLAIN} ${WELCOME} ${READY_XPUB}`,
    send(HELLO),
    send(INITIATE_SUB),
    'ready XPUB ""',
  ),
  take(
    "a publisher's messages to a subscriber",
    client("SUB"),
    `${GREETING} ${READY_XPUB} 01 01 61 00 00`,
    'ready XPUB ""',
    'message ["a",""]',
  ),
];

/** Everything that is refused; the last event begins with `violation`. */
export const REFUSED: readonly ZmtpCase[] = [
  take(
    "no signature",
    XPUB,
    "47 45 54 20 2f",
    "violation Cannot connect: greeting has no ZMTP signature",
  ),
  take(
    "ZMTP 1 with a long first frame",
    XPUB,
    `ff ${ZEROS(8)} 00`,
    "violation Cannot connect: greeting has no ZMTP signature",
  ),
  take(
    "ZMTP 2",
    XPUB,
    `ff ${ZEROS(8)} 7f 01`,
    "violation Cannot connect: peer speaks ZMTP 1, must be 3",
  ),
  take(
    "another mechanism",
    XPUB,
    GREETING_PLAIN,
    'violation Cannot connect: peer\'s mechanism is "PLAIN", must be NULL',
  ),
  take(
    "NULL where PLAIN is asked for",
    server("XPUB", ADMIN_ONLY),
    GREETING,
    'violation Cannot connect: peer\'s mechanism is "NULL", must be PLAIN',
  ),
  take(
    "a socket that does not fit",
    XPUB,
    `${GREETING} ${READY_REQ}`,
    send(ERROR_XPUB),
    'violation Cannot connect: peer is "REQ", XPUB takes SUB or XSUB',
  ),
  take(
    "a READY without socket type",
    XPUB,
    `${GREETING} 04 06 ${READY}`,
    send(ERROR_XPUB),
    'violation Cannot connect: peer is "", XPUB takes SUB or XSUB',
  ),
  take(
    "a property that is cut off",
    XPUB,
    `${GREETING} 04 0b ${READY} 0b 53 6f 63 6b`,
    "violation Cannot connect: properties are malformed",
  ),
  take(
    "a property without name",
    XPUB,
    `${GREETING} 04 0b ${READY} 00 00 00 00 00`,
    "violation Cannot connect: properties are malformed",
  ),
  take(
    "a property whose value is cut off",
    XPUB,
    `${GREETING} 04 0d ${READY} 01 58 00 00 00 02 59`,
    "violation Cannot connect: properties are malformed",
  ),
  take(
    "another command than READY",
    XPUB,
    `${GREETING} ${PONG}`,
    'violation Cannot connect: peer sent "PONG", must be READY',
  ),
  take(
    "a command without name",
    XPUB,
    `${GREETING} 04 00`,
    "violation Cannot connect: peer sent no command, must be READY",
  ),
  take(
    "an ERROR",
    client("SUB"),
    `${GREETING} 04 0a 05 45 52 52 4f 52 03 34 30 30`,
    'violation Cannot connect: peer refused with "400"',
  ),
  take(
    "an ERROR as libzmq spells it",
    client("SUB", ADMIN),
    `${GREETING_PLAIN} 04 09 5e 52 52 4f 52 03 34 30 30`,
    send(HELLO),
    'violation Cannot connect: peer refused with "400"',
  ),
  take(
    "a wrong password",
    server("XPUB", ADMIN_ONLY),
    `${GREETING_PLAIN} ${HELLO_WRONG}`,
    send("04 0a 05 45 52 52 4f 52 03 34 30 30"),
    "violation Cannot connect: wrong name or password",
  ),
  take(
    "a HELLO that is cut off",
    server("XPUB", ADMIN_ONLY),
    `${GREETING_PLAIN} 04 08 05 48 45 4c 4c 4f 05 61`,
    "violation Cannot connect: HELLO is malformed",
  ),
  take(
    "an INITIATE of a socket that does not fit",
    server("ROUTER", ADMIN_ONLY),
    `${GREETING_PLAIN} ${HELLO} ${INITIATE_SUB}`,
    send(WELCOME),
    send(ERROR_ROUTER),
    'violation Cannot connect: peer is "SUB", ROUTER takes REQ or DEALER or ROUTER',
  ),
  take(
    "a message before READY",
    XPUB,
    `${GREETING} 00 01 01`,
    "violation Cannot take frame: a message comes before the handshake is over",
  ),
  take(
    "unknown flags",
    XPUB,
    `${GREETING} ${READY_SUB} 08`,
    'ready SUB ""',
    "violation Cannot take frame: flags are 8",
  ),
  take(
    "a command with MORE",
    XPUB,
    `${GREETING} ${READY_SUB} 05`,
    'ready SUB ""',
    "violation Cannot take frame: a command has MORE set",
  ),
  take(
    "a length of 2^63+5",
    server("XSUB"),
    `${GREETING} ${READY_PUB} 02 80 00 00 00 00 00 00 05`,
    'ready PUB ""',
    "violation Cannot take message: it has more than 1048576 bytes",
  ),
  take(
    "a command of 2^63+5 bytes",
    XPUB,
    `${GREETING} ${READY_SUB} 06 80 00 00 00 00 00 00 05`,
    'ready SUB ""',
    "violation Cannot take command: it has 9223372036854776000 bytes, must be <= 1048576",
  ),
  take(
    "a long command in the handshake",
    XPUB,
    `${GREETING} 06 00 00 00 00 00 00 20 01`,
    "violation Cannot take command: it has 8193 bytes, must be <= 8192",
  ),
  take(
    "65 frames",
    server("XSUB"),
    `${GREETING} ${READY_PUB} ${"01 00 ".repeat(64)} 00 00`,
    'ready PUB ""',
    "violation Cannot take message: it has more than 64 frames",
  ),
  take(
    "a ping without time",
    XPUB,
    `${GREETING} ${READY_SUB} 04 06 04 50 49 4e 47 00`,
    'ready SUB ""',
    "violation Cannot take PING: it has no time",
  ),
];
