/**
 * The honest clients of the ports for ZeroMQ.
 *
 * @module
 */

import { strict as assert } from "node:assert";
import { ZmqPub } from "../../src/clients/zmq/pub.ts";
import { ZmqSub } from "../../src/clients/zmq/sub.ts";
import { ZmtpEngine } from "../../src/wire/zmtp/engine.ts";
import { client } from "../wire/zmq/identities.ts";
import type { Kind, Place, Words } from "./victims.ts";

function zmqWords(): Words {
  const greeting = new ZmtpEngine(client("SUB")).open();
  return {
    half: greeting.slice(0, 10),
    whole: greeting,
    long: Uint8Array.of(...greeting, 2, 0x40, 0, 0, 0, 0, 0, 0, 0),
  };
}

/** The port of a state channel's publishers. */
export function publisherKind({ url }: Place): Kind {
  const open = () => new ZmqPub(url.replace("0.0.0.0", "127.0.0.1"));
  return {
    ...zmqWords(),
    isListenedTo: false,
    serves: async () => {
      await using pub = open();
      await pub.subscribed("");
    },
    stay: async () => {
      const pub = open();
      await pub.subscribed("");
      return {
        check: async () => assert.equal(await Promise.resolve(pub.connects), 1),
        [Symbol.asyncDispose]: () => pub.close(),
      };
    },
  };
}

/** The port of its subscribers. */
export function subscriberKind({ url, urls }: Place): Kind {
  const open = () => new ZmqSub(url.replace("0.0.0.0", "127.0.0.1"), { topics: ["honest"] });
  return {
    ...zmqWords(),
    isListenedTo: false,
    serves: async () => {
      await using sub = open();
      await using pub = new ZmqPub((urls[1] ?? "").replace("0.0.0.0", "127.0.0.1"));
      await Promise.all([sub.connected(), pub.subscribed("")]);
      // A subscription has no answer: what is published again and again gets there once it is known.
      const timer = setInterval(() => pub.send(["honest", "x"]), 20);
      try {
        const { value } = await sub[Symbol.asyncIterator]().next();
        assert.equal(value?.length, 2);
      } finally {
        clearInterval(timer);
      }
    },
    stay: async () => {
      const sub = open();
      await sub.connected();
      return {
        check: async () => assert.equal(await Promise.resolve(sub.connects), 1),
        [Symbol.asyncDispose]: () => sub.close(),
      };
    },
  };
}
