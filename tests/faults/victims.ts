/**
 * The honest clients of every port, and the words of those who attack it.
 *
 * @module
 */

import { strict as assert } from "node:assert";
import { bytesOf, textOf, within } from "../support/tcp.ts";
import { entrancesOf } from "./entrances.ts";
import type { Offender } from "./hostilities.ts";
import { publisherKind, subscriberKind } from "./zmq_victims.ts";

/** An honest client is served within so many milliseconds, on a slow machine too. */
const SERVED_MS_MAX = 3_000;

/** What offenders say at a port. */
export interface Words {
  /** The beginning of something. */
  readonly half: Uint8Array;
  /** What is right by itself. */
  readonly whole: Uint8Array;
  /** What has no end when it is repeated. */
  readonly long: Uint8Array;
}

/** Somebody who was there before, and has to be there afterwards. */
export interface Bystander extends AsyncDisposable {
  /** Rejects if its connection was ended. */
  check(): Promise<void>;
}

/** One port. */
export interface Victim extends Words {
  readonly name: string;
  readonly transport: "tcp" | "udp";
  readonly port: number;
  /** Whether peers only listen there, so that silence is no fault. */
  readonly isListenedTo: boolean;
  /** Whether it is one of several at its port; what is done to connections is done once to a port. */
  readonly isEntrance: boolean;
  /** Whether what peers say waits until an answer that has no end. */
  readonly readsLater?: true;
  readonly hasTls: boolean;
  /** Ways to connect, with what is said there. */
  readonly dials: readonly (() => Promise<{ offender: Offender; words: Words }>)[];
  /** Lets an honest client be served, in time. */
  serves(): Promise<void>;
  /** Lets somebody come who says nothing yet; the result speaks, and rejects if it is not answered. */
  come?(): Promise<() => Promise<void>>;
  /** Lets somebody come who stays; nobody stays at a port of single requests. */
  stay?(): Promise<Bystander>;
}

/** Where a port is, and what goes for its host. */
export interface Place {
  readonly role: string;
  readonly url: string;
  /** Whom clients of HTTPS trust. */
  readonly certificate: string;
  /** All addresses of the role, in order. */
  readonly urls: readonly string[];
}

/** What is known of a port besides its place. */
export type Kind =
  & Words
  & Pick<Victim, "isListenedTo" | "readsLater" | "serves" | "come" | "stay">
  & {
    /** If not given: words are said as soon as the connection is there. */
    readonly dials?: Victim["dials"];
  };

/** For each role, its ports in the order in which the host reports them. */
const KINDS: Readonly<Record<string, readonly ((place: Place) => Kind)[]>> = {
  heartbeat: [(place) => httpKind(place, "/hb_ping?5000&appid=honest")],
  trigger: [triggerKind],
  hev: [broadcastKind, broadcastKind, queryKind],
  state: [(place) => httpKind(place, "/State/Clients"), publisherKind, subscriberKind],
  console: [(place) => httpKind(place, "/healthz")],
};

/**
 * Makes victims of all addresses that a host reports.
 *
 * @throws {Error} if it reports one that has no honest client here.
 */
export function victimsOf(
  reported: readonly { role: string; url: string }[],
  certificate: string,
): Victim[] {
  const roles = new Set(reported.map(({ role }) => role));
  return [...roles].flatMap((role) => {
    const urls = reported.filter((each) => each.role === role).map(({ url }) => url);
    const kinds = KINDS[role] ?? [];
    assert.equal(urls.length, kinds.length, `honest clients of role ${role}: ${urls.join(", ")}`);
    return urls.flatMap((url, index) => {
      const place = { role, url, certificate, urls };
      const port = makeVictim(place, (kinds[index] as (place: Place) => Kind)(place));
      if (!url.startsWith("http")) return [port];
      const entrances = entrancesOf(place);
      return [port, ...entrances.map(({ path, kind }) => makeVictim(place, kind, path))];
    });
  });
}

function makeVictim(place: Place, kind: Kind, path = ""): Victim {
  const { protocol } = new URL(place.url);
  const plain = async () => ({ offender: await connect(place), words: kind });
  const dials = protocol === "https:"
    ? [
      async () => ({ offender: await connect(place), words: HELLO_WORDS }),
      async () => ({ offender: await connectTls(place), words: kind }),
    ]
    : [plain];
  const name = `${place.role} ${place.url}${path}`;
  return {
    dials,
    ...kind,
    name,
    isEntrance: path !== "",
    hasTls: protocol === "https:",
    transport: protocol === "udp:" ? "udp" : "tcp",
    port: portOf(place.url),
    serves: () => within(kind.serves(), `${name} serves`, SERVED_MS_MAX),
  };
}

