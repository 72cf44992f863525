/**
 * What holds for every client of the library, those included that are written later: the doors are
 * asked which there are.
 *
 * @module
 */

import { strict as assert } from "node:assert";
import * as library from "../../mod.ts";
import * as ranges from "../../src/clients/option_ranges.ts";
import { sleep } from "../../src/net/sleep.ts";
import { ZMQ_HUB_RANGES, ZMQ_LINK_CHECKS } from "../../src/net/zmq/link_ranges.ts";
import { within } from "../support/tcp.ts";
import { clientsOf, endingOf, errorsOf } from "./exported_clients.ts";
import { lastingPort } from "../support/lasting_port.ts";

/** What the property needs of a client. */
interface Specimen {
  readonly close: () => Promise<unknown>;
  /** All that can be waited for. */
  readonly waits: readonly (() => Promise<unknown>)[];
}

interface Kind {
  readonly make: (port: number, options: object) => Specimen;
  /** The ranges of the options of the constructor. */
  readonly ranges: object;
}

const NAME = "127.0.0.1";
const urlOf = (port: number) => `tcp://${NAME}:${port}`;

function nextOf(iterable: AsyncIterable<unknown>): () => Promise<unknown> {
  return () => iterable[Symbol.asyncIterator]().next();
}

const KINDS: Readonly<Record<string, Kind>> = {
  HilbertClient: {
    ranges: ranges.HILBERT_CHECKS,
    make: (port, options) => {
      const client = new library.HilbertClient({ host: NAME, port, ...options });
      return {
        close: () => client.close(),
        waits: [() => client.ping(5), () => client.list(), () => client.status()],
      };
    },
  },
  Beat: {
    ranges: ranges.BEAT_CHECKS,
    make: (port, options) => {
      const client = new library.HilbertClient({ host: NAME, port, timeoutMs: 300 });
      const beat = new library.Beat(client, { delayMs: 1_000, startMs: 1_000, ...options });
      return { close: () => beat.close(), waits: [() => beat.finished] };
    },
  },
  GameClient: {
    ranges: ranges.GAME_CHECKS,
    make: (port, options) => {
      const client = new library.GameClient({ url: `http://${NAME}:${port}`, ...options });
      return { close: () => client.close(), waits: [] };
    },
  },
  HevClient: {
    ranges: ranges.HEV_CHECKS,
    make: (port, options) => {
      const client = new library.HevClient({ port, queryPort: port, ...options });
      return {
        close: () => client.close(),
        waits: [
          nextOf(client.packets()),
          () => client.sendCmd("GENERAL", "START"),
          () => client.ackAlarm("APNEA"),
        ],
      };
    },
  },
  TriggerClient: {
    ranges: ranges.TRIGGER_CHECKS,
    make: (port, options) => {
      const client = new library.TriggerClient({ hostname: NAME, port, ...options });
      return { close: () => client.close(), waits: [nextOf(client)] };
    },
  },
  ZmqSub: {
    ranges: ranges.ZMQ_SUB_CHECKS,
    make: (port, options) => {
      const sub = new library.ZmqSub(urlOf(port), options);
      return { close: () => sub.close(), waits: [() => sub.connected(), nextOf(sub)] };
    },
  },
  ZmqPub: {
    ranges: ZMQ_LINK_CHECKS,
    make: (port, options) => {
      const pub = new library.ZmqPub(urlOf(port), options);
      return { close: () => pub.close(), waits: [() => pub.subscribed("a"), () => pub.flushed()] };
    },
  },
  ZmqReq: {
    ranges: ZMQ_LINK_CHECKS,
    make: (port, options) => {
      const req = new library.ZmqReq(urlOf(port), options);
      return {
        close: () => req.close(),
        waits: [() => req.request(["a"]), () => req.request(["b"], { timeoutMs: Infinity })],
      };
    },
  },
  ZmqDealer: {
    ranges: ranges.ZMQ_DEALER_CHECKS,
    make: (port, options) => {
      const dealer = new library.ZmqDealer(urlOf(port), options);
      return {
        close: () => dealer.close(),
        waits: [nextOf(dealer), () => Promise.resolve(dealer.send(["a"]))],
      };
    },
  },
};

