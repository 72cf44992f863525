/**
 * What is behind an HTTP port besides single requests: doors for WebSocket, and streams of events.
 *
 * @module
 */

import { strict as assert } from "node:assert";
import { API_PATH } from "../../src/console/api/document.ts";
import { OPERATIONS } from "../../src/console/api/operations.ts";
import { ZmqPub } from "../../src/clients/zmq/pub.ts";
import { ZmqReq } from "../../src/clients/zmq/req.ts";
import { ZmqSub } from "../../src/clients/zmq/sub.ts";
import type { ZmqDoor } from "../../src/net/zmq/forwarder.ts";
import { encodeUpgradeRequest } from "../../src/wire/websocket/upgrade.ts";
import { ZwsEngine } from "../../src/wire/zws/engine.ts";
import { bytesOf, textOf } from "../support/tcp.ts";
import { client } from "../wire/zmq/identities.ts";
import { type Bystander, type Kind, open, type Place } from "./victims.ts";

/** One entrance of a port. */
interface Entrance {
  readonly path: string;
  readonly kind: Kind;
}

/** For each role, how its entrances are found. */
const ENTRANCES: Readonly<Record<string, (place: Place) => Entrance[]>> = {
  state: (place) =>
    Object.entries(DOORS).map(([door, make]) => {
      const path = `/zmq/${door}`;
      return { path, kind: doorKind(place, path, make) };
    }),
  console: (place) =>
    Object.values(OPERATIONS)
      .filter(({ answer }) => answer.type === "text/event-stream")
      .map(({ path }) => ({ path: API_PATH + path, kind: streamKind(place, API_PATH + path) })),
};

/** The entrances of an HTTP port. */
export function entrancesOf(place: Place): Entrance[] {
  return ENTRANCES[place.role]?.(place) ?? [];
}

/** An honest client of a door. */
interface DoorClient extends AsyncDisposable {
  served(): Promise<unknown>;
  /** Whether the connection is the first one. */
  hasStayed(): boolean;
}

/** A client for each door that there is; the compiler misses one for a new door. */
const DOORS: Readonly<Record<ZmqDoor, (url: string, caCerts: string[]) => DoorClient>> = {
  pub: (url, caCerts) => {
    const pub = new ZmqPub(url, { caCerts });
    return clientOf(pub, () => pub.subscribed(""), () => pub.connects === 1);
  },
  sub: (url, caCerts) => {
    const sub = new ZmqSub(url, { topics: ["honest"], caCerts });
    return clientOf(sub, () => sub.connected(), () => sub.connects === 1);
  },
  req: (url, caCerts) => {
    const req = new ZmqReq(url, { caCerts });
    // It connects again when it is asked.
    return clientOf(req, () => req.request(["GetClientState", "1"]), () => req.isConnected);
  },
};

function clientOf(
  socket: ZmqPub | ZmqSub | ZmqReq,
  served: () => Promise<unknown>,
  hasStayed: () => boolean,
): DoorClient {
  return { served, hasStayed, [Symbol.asyncDispose]: () => socket.close() };
}

function doorKind(
  place: Place,
  path: string,
  make: (url: string, caCerts: string[]) => DoorClient,
): Kind {
  const url = place.url.replace("http", "ws").replace("0.0.0.0", "127.0.0.1") + path;
  const come = () => make(url, place.certificate === "" ? [] : [place.certificate]);
  const request = encodeUpgradeRequest({
    host: "127.0.0.1",
    target: path,
    nonce: new Uint8Array(16),
    subprotocols: ["ZWS2.0/NULL"],
  });
  const ready = new ZwsEngine({ identity: client("SUB"), subprotocol: "ZWS2.0/NULL" }).open();
  const words = {
    half: ready.slice(0, 7),
    whole: ready,
    // A binary message that never ends, masked with zeros.
    long: Uint8Array.of(0x82, 0xff, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0),
  };
  const requestWords = { half: request.slice(0, 60), whole: request, long: request.slice(0, 60) };
  return {
    ...words,
    isListenedTo: false,
    dials: [
      async () => ({ offender: await open(place), words: requestWords }),
      async () => ({ offender: await opened(place, request, "HTTP/1.1 101 "), words }),
    ],
    serves: async () => {
      await using socket = come();
      await socket.served();
    },
    stay: async () => {
      const socket = come();
      await socket.served();
      return {
        check: async () => assert.ok(await Promise.resolve(socket.hasStayed()), "it was ended"),
        [Symbol.asyncDispose]: () => socket[Symbol.asyncDispose](),
      };
    },
  };
}

function streamKind(place: Place, path: string): Kind {
  const request = bytesOf(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`);
  const come = () => opened(place, request, "event: snapshot");
  const words = { half: request.slice(0, 20), whole: request, long: bytesOf("x") };
  return {
    ...words,
    isListenedTo: true,
    readsLater: true,
    dials: [async () => ({ offender: await come(), words })],
    serves: async () => {
      using _ = await come();
    },
    stay: async (): Promise<Bystander> => {
      const conn = await come();
      return {
        check: () => heard(conn, "event: pulse"),
        [Symbol.asyncDispose]: () => Promise.resolve(conn.close()),
      };
    },
  };
}

/** Connects, asks, and has heard the beginning of the right answer. */
async function opened(place: Place, request: Uint8Array, answer: string): Promise<Deno.Conn> {
  const conn = await open(place);
  await conn.write(request);
  await heard(conn, answer);
  return conn;
}

async function heard(conn: Deno.Conn, words: string): Promise<void> {
  const buffer = new Uint8Array(16_384);
  let text = "";
  while (!text.includes(words)) {
    const count = await conn.read(buffer);
    if (count === null) throw new Error(`Ended before ${words}`);
    text = text.slice(-words.length) + textOf(buffer.subarray(0, count));
  }
}
