/**
 * One rule for callbacks of the user, those included that are written later: the documentation of the
 * doors is asked which there are.
 *
 * @module
 */

import { strict as assert } from "node:assert";
import { fileURLToPath } from "node:url";
import {
  GameClient,
  HevClient,
  HilbertClient,
  Intermediary,
  TriggerClient,
  ZmqDealer,
  type ZmqMessage,
  ZmqPub,
  ZmqRouter,
  ZmqServer,
  ZmqSub,
  ZmqXPub,
  ZmqXSub,
} from "../../mod.ts";
import { TCP_SERVER_LIMITS } from "../../src/net/tcp/limits.ts";
import { ZMQ_RECONNECT_LIMITS } from "../../src/net/zmq/link.ts";
import { ZMQ_PEER_LIMITS } from "../../src/net/zmq/peer_limits.ts";
import { ZMQ_SUBSCRIPTION_LIMITS } from "../../src/net/zmq/xpub.ts";
import { ZMQ_MESSAGE_LIMITS } from "../../src/wire/zmq/message.ts";
import { HttpServer } from "../../src/net/http/server.ts";
import { ZmtpEngine } from "../../src/wire/zmtp/engine.ts";
import { ZMTP_ENCODER } from "../../src/wire/zmtp/frame.ts";
import { RawPeer } from "../net/zmq/raw.ts";
import { startGameHost } from "../roles/state/game_host.ts";
import { until, within } from "../support/tcp.ts";
import { client } from "../wire/zmq/identities.ts";

/** A callback that throws, or whose promise is rejected. */
type Failing = (...values: unknown[]) => never;
/** Lets it be called, and returns when what depends on it goes on; who was told, if not everybody. */
type Scenario = (fail: Failing, calls: () => number) => Promise<void | "told to the caller">;

const LOOPBACK = [{ hostname: "127.0.0.1", port: 0 }];
const ANYWHERE = "tcp://127.0.0.1:0";

async function next(messages: AsyncIterable<ZmqMessage>): Promise<string> {
  const { value } = await within(messages[Symbol.asyncIterator]().next(), "a message comes");
  return new TextDecoder().decode((value as ZmqMessage)[0]);
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}

/** An XPUB that a failing callback was given, with a subscriber that hears what it publishes. */
async function hearsXPub(xpub: ZmqXPub, topic = "a", wanted = topic): Promise<void> {
  await using server = ZmqServer.listen(ANYWHERE, xpub);
  await using _ = xpub;
  await using sub = new ZmqSub(server.url, { topics: [topic, "z"] });
  await until(() => xpub.topics === 2, "the subscriptions are there");
  xpub.publish([topic]);
  xpub.publish(["z"]);
  assert.equal(await next(sub), wanted);
}

/** A router that fails the first request and answers the second, on the same connection. */
async function answersAfter(router: ZmqRouter, asked: () => number): Promise<void> {
  await using server = ZmqServer.listen(ANYWHERE, router);
  await using _ = router;
  await using dealer = new ZmqDealer(server.url);
  dealer.send(["", "lost"]);
  await until(() => asked() > 0, "it is asked");
  dealer.send(["", "again"]);
  await next(dealer);
}

/** A forwarder that a failing callback was given, and one of its publishers and subscribers. */
async function forwards(options: object, topics: [sent: string, heard: string]): Promise<void> {
  await using forwarder = Intermediary.start({
    publishers: LOOPBACK,
    subscribers: LOOPBACK,
    ...options,
  });
  const urlOf = ([address]: readonly { port: number }[]) => `tcp://127.0.0.1:${address?.port}`;
  await using sub = new ZmqSub(urlOf(forwarder.subscriberAddresses), { topics: ["a", "z"] });
  await until(() => forwarder.xpub.topics === 2, "the subscriptions are there");
  await using pub = new ZmqPub(urlOf(forwarder.publisherAddresses));
  await within(pub.subscribed("a"), "the publisher is there");
  const [sent, heard] = topics;
  pub.send([sent]);
  if (heard === sent) assert.equal(await next(sub), heard);
  else {
    await until(() => forwarder.counters.received > 0, "it is received");
    forwarder.publish([heard]);
    assert.equal(await next(sub), heard);
  }
}

/** A game of one client, with a failing callback of it. */
async function plays(options: object, done: (client: GameClient) => boolean): Promise<void> {
  await using host = startGameHost();
  await using client = new GameClient({ url: host.url, id: "1", intervalMs: 50, ...options });
  const { service } = host.role;
  await until(() => {
    if (service.stateOf("1") === "CALIBRATED") service.act("1", "start");
    return done(client);
  }, "the game goes on");
}

