/**
 * PLAIN at every door of the game server that takes publications, over TCP and WebSocket: who has no
 * password of --token-file changes nothing, in whatever order he speaks.
 */

import { strict as assert } from "node:assert";
import { WholeHost } from "../cli/whole_host.ts";
import { heartbeatBody } from "../roles/state/game_host.ts";
import { temporaryDirectory } from "../store/virtual_host.ts";
import { hasPythonModule, PYTHON } from "../support/python.ts";
import { eventually } from "../support/eventually.ts";
import { requirement } from "../support/require.ts";
import { within } from "../support/tcp.ts";

const WRITE = "write-token-0123456789";
const READ = "read-token-0123456789";
const STATE_ONLY = [
  "--state",
  "--state-host=127.0.0.1",
  "--state-port=0",
  "--state-publisher-port=0",
  "--state-subscriber-port=0",
  "--state-plain",
  "--no-console",
];

/** What a peer says after its greeting, whatever the transport. */
type Step =
  | { readonly command: string; readonly body: Uint8Array }
  | { readonly frames: readonly string[] };

interface Speech {
  readonly mechanism: "NULL" | "PLAIN";
  readonly steps: (type: string) => readonly Step[];
}

const utf8 = (text: string) => new TextEncoder().encode(text);
const sized = (text: string) => Uint8Array.of(utf8(text).length, ...utf8(text));
const metadata = (type: string) => Uint8Array.of(...sized("Socket-Type"), 0, 0, 0, ...sized(type));
const ready = (type: string): Step => ({ command: "READY", body: metadata(type) });
const initiate = (type: string): Step => ({ command: "INITIATE", body: metadata(type) });
const hello = (password: string, name = "any"): Step => ({
  command: "HELLO",
  body: Uint8Array.of(...sized(name), ...sized(password)),
});
const login = (password: string, name?: string): Speech => ({
  mechanism: "PLAIN",
  steps: (type) => [hello(password, name), initiate(type)],
});

/** Who must not get in; the message follows at once, before any answer. */
const INTRUDERS: Readonly<Record<string, Speech>> = {
  "without a password": { mechanism: "NULL", steps: (type) => [ready(type)] },
  "without a login": { mechanism: "PLAIN", steps: () => [] },
  "with READY for a login": { mechanism: "PLAIN", steps: (type) => [ready(type)] },
  "with INITIATE for a login": { mechanism: "PLAIN", steps: (type) => [initiate(type)] },
  "with a login after it": { mechanism: "PLAIN", steps: (type) => [initiate(type), hello(WRITE)] },
  "with a HELLO that is cut off": {
    mechanism: "PLAIN",
    steps: (type) => [{ command: "HELLO", body: utf8("\x05any") }, initiate(type)],
  },
  "with a wrong password": login("wrong-token-0123456789"),
  "with no password": login("", ""),
  "with a token for reading": login(READ),
  "with the password for a name": login("any", WRITE),
  "with the beginning of the password": login(WRITE.slice(0, -1)),
  "with more than the password": login(`${WRITE}\0`),
  "with a second login behind a wrong one": {
    mechanism: "PLAIN",
    steps: (type) => [hello("wrong"), hello(WRITE), initiate(type)],
  },
};

interface Door {
  readonly name: string;
  readonly type: "PUB" | "REQ";
  /** None for TCP. */
  readonly path?: string;
}

/** Every door through which a state can be set. */
const DOORS: readonly Door[] = [
  { name: "tcp", type: "PUB" },
  ...["/zmq/pub", "/pub"].map((path) => ({ name: path, type: "PUB", path }) as const),
  ...["/zmq/req", "/req"].map((path) => ({ name: path, type: "REQ", path }) as const),
];

/** The bytes of a speech and of the message that would set a state. */
function bytesOf({ mechanism, steps }: Speech, { type, path }: Door, id: string): Uint8Array {
  const message: Step = type === "PUB"
    ? { frames: [`SetClientState${id}`, "CALIBRATED"] }
    : { frames: ["", "SetClientState", id, "CALIBRATED"] };
  const write = path === undefined ? tcpBytes : wsBytes;
  const said = [...steps(type), message].flatMap((step) => [...write(step)]);
  return Uint8Array.from(path === undefined ? [...greeting(mechanism), ...said] : said);
}

