/**
 * RFC 6455 at every door for WebSocket of the game server, plain and over TLS, on a real socket. What
 * the page says of the cases stands in docs/conformance.md.
 */

import { strict as assert } from "node:assert";
import { createHash } from "node:crypto";
import { TlsIdentity } from "../../src/net/tcp/tls_identity.ts";
import type { ZmqDoor } from "../../src/net/zmq/forwarder.ts";
import { type GameHost, startGameHost } from "../roles/state/game_host.ts";
import { temporaryDirectory } from "../store/virtual_host.ts";
import { hasOpenssl, makeCertificate } from "../support/certificate.ts";
import { requirement } from "../support/require.ts";
import { bytesOf, textOf } from "../support/tcp.ts";
import { GOOD_FIELDS, HANDSHAKE_CASES, type HandshakeCase } from "./handshake_cases.ts";
import type { ListedCase } from "./listed.ts";
import { type ClientFrame, FRAME_CASES, type FrameCase } from "./websocket_cases.ts";
import {
  dial,
  encodeClientFrame,
  requestText,
  type ServerPlace,
  WebSocketPeer,
} from "./websocket_peer.ts";

const [BINARY, CLOSE, PING, PONG] = [2, 8, 9, 10];

/** Letters by which a message is recognised. */
function contentOf(bytes: number): Uint8Array {
  return Uint8Array.from({ length: bytes }, (_, at) => 0x61 + at * 7 % 26);
}

const WORD_BYTES_MAX = 256;

/** One door: which messages it takes, and how one sees that they have arrived. */
interface Door {
  /** A whole message of so many bytes, its flags included. */
  message(bytes: number): Uint8Array;
  /** Has the host send what shows it; called when all has been taken. */
  show(host: GameHost, lengths: readonly number[]): void;
  /** What has arrived, told by what was sent to this client, and what the host has heard. */
  arrived(data: readonly Uint8Array[], heard: readonly Uint8Array[]): Uint8Array[];
  /** The same of messages of such lengths. */
  expected(lengths: readonly number[]): Uint8Array[];
}