/** Says something to a socket that is no ZeroMQ, and then something that is. */
async function survivesViolation(server: ZmqServer, calls: () => number): Promise<void> {
  using conn = await Deno.connect({ hostname: "127.0.0.1", port: portOf(server.url) });
  await conn.write(new TextEncoder().encode("GET / HTTP/1.1\r\n\r\n"));
  await until(() => calls() > 0, "it is told");
}

/** A password that cannot be judged is wrong. */
async function admitsNobody(fail: Failing, calls: () => number): Promise<void> {
  await using xpub = new ZmqXPub({ mechanism: { name: "PLAIN", admit: fail } });
  await using server = ZmqServer.listen(ANYWHERE, xpub);
  await using sub = new ZmqSub(server.url, {
    credentials: { username: "a", password: "b" },
    limits: { reconnectMs: 1, reconnectMsMax: 1 },
  });
  await until(() => calls() >= 2, "it is asked again");
  assert.equal(sub.connects, 0, "nobody is let in");
}

/** Every callback of the doors by the type that has it. */
const SCENARIOS: Readonly<Record<string, Scenario>> = {
  "HilbertClientOptions.onStatus": async (fail) => {
    const sender = new HilbertClient({ host: "127.0.0.1", port: 1, onStatus: fail });
    await assert.rejects(sender.ping(5), { kind: "refused" });
  },
  "HilbertSettings.environment": (fail) => {
    // It runs within the user's own call, which is told.
    assert.throws(() => new HilbertClient({ environment: fail }), /callback fails/);
    return Promise.resolve("told to the caller");
  },
  "BeatOptions.onReply": async (fail) => {
    await using server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => undefined },
      () => new Response("6000"),
    );
    const sender = new HilbertClient({ host: "127.0.0.1", port: server.addr.port });
    await using beat = sender.beat({ delayMs: 100, startMs: 100, onReply: fail });
    await until(() => beat.replies >= 2, "it goes on");
    assert.equal(beat.failures, 0);
  },
  "BeatOptions.onStatus": async (fail, calls) => {
    const sender = new HilbertClient({ host: "127.0.0.1", port: 1 });
    await using beat = sender.beat({
      delayMs: 100,
      backoffMsMax: 10,
      farewell: "none",
      onStatus: fail,
    });
    await until(() => beat.failures >= 2, "it goes on");
    assert.equal(calls(), beat.failures, "each is told");
  },
  "GameClient.watch": async (fail) => {
    await using client = new GameClient({ url: "http://127.0.0.1:1" });
    using _failing = client.watch(fail);
    let heard = 0;
    using _other = client.watch(() => heard++);
    assert.equal(heard, 1);
  },
  "GameClientOptions.onCalibration": (fail) =>
    // It is not taken for calibrated, and tried again.
    plays({ ownCalibration: {}, onCalibration: fail }, ({ heartbeats }) => heartbeats >= 4),
  "GameClientOptions.onCommand": (fail) =>
    plays({ ownCalibration: {}, onCommand: fail }, ({ state }) => state === "RUNNING"),
  "GameClientOptions.onStatus": async (fail, calls) => {
    await using _ = new GameClient({ url: "http://127.0.0.1:1", intervalMs: 50, onStatus: fail });
    await until(() => calls() >= 2, "it goes on");
  },
  "HevClientOptions.onStatus": async (fail, calls) => {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    await using _ = new HevClient({
      port: listener.addr.port,
      onStatus: fail,
      backoffMsMax: 5,
    });
    // Each life brings one packet's worth of bytes: `up`, and then `down`.
    for (let life = 0; life < 2; life++) {
      using conn = await listener.accept();
      await conn.write(new TextEncoder().encode("{}"));
    }
    await until(() => calls() >= 3, "it connects again");
  },
  "TriggerClientOptions.onStatus": async (fail, calls) => {
    await using client = new TriggerClient({
      hostname: "127.0.0.1",
      port: 1,
      silenceMs: 1_500,
      leaseMs: 300,
      onStatus: fail,
    });
    await until(() => calls() === 1, "silence is told");
    const { registrations } = client;
    await until(() => client.registrations > registrations, "it registers again");
  },
  "ZmqConnectOptions.onStatus": async (fail, calls) => {
    const limits = { reconnectMs: 1, reconnectMsMax: 1 };
    await using xpub = new ZmqXPub();
    const server = ZmqServer.listen(ANYWHERE, xpub);
    await using sub = new ZmqSub(server.url, { onStatus: fail, limits });
    await until(() => calls() === 1, "it is connected");
    await Promise.all([xpub.close(), server.close()]);
    await until(() => calls() >= 3, "it is not, and tries again");
    assert.equal(sub.isConnected, false);
  },
  "ZmqXPubOptions.admits": (fail, calls) =>
    hearsXPub(new ZmqXPub({ admits: () => calls() === 0 ? fail() : true }), "a", "z"),
  "ZmqXPubOptions.onSubscribe": (fail) => hearsXPub(new ZmqXPub({ onSubscribe: fail })),
  "ZmqXPubOptions.onDemand": (fail) => hearsXPub(new ZmqXPub({ onDemand: fail })),
  "ZmqXPubOptions.onMessage": async (fail, calls) => {
    const xpub = new ZmqXPub({ onMessage: fail });
    await using server = ZmqServer.listen(ANYWHERE, xpub);
    await using _ = xpub;
    using peer = await RawPeer.connect(portOf(server.url), new ZmtpEngine(client("XSUB")));
    await peer.say(new ZmtpEngine(client("XSUB")).open());
    assert.match(await peer.hear(), /^ready/);
    for (let message = 1; message <= 2; message++) {
      await peer.say(ZMTP_ENCODER.encodeMessage([new TextEncoder().encode("hello")]));
      await until(() => calls() === message, "each is told");
    }
  },
  "ZmqXSubOptions.onMessage": async (fail, calls) => {
    await using xsub = new ZmqXSub({ onMessage: fail });
    await using server = ZmqServer.listen(ANYWHERE, xsub);
    xsub.subscribe("");
    await using pub = new ZmqPub(server.url);
    await within(pub.subscribed(""), "it is wanted");
    for (let message = 1; message <= 2; message++) {
      pub.send(["hello"]);
      await until(() => calls() === message, "each is told");
    }
    assert.equal(pub.connects, 1);
  },
  "ZmqSocketOptions.onViolation": async (fail, calls) => {
    await using xpub = new ZmqXPub({ onViolation: fail, limits: { subscriptionsMax: 1 } });
    await using server = ZmqServer.listen(ANYWHERE, xpub);
    await survivesViolation(server, calls);
    await using _greedy = new ZmqSub(server.url, { topics: ["a", "b"] });
    await until(() => calls() >= 2, "the other kind is told");
  },
  "Mechanism.admit": admitsNobody,
  "ZmqSocketOptions.mechanism": admitsNobody,
  "ZmqRouterOptions.onRequest": (fail, calls) =>
    answersAfter(
      new ZmqRouter({ onRequest: (request) => calls() === 0 ? fail() : request }),
      calls,
    ),
  "ZmqRouterOptions.onError": (fail, calls) =>
    answersAfter(
      new ZmqRouter({
        onRequest: (request) => calls() === 0 ? Promise.reject(new Error("first")) : request,
        onError: fail,
      }),
      calls,
    ),
  "ZmqServerOptions.onError": async (fail, calls) => {
    // What is no socket at all is a fault of the program that uses it.
    const broken = {
      hub: {
        serve: () => {
          throw new Error("a fault of the socket");
        },
      },
    };
    const server = ZmqServer.listen(ANYWHERE, broken as unknown as ZmqXPub, { onError: fail });
    await using _ = server;
    for (let connection = 1; connection <= 2; connection++) {
      using _conn = await Deno.connect({ hostname: "127.0.0.1", port: portOf(server.url) });
      await until(() => calls() === connection, "each is told");
    }
  },
  "Intermediary.listen": async (fail, calls) => {
    await using forwarder = Intermediary.start({ publishers: LOOPBACK });
    using _ = forwarder.listen("a", fail);
    const [{ port } = { port: 0 }] = forwarder.publisherAddresses;
    await using pub = new ZmqPub(`tcp://127.0.0.1:${port}`);
    await within(pub.subscribed("a"), "it is wanted");
    for (let message = 1; message <= 2; message++) {
      pub.send(["a"]);
      await until(() => calls() === message, "each is told");
    }
  },
  "IntermediaryOptions.admits": async (fail, calls) => {
    await forwards({ admits: () => calls() === 0 ? fail() : true }, ["a", "z"]);
  },
  "IntermediaryOptions.onSubscribe": (fail) => forwards({ onSubscribe: fail }, ["a", "a"]),
  "IntermediaryOptions.takes": (fail) => forwards({ takes: fail }, ["a", "z"]),
  "IntermediaryOptions.refusalOf": async (fail, calls) => {
    await using forwarder = Intermediary.start({ refusalOf: fail });
    await using server = HttpServer.listen({
      addresses: LOOPBACK,
      fetch: () => new Response("not here"),
      upgrade: (head, handover) => forwarder.upgrade(head, handover),
    });
    const limits = { reconnectMs: 1, reconnectMsMax: 1 };
    const url = `${server.urls[0]?.replace("http", "ws")}/sub`;
    await using sub = new ZmqSub(url, { limits });
    await until(() => calls() >= 2, "it is asked again");
    assert.equal(sub.connects, 0, "nobody is let in");
  },
  "IntermediaryOptions.publisherMechanism": async (fail, calls) => {
    await using forwarder = Intermediary.start({
      publishers: LOOPBACK,
      publisherMechanism: { name: "PLAIN", admit: fail },
    });
    const [{ port } = { port: 0 }] = forwarder.publisherAddresses;
    await using pub = new ZmqPub(`tcp://127.0.0.1:${port}`, {
      credentials: { username: "a", password: "b" },
      limits: { reconnectMs: 1, reconnectMsMax: 1 },
    });
    await until(() => calls() >= 2, "it is asked again");
    assert.equal(pub.connects, 0, "nobody is let in");
  },
  "IntermediaryOptions.onError": (fail) => {
    const thrown = () => {
      throw new Error("first");
    };
    return forwards({ onSubscribe: thrown, onError: fail }, ["a", "a"]);
  },
  "IntermediaryOptions.onRequest": async (fail, calls) => {
    await using forwarder = Intermediary.start({
      onRequest: (request) => calls() === 0 ? fail() : request,
    });
    await answersAfter(forwarder.router, calls);
  },
};

