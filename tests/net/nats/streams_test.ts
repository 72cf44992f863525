/**
 * What is said of brokers whose answers are not those of JetStream.
 */

import { strict as assert } from "node:assert";
import { headers, type Msg } from "@nats-io/nats-core";
import type { NatsLink } from "../../../src/net/nats/link.ts";
import { appendTo, lookAtStream, readStream } from "../../../src/net/nats/streams.ts";
import { temporaryDirectory } from "../../store/virtual_host.ts";
import { openLink } from "../../support/nats_link.ts";
import { NATS_SERVER, NatsServer } from "../../support/nats_server.ts";
import { requirement } from "../../support/require.ts";
import { until } from "../../support/tcp.ts";

const CONFIG = { name: "S", num_replicas: 1, storage: "file" };
const STATE = { messages: 0, bytes: 0, last_seq: 0 };

/** Answers to a question about a stream, and what is said of each. */
const DESCRIPTIONS: readonly (readonly [answer: unknown, sentence: RegExp])[] = [
  [null, /^stream S: the answer is none of JetStream: null$/],
  [[], /^stream S: the answer is none of JetStream: \[\]$/],
  [{}, /^stream S: the answer is none of JetStream: \{\}$/],
  [{ config: CONFIG }, /^stream S: the answer is none of JetStream: /],
  [{ config: null, state: STATE }, /^stream S: the answer is none of JetStream: /],
  [{ config: CONFIG, state: { ...STATE, last_seq: -1 } }, /none of JetStream/],
  [{ config: { ...CONFIG, num_replicas: "3" }, state: STATE }, /none of JetStream/],
  [{ error: "no" }, /^stream S: the brokers refuse$/],
  [{ error: {} }, /^stream S: the brokers refuse$/],
  [{ error: { description: "no room" } }, /^stream S: no room$/],
];

/** Answers to a message that is to be stored; of these, none says that it was. */
const RECEIPTS: readonly (readonly [answer: unknown, sentence: RegExp])[] = [
  [null, /^the answer is none of JetStream: null$/],
  [{}, /^the answer is none of JetStream: \{\}$/],
  [{ stream: "S", seq: "1" }, /^the answer is none of JetStream: /],
  [{ error: { description: "no room" } }, /^no room$/],
  [{ error: null }, /^the answer is none of JetStream: /],
];

if (requirement("streams with a broker", NATS_SERVER)) {
  Deno.test("what is no answer of JetStream has a sentence, and stores nothing", async () => {
    await using brokers = await Brokers.start();
    const { link } = brokers;
    let answer: unknown;
    brokers.answer("$JS.API.STREAM.INFO.S", (question) => question.respond(JSON.stringify(answer)));
    brokers.answer("a", (question) => question.respond(JSON.stringify(answer)));
    await brokers.ready();
    for (const [given, message] of DESCRIPTIONS) {
      answer = given;
      await assert.rejects(lookAtStream(link, "S"), { message });
    }
    for (const [given, message] of RECEIPTS) {
      answer = given;
      await assert.rejects(appendTo(link, "a", new Uint8Array()), { message });
    }
    answer = { config: CONFIG, state: STATE, error: null };
    assert.equal((await lookAtStream(link, "S"))?.replicas, 1);
    answer = { stream: "S", seq: 1, error: null };
    await appendTo(link, "a", new Uint8Array());
  });

  Deno.test("readStream says that brokers have stopped in the middle of a stream", async () => {
    await using brokers = await Brokers.start();
    const consumer = { stream_name: "S", name: "c", config: { name: "c" }, num_pending: 2 };
    const describe = (question: Msg) => question.respond(JSON.stringify(consumer));
    brokers.answer(
      "$JS.API.STREAM.INFO.S",
      (question) => question.respond(JSON.stringify({ config: CONFIG, state: STATE })),
    );
    brokers.answer("$JS.API.CONSUMER.CREATE.>", describe);
    brokers.answer("$JS.API.CONSUMER.INFO.>", describe);
    brokers.answer(
      "$JS.API.CONSUMER.DELETE.>",
      (question) => question.respond('{"success":true}'),
    );
    brokers.answer("$JS.API.CONSUMER.MSG.NEXT.>", ({ reply = "" }) => {
      const connection = brokers.other.connected();
      connection.publish(reply, "first", { reply: "$JS.ACK.S.c.1.1.1.0.1" });
      const over = headers(408, "Request Timeout");
      over.set("Nats-Pending-Messages", "1");
      over.set("Nats-Pending-Bytes", "0");
      connection.publish(reply, "", { headers: over });
    });
    await brokers.ready();
    const read: number[] = [];
    await assert.rejects(
      readStream(brokers.link, "S", "newest", (_subject, _bytes, number) => read.push(number)),
      { message: "the brokers stopped before the end of stream S" },
    );
  });
}

/** A broker without JetStream, and a client that answers in its place. */
class Brokers implements AsyncDisposable {
  readonly #server: NatsServer;
  readonly link: NatsLink;
  readonly other: NatsLink;

  private constructor(server: NatsServer) {
    this.#server = server;
    this.link = openLink(server.port, "asks");
    this.other = openLink(server.port, "answers");
  }

  static async start(): Promise<Brokers> {
    using folder = temporaryDirectory();
    const server = await NatsServer.start({ folder: folder.path, jetstream: false });
    const brokers = new Brokers(server);
    await until(() => brokers.link.isUp && brokers.other.isUp, "two connections");
    return brokers;
  }

  answer(subject: string, reply: (question: Msg) => unknown): void {
    this.other.connected().subscribe(subject, { callback: (_, question) => void reply(question) });
  }

  async ready(): Promise<void> {
    await this.other.connected().flush();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.link.close();
    await this.other.close();
    await this.#server[Symbol.asyncDispose]();
  }
}