Deno.test("clients: all that the doors export are looked at here", () => {
  assert.deepEqual(clientsOf(library), Object.keys(KINDS).sort());
});

/** A server that takes connections and says nothing, or no server at all. */
function silentServer(isThere: "there" | "absent"): { port: number } & Disposable {
  if (isThere === "absent") return { port: lastingPort(), [Symbol.dispose]: () => {} };
  const listener = Deno.listen({ hostname: NAME, port: 0 });
  const conns: Deno.Conn[] = [];
  void (async () => {
    for await (const conn of listener) conns.push(conn);
  })();
  return {
    port: listener.addr.port,
    [Symbol.dispose]: () => {
      listener.close();
      for (const conn of conns) conn.close();
    },
  };
}

for (const [name, { make }] of Object.entries(KINDS)) {
  for (const server of ["there", "absent"] as const) {
    Deno.test(`${name}: every promise settles, whenever it is closed (server ${server})`, async () => {
      using silent = silentServer(server);
      for (const closeAt of [0, 1, 2, 3, 4, 5, 6, 8, 13, 30]) {
        const { close, waits } = make(silent.port, {});
        const waiting: Promise<unknown>[] = [];
        const watch = (promise: Promise<unknown>) => {
          waiting.push(promise.catch((error) => assertOwn(error, name)));
        };
        // Before, in the middle and after: some are asked for before the close, some after.
        for (const [index, wait] of [...waits, ...waits].entries()) {
          if (index === closeAt % (2 * waits.length + 1)) watch(close());
          await sleep(closeAt % 3);
          watch(wait());
        }
        await sleep(closeAt);
        waiting.push(close(), close());
        for (const wait of waits) watch(wait());
        await within(Promise.all(waiting), `all of ${name} settles, closed at ${closeAt}`);
      }
    });
  }
}

/** What a client throws or reports is of a class that its doors export, with a kind and a sentence. */
function assertOwn(error: unknown, name: string): void {
  assert.ok(error instanceof library.ClientError, `${name}: ${error}`);
  assert.ok(errorsOf(library).includes(error.constructor.name), `${name}: ${error.name}`);
  assert.equal(error.name, error.constructor.name);
  assert.match(error.kind, /^[a-z-]+$/, `${name}: ${error}`);
  assert.match(error.message, /^\p{Lu}.+[^.]$/u, `${name}: ${error}`);
}

/** Words of other libraries for what is `close` and `onStatus` here. */
const FOREIGN_WORDS =
  /^(stop|end|start|open|destroy|dispose|terminate|disconnect|connect|shutdown|on|addListener)$/;

for (const [name, { make }] of Object.entries(KINDS)) {
  Deno.test(`${name}: speaks the words of every client`, async () => {
    const { prototype } = Reflect.get(library, name) as { prototype: object };
    const words = Object.getOwnPropertyNames(prototype);
    assert.ok(words.includes("close") && words.includes("isConnected"), words.join(" "));
    assert.ok(Symbol.asyncDispose in prototype, "await using");
    assert.deepEqual(words.filter((word) => FOREIGN_WORDS.test(word)), []);

    const told = Promise.withResolvers<library.ClientStatus>();
    // A datagram to a port where nobody listens is sent all the same; to port 0 it is not.
    using nobody = silentServer("absent");
    const port = name === "TriggerClient" ? 0 : nobody.port;
    const { close, waits } = make(port, {
      onStatus: (status: library.ClientStatus) => status.type !== "up" && told.resolve(status),
    });
    for (const wait of waits) wait().catch((error) => assertOwn(error, name));
    const status = await within(told.promise, "it is told");
    assert.ok(status.type !== "up");
    assertOwn(status.error, name);
    assert.ok(status.error.cause !== undefined, `${name} names the error underneath`);
    await within(close(), "the end");
  });
}