/** Callbacks whose answer counts; they cannot be asynchronous. */
const ANSWERING = /\.(admits?|takes|refusalOf|environment|\w*[mM]echanism)$/;

for (const [name, scenario] of Object.entries(SCENARIOS)) {
  for (const way of ANSWERING.test(name) ? ["throws"] : ["throws", "rejects"]) {
    Deno.test(`${name} that ${way} is told of, and everything goes on`, async () => {
      const written: unknown[] = [];
      const real = console.error;
      console.error = (...words) => void written.push(words.at(-1));
      const error = new Error("the user's callback fails");
      let calls = 0;
      const fail = (): never => {
        calls++;
        if (way === "throws") throw error;
        return Promise.reject(error) as never;
      };
      try {
        const told = await scenario(fail, () => calls);
        assert.ok(calls > 0, "it was called");
        if (told === undefined) await until(() => written.includes(error), "it is written");
        else assert.deepEqual(written, []);
        assert.deepEqual(written.filter((each) => each !== error), []);
      } finally {
        console.error = real;
      }
    });
  }
}

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

interface Declaration {
  readonly kind: string;
  readonly def: { readonly [key: string]: Json };
}

interface Documentation {
  readonly nodes: Readonly<
    Record<string, { symbols: readonly { name: string; declarations: readonly Declaration[] }[] }>
  >;
}

