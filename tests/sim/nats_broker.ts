/**
 * NATS brokers on the virtual network, which end, stand still, are cut off or refuse at will.
 *
 * @see https://docs.nats.io/reference/reference-protocols/nats-protocol
 * @module
 */

import {
  type Command,
  CommandReader,
  deliveryOf,
  headersOf,
  lineOf,
  matches,
  type Message,
} from "./nats_protocol.ts";
import { sendAll } from "./http_peer.ts";
import { type Stored, Streams } from "./nats_streams.ts";
import type { VirtualConn } from "./virtual_conn.ts";
import type { Door, VirtualNetwork } from "./virtual_network.ts";

/**
 * How a broker is: `stopped` is SIGSTOP, which leaves its connections open; `cut` has no cable;
 * `refuses` lets nobody log in.
 */
export type BrokerManner = "works" | "dead" | "stopped" | "cut" | "refuses";

/** What waits for one client at most, in messages. */
const WAITING_MAX = 2_000;
const READ_BYTES = 65_536;
const NOBODY = "503";

/** A message that a client's connection has taken. */
export interface Delivery {
  readonly client: string;
  /** As the client subscribed, or where it wanted an answer. */
  readonly pattern: string;
  /** Of the message as it was published, also if it was read out of a stream. */
  readonly subject: string;
  readonly payload: Uint8Array;
  readonly isStored: boolean;
}

/** All brokers of a fleet. */
export class Cluster {
  readonly brokers: readonly Broker[];
  readonly streams = new Streams();
  hasJetStream = true;
  /** Told of each message that a client's connection takes. */
  onDelivery: (delivery: Delivery) => void = () => {};
  /** Told of each message that a client publishes. */
  onPublish: (client: string, message: Message) => void = () => {};

  /** @param places Where the brokers listen. */
  constructor(network: VirtualNetwork, places: readonly string[]) {
    this.brokers = places.map((place) => new Broker(place, network, this));
  }

  /** Whether a majority of the brokers works. */
  get hasMajority(): boolean {
    return 2 * this.brokers.filter(({ isWell }) => isWell).length > this.brokers.length;
  }

  /** Whether the brokers keep messages. */
  get keeps(): boolean {
    return this.hasJetStream && this.hasMajority;
  }

  /** What somebody outside of this network publishes. @return Whether a broker has taken it. */
  say(subject: string, payload: Uint8Array): boolean {
    if (!this.brokers.some(({ isWell }) => isWell)) return false;
    this.publish({ subject, reply: undefined, headers: undefined, payload });
    return true;
  }

  /** Brings a message to all that want it, and into its stream. */
  publish(message: Message, from?: Client): void {
    const listeners = this.brokers.reduce((sum, broker) => sum + broker.hand(message), 0);
    const isQuestion = message.subject.startsWith("$JS.API.");
    // Without a majority there is no answer at all.
    if (this.hasJetStream && !this.hasMajority && isQuestion) return;
    const answers = !this.keeps
      ? undefined
      : isQuestion
      ? this.streams.answer(message)
      : [this.streams.keep(message)].filter((one) => one !== undefined);
    const { reply } = message;
    if (from === undefined || reply === undefined) return;
    for (const { subject = reply, stored, ...answer } of answers ?? []) {
      from.answer(reply, { reply: undefined, headers: undefined, ...answer, subject }, stored);
    }
    if (listeners > 0 || (answers?.length ?? 0) > 0) return;
    const headers = headersOf({}, NOBODY);
    from.answer(reply, { subject: reply, reply: undefined, headers, payload: new Uint8Array() });
  }

  /** Ends for good. */
  end(): void {
    for (const broker of this.brokers) broker.be("dead");
  }
}

/** One broker. */
export class Broker {
  readonly #place: string;
  readonly #door: Door;
  readonly #cluster: Cluster;
  readonly #clients = new Set<Client>();
  #manner: BrokerManner = "works";
  #waking = Promise.withResolvers<void>();