/** The beginning of a client's first record in TLS, and what is none. */
const HELLO_WORDS: Words = {
  half: Uint8Array.of(0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3),
  whole: bytesOf("GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
  long: Uint8Array.of(0x16, 3, 1, 0x40, 0),
};

function httpKind(place: Place, target: string): Kind {
  const whole = bytesOf(`GET ${target} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`);
  const ask = async (conn: Deno.Conn) => {
    await conn.write(whole);
    const buffer = new Uint8Array(4_096);
    const count = await conn.read(buffer);
    assert.match(textOf(buffer.subarray(0, count ?? 0)), /^HTTP\/1\.1 200 /);
  };
  return {
    half: bytesOf(`GET ${target} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Half: `),
    whole,
    long: bytesOf("x".repeat(1_000)),
    isListenedTo: false,
    serves: async () => {
      using conn = await open(place);
      await ask(conn);
    },
    come: async () => {
      const conn = await open(place);
      return () => ask(conn).finally(() => conn.close());
    },
    stay: async () => {
      const conn = await open(place);
      await ask(conn);
      return {
        check: () => ask(conn),
        [Symbol.asyncDispose]: () => Promise.resolve(conn.close()),
      };
    },
  };
}

function triggerKind({ url }: Place): Kind {
  const to: Deno.NetAddr = { transport: "udp", hostname: "127.0.0.1", port: portOf(url) };
  const words = Uint8Array.of(0, 0);
  return {
    half: words,
    whole: words,
    long: words,
    isListenedTo: false,
    serves: async () => {
      const phone = Deno.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: 0 });
      await phone.send(words, to);
      // Datagrams get lost in a flood: a phone registers again and again.
      const timer = setInterval(() => void phone.send(words, to), 200);
      try {
        await phone.receive();
      } finally {
        clearInterval(timer);
        phone.close();
      }
    },
  };
}

function broadcastKind(place: Place): Kind {
  return {
    half: bytesOf("x"),
    whole: bytesOf("hello\n"),
    long: bytesOf("x"),
    isListenedTo: true,
    serves: async () => {
      using conn = await connect(place);
      assert.ok(await conn.read(new Uint8Array(16)) !== null);
    },
    stay: async () => {
      const conn = await connect(place);
      let hasEnded = false;
      const hearing = (async () => {
        try {
          while (await conn.read(new Uint8Array(65_536)) !== null);
        } catch {
          // Closed below, or reset by the host.
        }
        hasEnded = true;
      })();
      return {
        check: async () => assert.equal(await Promise.resolve(hasEnded), false, "it was ended"),
        [Symbol.asyncDispose]: () => {
          conn.close();
          return hearing;
        },
      };
    },
  };
}

function queryKind(place: Place): Kind {
  const whole = bytesOf('{"type": "broken"}');
  const ask = async (conn: Deno.Conn) => {
    await conn.write(whole);
    const buffer = new Uint8Array(100);
    const count = await conn.read(buffer);
    assert.match(textOf(buffer.subarray(0, count ?? 0)), /nack/);
  };
  return {
    half: whole.subarray(0, 12),
    whole,
    long: bytesOf('{"a'),
    isListenedTo: false,
    serves: async () => {
      using conn = await connect(place);
      await ask(conn);
    },
    come: async () => {
      const conn = await connect(place);
      return () => ask(conn).finally(() => conn.close());
    },
  };
}

/** Connects as the scheme of the place asks. */
export function open(place: Place): Promise<Deno.Conn> {
  return place.url.startsWith("https:") ? connectTls(place) : connect(place);
}

function portOf(url: string): number {
  return Number(url.slice(url.lastIndexOf(":") + 1));
}

function connect({ url }: Place): Promise<Deno.TcpConn> {
  return Deno.connect({ hostname: "127.0.0.1", port: portOf(url) });
}

async function connectTls({ url, certificate }: Place): Promise<Deno.TlsConn> {
  const conn = await Deno.connectTls({
    hostname: "127.0.0.1",
    port: portOf(url),
    caCerts: [certificate],
  });
  await conn.handshake();
  return conn;
}