/** All callbacks that the doors take: those of options, of alternatives, and parameters of methods. */
function documentedCallbacks({ nodes }: Documentation): string[] {
  const symbols = Object.values(nodes).flatMap((node) => node.symbols);
  const aliases = new Map(
    symbols.flatMap(({ name, declarations }) =>
      declarations.filter(({ kind }) => kind === "typeAlias").map(({ def }) =>
        [name, def.tsType] as const
      )
    ),
  );
  const found = new Set<string>();
  for (const { name, declarations } of symbols) {
    for (const { kind, def } of declarations) {
      if (kind === "interface" && /(Options|Settings)$/.test(name)) note(name, def.properties);
      if (kind === "typeAlias") noteLiterals(name, def.tsType);
      if (kind !== "class") continue;
      for (const method of listOf(def.methods)) {
        if (holdsFunction((field(method, "functionDef") as { params: Json }).params)) {
          found.add(`${name}.${field(method, "name")}`);
        }
      }
    }
  }
  return [...found];

  function note(owner: string, properties: Json | undefined): void {
    for (const property of listOf(properties)) {
      if (holdsFunction(field(property, "tsType"))) {
        found.add(`${owner}.${field(property, "name")}`);
      }
    }
  }

  /** Options that stand within an alternative, such as those of a mechanism. */
  function noteLiterals(owner: string, type: Json | undefined): void {
    if (Array.isArray(type)) { for (const each of type) noteLiterals(owner, each); }
    else if (field(type, "kind") === "union") noteLiterals(owner, field(type, "value"));
    else if (field(type, "kind") === "typeLiteral") {
      note(owner, field(field(type, "value"), "properties"));
    }
  }

  function holdsFunction(type: Json | undefined, depth = 0): boolean {
    if (depth > 20) return false;
    if (Array.isArray(type)) return type.some((each) => holdsFunction(each, depth + 1));
    if (typeof type !== "object" || type === null) return false;
    const kind = field(type, "kind");
    if (kind === "fnOrConstructor") return true;
    if (kind === "typeRef") {
      const target = String(field(field(type, "value"), "typeName"));
      return holdsFunction(aliases.get(target), depth + 1);
    }
    if (kind === "indexedAccess") return isIndexedFunction(field(type, "value"), depth);
    return Object.values(type).some((each) => holdsFunction(each as Json, depth + 1));
  }

  /** `ZmqXPubOptions["admits"]`. */
  function isIndexedFunction(access: Json | undefined, depth: number): boolean {
    const owner = field(field(field(access, "objType"), "value"), "typeName");
    const name = field(field(field(access, "indexType"), "literal") ?? null, "string") ??
      field(field(access, "indexType"), "repr");
    const declared = symbols.filter((symbol) => symbol.name === owner)
      .flatMap(({ declarations }) => declarations.flatMap(({ def }) => listOf(def.properties)));
    return declared.some((property) =>
      field(property, "name") === name && holdsFunction(field(property, "tsType"), depth + 1)
    );
  }
}