function greeting(mechanism: string): Uint8Array {
  const bytes = new Uint8Array(64);
  bytes.set([0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, 1]);
  bytes.set(utf8(mechanism), 12);
  return bytes;
}

function* tcpBytes(step: Step): Generator<number> {
  if ("command" in step) {
    const body = [...sized(step.command), ...step.body];
    yield* [0x04, body.length, ...body];
    return;
  }
  for (const [index, frame] of step.frames.entries()) {
    yield* [index < step.frames.length - 1 ? 1 : 0, ...sized(frame)];
  }
}

function* wsBytes(step: Step): Generator<number> {
  const pieces = "command" in step
    ? [[0x02, ...sized(step.command), ...step.body]]
    : step.frames.map((frame, index) => [index < step.frames.length - 1 ? 1 : 0, ...utf8(frame)]);
  // Masked with zeros, as whoever is no browser may.
  for (const piece of pieces) yield* [0x82, 0x80 | piece.length, 0, 0, 0, 0, ...piece];
}

/** A game server that asks for passwords. */
class Server implements AsyncDisposable {
  readonly #directory = temporaryDirectory();
  readonly host: WholeHost;
  #count = 0;

  constructor() {
    this.tokens(`read ${READ}\nwrite ${WRITE}\n`);
    this.host = new WholeHost([`--token-file=${this.#tokenFile}`], {}, STATE_ONLY);
  }

  get #tokenFile(): string {
    return `${this.#directory.path}/tokens`;
  }

  tokens(text: string): void {
    Deno.writeTextFileSync(this.#tokenFile, text, { mode: 0o600 });
  }

  async url(): Promise<string> {
    return `http://${await this.host.address("state")}`;
  }

  tcpPort(): Promise<string> {
    return this.host.port("state", "tcp");
  }

  /** Another client, which has no state yet. */
  async client(): Promise<string> {
    const id = `c${++this.#count}`;
    const body = heartbeatBody(id);
    const reply = await fetch(`${await this.url()}/Heartbeat/Update`, { method: "POST", body });
    await reply.body?.cancel();
    return id;
  }

  async stateOf(id: string): Promise<unknown> {
    const reply = await fetch(`${await this.url()}/State/Clients`);
    const { clients } = await reply.json() as { clients: { clientID: string; state: unknown }[] };
    return clients.find(({ clientID }) => clientID === id)?.state;
  }

  /** Says something at a door, and stays there until it is disposed of or put out. */
  async visit(door: Door, speech: Speech, id: string): Promise<Visit> {
    const port = Number(
      door.path === undefined ? await this.tcpPort() : await this.host.port("state"),
    );
    const conn = await Deno.connect({ hostname: "127.0.0.1", port });
    const isRefused = door.path !== undefined &&
      !await upgraded(conn, door.path, speech.mechanism);
    const ended = isRefused ? Promise.resolve() : untilEnd(conn);
    try {
      if (!isRefused) await conn.write(bytesOf(speech, door, id));
    } catch {
      // It was disconnected already.
    }
    const leave = async () => {
      conn.close();
      await ended;
    };
    return { ended, [Symbol.asyncDispose]: leave };
  }

  /** Says something at a door; resolves when the server has ended the connection, or is waited for no more. */
  async say(door: Door, speech: Speech, id: string, isIn: () => Promise<boolean>): Promise<void> {
    await using visit = await this.visit(door, speech, id);
    const { ended } = visit;
    let isOver = false;
    void ended.then(() => isOver = true);
    await eventually(`end of the connection at ${door.name}`, async () => isOver || await isIn());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.host[Symbol.asyncDispose]();
    this.#directory[Symbol.dispose]();
  }
}

interface Visit extends AsyncDisposable {
  /** Resolves when the server has ended the connection. */
  readonly ended: Promise<void>;
}