  constructor(place: string, network: VirtualNetwork, cluster: Cluster) {
    this.#place = place;
    this.#cluster = cluster;
    const [hostname = "", port = "4222"] = place.split(":");
    this.#door = network.openDoor({ hostname, port: Number(port) }, (conn) => {
      this.#clients.add(new Client(conn, this, cluster));
    });
    this.#waking.resolve();
  }

  get manner(): BrokerManner {
    return this.#manner;
  }

  /** Whether it does its work. */
  get isWell(): boolean {
    return this.#manner === "works" || this.#manner === "refuses";
  }

  /** Names of the clients that have logged in. */
  get clients(): string[] {
    return [...this.#clients].filter(({ isLoggedIn }) => isLoggedIn).map(({ name }) => name);
  }

  /** What a broker says first. */
  get greeting(): Uint8Array {
    return lineOf(`INFO ${
      JSON.stringify({
        server_id: this.#place,
        server_name: this.#place,
        version: "2.9.10",
        proto: 1,
        headers: true,
        max_payload: 1_048_576,
        jetstream: this.#cluster.hasJetStream,
      })
    }`);
  }

  /** From now on it is so. */
  be(manner: BrokerManner): void {
    if (manner === this.#manner) return;
    const wasAwake = this.#isAwake;
    this.#manner = manner;
    this.#door.manner = manner === "dead" ? "refuses" : manner === "cut" ? "hangs" : "opens";
    if (manner === "dead" || manner === "refuses") this.dropAll();
    if (!this.#isAwake && wasAwake) this.#waking = Promise.withResolvers();
    else if (this.#isAwake) this.#waking.resolve();
  }

  /** Ends all connections, as when clients were silent for too long. */
  dropAll(): void {
    for (const client of this.#clients) client.end();
    this.#clients.clear();
  }

  /** Resolves once it runs and its cable is in. */
  awake(): Promise<void> {
    return this.#waking.promise;
  }

  /** Hands a message to its clients. @return How many want it. */
  hand(message: Message): number {
    if (this.#manner === "dead") return 0;
    return [...this.#clients].reduce((sum, client) => sum + client.hand(message), 0);
  }

  forget(client: Client): void {
    this.#clients.delete(client);
  }

  get #isAwake(): boolean {
    return this.#manner !== "stopped" && this.#manner !== "cut";
  }
}

/** A connection to a broker. */
class Client {
  readonly #conn: VirtualConn;
  readonly #broker: Broker;
  readonly #cluster: Cluster;
  readonly #subscriptions = new Map<string, string>();
  readonly #waiting: (readonly [bytes: Uint8Array, delivery: Delivery | undefined])[] = [];
  #isWriting = false;
  #isOver = false;
  name = "";
  isLoggedIn = false;

  constructor(conn: VirtualConn, broker: Broker, cluster: Cluster) {
    this.#conn = conn;
    this.#broker = broker;
    this.#cluster = cluster;
    this.#send(broker.greeting);
    this.#read().catch(() => {}).finally(() => this.end());
  }

  hand(message: Message): number {
    let wanted = 0;
    for (const [id, pattern] of this.#subscriptions) {
      if (!matches(pattern, message.subject)) continue;
      wanted++;
      const { subject, payload } = message;
      const delivery = { client: this.name, pattern, subject, payload, isStored: false };
      this.#send(deliveryOf(id, message), delivery);
    }
    return wanted;
  }

  /** Answers where the client wants it. */
  answer(inbox: string, message: Message, stored?: Stored): void {
    for (const [id, pattern] of this.#subscriptions) {
      if (!matches(pattern, inbox)) continue;
      const delivery = stored && {
        client: this.name,
        pattern,
        subject: stored.subject,
        payload: stored.payload,
        isStored: true,
      };
      return this.#send(deliveryOf(id, message), delivery);
    }
  }

  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#waiting.length = 0;
    if (!this.#conn.isClosed) this.#conn.close();
    this.#broker.forget(this);
  }

  async #read(): Promise<void> {
    const reader = new CommandReader();
    const buffer = new Uint8Array(READ_BYTES);
    while (!this.#isOver) {
      const count = await this.#conn.read(buffer);
      if (count === null) return;
      await this.#broker.awake();
      for (const command of reader.feed(buffer.subarray(0, count))) this.#do(command);
    }
  }

  #do(command: Command): void {
    if (this.#isOver) return;
    switch (command.verb) {
      case "CONNECT":
        this.name = String(command.options["name"]);
        if (this.#broker.manner === "refuses") {
          this.#send(lineOf("-ERR 'Authorization Violation'"));
          // What is written so far still arrives.
          queueMicrotask(() => queueMicrotask(() => this.end()));
          return;
        }
        this.isLoggedIn = true;
        return;
      case "PING":
        if (this.isLoggedIn) this.#send(lineOf("PONG"));
        return;
      case "PONG":
        return;
      case "SUB":
        this.#subscriptions.set(command.id, command.subject);
        return;
      case "UNSUB":
        if (command.after === 0) this.#subscriptions.delete(command.id);
        return;
      case "PUB":
        if (!this.isLoggedIn) return;
        this.#cluster.onPublish(this.name, command.message);
        this.#cluster.publish(command.message, this);
    }
  }

  #send(bytes: Uint8Array, delivery?: Delivery): void {
    if (this.#isOver) return;
    this.#waiting.push([bytes, delivery]);
    if (this.#waiting.length > WAITING_MAX) return this.end();
    if (!this.#isWriting) this.#write().catch(() => this.end());
  }

  async #write(): Promise<void> {
    this.#isWriting = true;
    await this.#broker.awake();
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      const [bytes, delivery] = next;
      await sendAll(this.#conn, bytes);
      await this.#broker.awake();
      if (delivery !== undefined && !this.#conn.isClosed) this.#cluster.onDelivery(delivery);
    }
    this.#isWriting = false;
  }
}