function field(value: Json | undefined, name: string): Json | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  return (value as { readonly [key: string]: Json })[name];
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

/** The documentation of the doors; made once. */
const documented = once(async () => {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["doc", "--json", fileURLToPath(new URL("../../mod.ts", import.meta.url))],
    stderr: "null",
  }).output();
  return JSON.parse(new TextDecoder().decode(stdout)) as Documentation;
});

/** Makes something when it is first asked for. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => made ??= make();
}

Deno.test("callbacks: all that the doors take are thrown in here", async () => {
  const found = documentedCallbacks(await documented()).sort();
  assert.deepEqual(found, Object.keys(SCENARIOS).sort());
});

Deno.test("every property of an exported interface is readonly", async () => {
  const symbols = Object.values((await documented()).nodes).flatMap((node) => node.symbols);
  const writable = symbols.flatMap(({ name, declarations }) =>
    declarations.filter(({ kind }) => kind === "interface").flatMap(({ def }) =>
      listOf(def.properties).filter((property) => field(property, "readonly") !== true)
        .map((property) => `${name}.${field(property, "name")}`)
    )
  );
  assert.ok(symbols.length > 50);
  assert.deepEqual(writable, []);
});

/** The exported limits and their defaults; an interface named `…Limits` needs a line here. */
const LIMITS: Readonly<Record<string, object>> = {
  TcpServerLimits: TCP_SERVER_LIMITS,
  ZmqMessageLimits: ZMQ_MESSAGE_LIMITS,
  ZmqPeerLimits: ZMQ_PEER_LIMITS,
  ZmqReconnectLimits: ZMQ_RECONNECT_LIMITS,
  ZmqSubscriptionLimits: ZMQ_SUBSCRIPTION_LIMITS,
};

Deno.test("the documentation of each exported limit gives its default as a number", async () => {
  const symbols = Object.values((await documented()).nodes).flatMap((node) => node.symbols);
  const limits = symbols.filter(({ name }) => /Limits$/.test(name));
  assert.deepEqual(limits.map(({ name }) => name).sort(), Object.keys(LIMITS));
  for (const { name, declarations } of limits) {
    for (const property of declarations.flatMap(({ def }) => listOf(def.properties))) {
      const key = String(field(property, "name"));
      const value: unknown = Reflect.get(LIMITS[name] ?? {}, key);
      if (value === undefined) continue;
      const text = String(field(field(property, "jsDoc"), "doc")).replaceAll(/(?<=\d) (?=\d)/g, "");
      assert.ok(text.includes(String(value)), `${name}.${key} is ${value}: ${text}`);
    }
  }
});