function flagged(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** Every door; the compiler misses a new one. */
const DOORS: Readonly<Record<ZmqDoor, Door>> = {
  pub: {
    message: (bytes) => flagged(Uint8Array.of(0), contentOf(bytes - 1)),
    show: () => undefined,
    arrived: (_, heard) => [...heard],
    expected: (lengths) => lengths.map((bytes) => contentOf(bytes - 1)),
  },
  sub: {
    message: (bytes) => flagged(Uint8Array.of(0, 1), contentOf(bytes - 2)),
    show: (host, lengths) => {
      for (const bytes of lengths) host.role.intermediary.publish([contentOf(bytes - 2)]);
    },
    arrived: (data) => data.map((frame) => frame.subarray(1)),
    expected: (lengths) => lengths.map((bytes) => contentOf(bytes - 2)),
  },
  req: {
    message: (bytes) => flagged(Uint8Array.of(0), contentOf(bytes - 1)),
    show: () => undefined,
    // Of each reply the last frame, which quotes the beginning of the request.
    arrived: (data) => data.filter(([flags]) => flags === 0).map((frame) => quoted(frame)),
    // What is longer than any word of the protocol is quoted as nothing.
    expected: (lengths) =>
      lengths.map((bytes) => contentOf(bytes > WORD_BYTES_MAX ? 0 : Math.min(bytes - 1, 80))),
  },
};

function quoted(frame: Uint8Array): Uint8Array {
  const [, word = ""] = /^.Cannot answer "([a-z]*)"/s.exec(textOf(frame)) ?? [];
  return bytesOf(word);
}

/** A door where it is. */
interface Entrance {
  readonly name: ZmqDoor;
  readonly door: Door;
  readonly place: ServerPlace;
  readonly host: GameHost;
  /** First frames that reached the channel since it was last emptied. */
  readonly heard: Uint8Array[];
}

function lineOf(opcode: number, payload: Uint8Array): string {
  if (opcode === PONG) return `pong ${textOf(payload)}`;
  const [high, low] = payload;
  return high === undefined || low === undefined ? "close" : `close ${high << 8 | low}`;
}

/** Opens a connection and hears the first frame; ours is still to be sent. */
async function enter({ name, place }: Entrance): Promise<WebSocketPeer> {
  const peer = new WebSocketPeer(await dial(place));
  await peer.say(bytesOf(requestText(name)));
  assert.equal((await peer.hearHead()).status, 101);
  const first = await peer.hear();
  assert.deepEqual([first?.opcode, [...first?.payload ?? []]], [BINARY, [0]]);
  return peer;
}

async function tryFrames(entrance: Entrance, one: FrameCase): Promise<void> {
  const { door, host, heard } = entrance;
  heard.length = 0;
  using peer = await enter(entrance);
  const answers: string[] = [];
  const data: Uint8Array[] = [];
  /** Hears until a pong of ours, or the end. */
  const hearUntil = async (pong: string): Promise<"pong" | "end"> => {
    for (;;) {
      const frame = await peer.hear();
      if (frame === undefined) return "end";
      if (frame.opcode === BINARY) data.push(frame.payload);
      else if (frame.opcode === PONG && textOf(frame.payload) === pong) return "pong";
      else answers.push(lineOf(frame.opcode, frame.payload));
    }
  };
  const routingId: ClientFrame = { opcode: BINARY, payload: "\0" };
  const frames = [routingId, ...one.frames].map((frame) =>
    encodeClientFrame(frame, (bytes) => door.message(bytes))
  );
  const mark = (payload: string) => encodeClientFrame({ opcode: PING, payload }, contentOf);
  const { arrives = [] } = one;
  const closes = one.answers.at(-1)?.startsWith("close") === true;
  const words = closes ? frames : [...frames, mark("all taken")];
  await peer.say(flagged(...words), one.pieceBytes);
  if (!closes) {
    assert.equal(await hearUntil("all taken"), "pong", "the connection goes on");
    // What must not have arrived is shown too, where nothing else could hide it.
    const sent = one.frames.flatMap(({ of }) => of?.[0] ?? []).filter((bytes) => bytes > 1);
    door.show(host, arrives.length > 0 ? arrives : sent);
    await peer.say(mark("all shown"));
    assert.equal(await hearUntil("all shown"), "pong", "the connection goes on");
  } else {
    assert.equal(await hearUntil("never"), "end", "the server ends the connection");
  }
  assert.deepEqual(answers, one.answers);
  // Who has gone is shown nothing any more.
  if (entrance.name === "sub" && closes) return;
  const texts = (all: readonly Uint8Array[]) => all.map((each) => textOf(each));
  assert.deepEqual(texts(door.arrived(data, heard)), texts(door.expected(arrives)), "what arrives");
}

async function tryHandshake({ name, place }: Entrance, one: HandshakeCase): Promise<void> {
  using peer = new WebSocketPeer(await dial(place));
  const text = (one.before ?? "") + requestText(name, one) + (one.after ?? "");
  await peer.say(bytesOf(text), one.pieceBytes);
  if (one.before !== undefined) {
    const { status, fields } = await peer.hearHead();
    assert.equal(status, 200, "the request before");
    await peer.hearBody(Number(fields.get("content-length")));
  }
  const { status, fields, lines } = await peer.hearHead();
  assert.equal(status, one.status);
  for (const [field, value] of Object.entries(one.has ?? {})) {
    assert.equal(fields.get(field), value);
  }
  if (status === 101) {
    const key = GOOD_FIELDS["Sec-WebSocket-Key"];
    const proof = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`);
    assert.equal(fields.get("sec-websocket-accept"), proof.digest("base64"));
    assert.equal(fields.get("upgrade"), "websocket");
    assert.equal(fields.get("connection"), "Upgrade");
    assert.equal(fields.get("sec-websocket-protocol"), "ZWS2.0");
    assert.equal(fields.has("sec-websocket-extensions"), false);
    for (const [field, count] of lines) assert.equal(count, 1, `${field} stands once`);
    if (one.after !== undefined) {
      const heard = [];
      for (let frame = await peer.hear(); frame?.opcode !== CLOSE; frame = await peer.hear()) {
        heard.push(frame?.opcode);
        if (frame === undefined || frame.opcode === PONG) break;
      }
      // Its payload was taken for the routing id, or a pong came: it was not lost.
      assert.ok(heard.includes(PONG), `${heard}`);
    }
    return;
  }
  // RFC 9110 6.6.1 and 7.8: an answer has its date, and says what it wants by both fields.
  assert.ok(fields.has("date"), "Date");
  if (fields.has("upgrade")) assert.match(fields.get("connection") ?? "", /(^|, *)upgrade(,|$)/i);
  const isHead = one.line?.startsWith("HEAD") === true;
  await peer.hearBody(isHead ? 0 : Number(fields.get("content-length")));
  if (/(^|, *)close(,|$)/i.test(fields.get("connection") ?? "")) {
    assert.equal(await peer.hear(), undefined, "the server ends the connection, and says no more");
  }
}

/** Hosts for each door, which share the cases: what is published at one host would be heard by others. */
const HOSTS = 4;

/** Tries each case at each door. */
async function tryDoors(options: Parameters<typeof startGameHost>[0], certificate: string) {
  await using stack = new AsyncDisposableStack();
  const doors = Object.entries(DOORS) as [ZmqDoor, Door][];
  const faults: string[] = [];
  const tell = (name: string, one: ListedCase) => (error: unknown) =>
    void faults.push(`${name}: ${one.group}: ${one.name}: ${error}`);
  await Promise.all(doors.flatMap(([name, door]) => {
    const frames = FRAME_CASES.values();
    const handshakes = HANDSHAKE_CASES.values();
    return Array.from({ length: HOSTS }, async () => {
      const host = stack.use(startGameHost(options));
      const heard: Uint8Array[] = [];
      host.role.intermediary.listen("", ([first = new Uint8Array(0)]) => heard.push(first));
      const entrance = { name, door, place: { url: host.url, certificate }, host, heard };
      for (const one of frames) await tryFrames(entrance, one).catch(tell(name, one));
      for (const one of handshakes) await tryHandshake(entrance, one).catch(tell(name, one));
    });
  }));
  assert.deepEqual(faults, []);
}

Deno.test("WebSocket: every door does in each case what RFC 6455 and ZWS 2.0 say", async () => {
  await tryDoors({}, "");
});

const hasTls = requirement("WebSocket over TLS, case by case", {
  name: "OpenSSL",
  available: hasOpenssl(),
  howToGet: "apt-get install openssl",
});

if (hasTls) {
  Deno.test("WebSocket: every door does the same over TLS", async () => {
    using directory = temporaryDirectory();
    const files = makeCertificate(directory.path, "conformance");
    const cert = Deno.readTextFileSync(files.cert);
    const tls = new TlsIdentity({ cert, key: Deno.readTextFileSync(files.key) });
    await tryDoors({ tls }, cert);
  });
}