Deno.test("everything that the doors let wait or listen ends with close()", () => {
  for (const [name, words] of endingOf(library)) {
    assert.ok(words.includes("close"), `${name} has close()`);
    assert.deepEqual(words.filter((word) => FOREIGN_WORDS.test(word)), [], name);
  }
});

/** Every option of a table, as options that hold nothing else. */
function* optionsWith(table: object, value: number): Generator<{ name: string; options: object }> {
  for (const [name, range] of Object.entries(table as Record<string, object | string>)) {
    if (typeof range === "string") continue;
    const isRange = Object.keys(range).every((key) => key === "min" || key === "max");
    if (isRange) yield { name, options: { [name]: value } };
    else {
      for (const inner of optionsWith(range, value)) {
        yield { name: `${name}.${inner.name}`, options: { [name]: inner.options } };
      }
    }
  }
}

for (const [name, { make, ranges: table }] of Object.entries(KINDS)) {
  Deno.test(`${name}: refuses numbers out of range, takes Infinity for ever`, async () => {
    for (const value of [NaN, -1, -Infinity]) {
      for (const { name: option, options } of optionsWith(table, value)) {
        assert.throws(() => make(1, options), RangeError, `${option} = ${value}`);
      }
    }
    for (const value of [1e12, Infinity]) {
      for (const { name: option, options } of optionsWith(table, value)) {
        if (/port|^delayMs|^startMs/i.test(option)) continue;
        await within(make(1, options).close(), `${option} = ${value}`);
      }
    }
  });
}

for (const [name, { make, ranges: table }] of Object.entries(KINDS)) {
  Deno.test(`${name}: refuses what is no option, and says where it belongs`, async () => {
    const cases: Record<string, RegExp> = { spelledWrong: /: spelledWrong is no option$/ };
    for (const [outer, inner] of Object.entries(table as Record<string, object>)) {
      if (typeof inner === "string" || "min" in inner || "max" in inner) continue;
      for (const key of Object.keys(inner).filter((key) => !(key in table))) {
        cases[key] = new RegExp(`: ${key} is no option, it belongs into ${outer}$`);
      }
    }
    for (const [key, message] of Object.entries(cases)) {
      // Also if it is not given a value: it is misspelt all the same.
      for (const value of [1, undefined]) {
        assert.throws(
          () => make(1, { [key]: value }),
          (error) => error instanceof TypeError && message.test(error.message),
          key,
        );
      }
    }
    for (const outer of Object.keys(table)) {
      const inner = Reflect.get(table, outer);
      if (typeof inner === "string" || "min" in inner || "max" in inner) continue;
      assert.throws(() => make(1, { [outer]: { spelledWrong: 1 } }), TypeError);
      await make(1, { [outer]: {} }).close();
    }
  });
}

Deno.test("sockets that wait for peers refuse numbers out of range", () => {
  for (const { options } of optionsWith(ZMQ_HUB_RANGES, NaN)) {
    assert.throws(() => new library.ZmqXPub(options), RangeError);
    assert.throws(
      () => new library.ZmqXSub({ onMessage: () => undefined, ...options }),
      RangeError,
    );
    assert.throws(() => new library.ZmqRouter({ onRequest: () => [], ...options }), RangeError);
  }
});

Deno.test("ZmqReq waits as long as it is told, and no less", async () => {
  using silent = silentServer("there");
  await using req = new library.ZmqReq(urlOf(silent.port));
  await assert.rejects(req.request(["a"], { timeoutMs: NaN }), RangeError);
  await assert.rejects(req.request(["a"], { timeoutMs: -1 }), RangeError);
  const long = req.request(["a"], { timeoutMs: 10_000_000_000 }).then(
    () => "reply",
    (error) => (error as library.ZmqError).kind,
  );
  assert.equal(await Promise.race([long, sleep(50).then(() => "waits")]), "waits");
  await req.close();
  assert.equal(await long, "closed");
});