async function upgraded(conn: Deno.Conn, path: string, mechanism: string): Promise<boolean> {
  await conn.write(utf8(
    `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
      "Sec-WebSocket-Key: aZg85FHcsPRKlOgqKR+Oow==\r\n" +
      `Sec-WebSocket-Protocol: ZWS2.0/${mechanism}\r\nSec-WebSocket-Version: 13\r\n\r\n`,
  ));
  const buffer = new Uint8Array(4_096);
  const count = await within(conn.read(buffer), "the upgrade is answered") ?? 0;
  return /^HTTP\/1\.1 101 /.test(new TextDecoder().decode(buffer.subarray(0, count)));
}

async function untilEnd(conn: Deno.Conn): Promise<void> {
  const buffer = new Uint8Array(4_096);
  try {
    while (await conn.read(buffer) !== null);
  } catch {
    // Reset, or closed by the test: it is over.
  }
}

Deno.test("with PLAIN nobody sets a state without the password, at any door, in any order", async () => {
  await using server = new Server();
  for (const door of DOORS) {
    for (const [who, speech] of Object.entries(INTRUDERS)) {
      const id = await server.client();
      await server.say(door, speech, id, () => Promise.resolve(false));
      assert.equal(await server.stateOf(id), "UNCALIBRATED", `${who} at ${door.name}`);
    }
    const id = await server.client();
    const isIn = async () => await server.stateOf(id) === "CALIBRATED";
    await server.say(door, login(WRITE), id, isIn);
    assert.ok(await isIn(), `with the password at ${door.name}`);
  }
  // A token that is taken away is no password any more, also for whoever is in.
  await using visits = new AsyncDisposableStack();
  const inside: [door: Door, visit: Visit][] = [];
  for (const door of DOORS) {
    const id = await server.client();
    const visit = visits.use(await server.visit(door, login(WRITE), id));
    await eventually(
      `way in at ${door.name}`,
      async () => await server.stateOf(id) === "CALIBRATED",
    );
    inside.push([door, visit]);
  }
  server.tokens(`read ${READ}\nwrite another-token-0123456789\n`);
  server.host.process.signal("SIGHUP");
  await server.host.process.stderrHas(/Read tokens, certificate and secrets again/);
  for (const [{ name }, { ended }] of inside) {
    await within(ended, `the end of who was in at ${name}`);
  }
  for (const door of DOORS) {
    const id = await server.client();
    await server.say(door, login(WRITE), id, () => Promise.resolve(false));
    assert.equal(await server.stateOf(id), "UNCALIBRATED", door.name);
  }
});

const LIBZMQ = `
import sys, zmq
url, password, topic, count = sys.argv[1:]
pub = zmq.Context().socket(zmq.PUB)
pub.setsockopt(zmq.LINGER, 0)
if password: pub.plain_username, pub.plain_password = b"any", password.encode()
monitor = pub.get_monitor_socket(zmq.EVENT_HANDSHAKE_SUCCEEDED | zmq.EVENT_HANDSHAKE_FAILED_AUTH |
    zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL | zmq.EVENT_DISCONNECTED)
pub.connect(url)
from zmq.utils.monitor import recv_monitor_message
isin = recv_monitor_message(monitor)["event"] == zmq.EVENT_HANDSHAKE_SUCCEEDED
print("in" if isin else "out", flush=True)
while isin:
    pub.send_multipart([topic.encode(), b"CALIBRATED"])
    if not sys.stdin.readline(): break
`;

if (
  requirement("PLAIN with libzmq", {
    name: "libzmq for Python",
    available: hasPythonModule("zmq"),
    howToGet: "apt-get install python3-zmq",
  })
) {
  Deno.test("libzmq gets in with the password, and not without", async () => {
    await using server = new Server();
    for (
      const [password, expected] of [["", "out"], ["wrong", "out"], [READ, "out"], [WRITE, "in"]]
    ) {
      const id = await server.client();
      const url = `tcp://127.0.0.1:${await server.tcpPort()}`;
      const args = ["-c", LIBZMQ, url, password as string, `SetClientState${id}`, "1"];
      const child = new Deno.Command(PYTHON, { args, stdin: "piped", stdout: "piped" }).spawn();
      const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
      const { value } = await within(reader.read(), "what came of the handshake");
      assert.equal(value?.trim(), expected, `password "${password}"`);
      const writer = child.stdin.getWriter();
      if (expected === "in") {
        // A publisher throws away what is wanted before the subscription has reached it.
        await eventually("state", async () => {
          await writer.write(utf8("\n"));
          return await server.stateOf(id) === "CALIBRATED";
        });
      }
      await writer.close().catch(() => {});
      await within(child.status, "the end of the publisher");
      await reader.cancel();
      const isIn = await server.stateOf(id) === "CALIBRATED";
      assert.equal(isIn, expected === "in");
    }
  });
}
