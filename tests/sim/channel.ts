/**
 * Publishers and subscribers of the state channel, honest and forged, and what reaches whom.
 *
 * @module
 */

import { insist, type Patience, request } from "./http_peer.ts";
import { MetricsText } from "./metrics_text.ts";
import type { Part } from "./part.ts";
import type { Random } from "./random.ts";
import type { VirtualNetwork } from "./virtual_network.ts";
import { PORTS } from "./world.ts";
import { type Transport, ZmqPeer, type ZmqPlace } from "./zmq_peer.ts";

const SUBSCRIBERS_MAX = 4;
const PUBLISHERS_MAX = 2;
const TOPICS = ["Timeline", "Time", "", "OnStateChange1", "OnStateChange", "Tracking"];
/** What a publisher that is not the server may not say. */
const FORGED = [["OnStateChange1", "FORGED"], ["Calibrate1", "FORGED"], ["OnCommand1", "FORGED"]];
const SIZES = [10, 300, 70_000] as const;
/** What a subscriber's system holds for it, in bytes. */
const WINDOWS = [2_000, 65_536] as const;
/** Publications of a burst that a deaf subscriber cannot be kept for: 12 MB. */
const BURST = { count: 60, bytes: 200_000 } as const;
/** Figures are compared each so many checks. */
const CHECKS_PER_METRICS = 3;

interface Subscriber {
  readonly peer: ZmqPeer;
  readonly topics: Set<string>;
  /** Numbers of publications that it is to get, in order. */
  owed: number[];
  skipped: number;
  isQuick: boolean;
  /** The state of each client that it heard last. */
  readonly states: Map<string, string>;
  complaint: string | undefined;
}

/** The state role's channel. */
export class Channel implements Part {
  readonly #world: Patience & { readonly network: VirtualNetwork };
  readonly #subscribers: Subscriber[] = [];
  readonly #publishers: ZmqPeer[] = [];
  #number = 0;
  /** Messages that subscribers who are not here any more were too slow for. */
  #skipped = 0;
  #isExact = true;
  #checks = 0;

  constructor(world: Patience & { readonly network: VirtualNetwork }) {
    this.#world = world;
  }

  nextAt(): number {
    return Infinity;
  }

  act(): Promise<void> {
    return Promise.resolve();
  }

  async step(random: Random): Promise<void> {
    // Somebody nearly always speaks, and somebody listens.
    if (this.#one(random) === undefined && random.chance(0.8)) this.#join(random);
    if (this.#publisher(random) === undefined && random.chance(0.8)) this.#invite(random);
    // What is published before a subscription has arrived is not for it.
    await this.#world.time.settle();
    await random.pick(this.#steps)(random);
    await this.#world.time.settle();
  }

  listen(): void {}

  stand(): void {}

  restarted(): void {
    this.leave();
    this.#isExact = true;
    this.#skipped = 0;
  }

  forgive(): void {
    this.leave();
    this.#isExact = false;
  }

  strangerAt(port: number): void {
    if (PORTS_OF_CHANNEL.includes(port)) this.#isExact = false;
  }

  /** Everybody goes. */
  leave(): void {
    for (const { peer } of this.#subscribers.splice(0)) if (peer.isConnected) peer.close();
    for (const peer of this.#publishers.splice(0)) if (peer.isConnected) peer.close();
  }

  async check(): Promise<void> {
    if (this.#subscribers.length === 0) return;
    const states = await this.#states();
    for (const { peer, owed, isQuick, complaint, topics, states: heard } of this.#subscribers) {
      const found = complaint ?? peer.complaint;
      if (found !== undefined) throw new Error(found);
      if (peer.isEndedByHost && isQuick) {
        throw new Error("A subscriber that reads was disconnected");
      }
      if (!peer.isConnected || !isQuick) continue;
      if (owed.length > 0) throw new Error(`A subscriber waits for ${owed}`);
      for (const [id, state] of heard) {
        const must = states.get(id) ?? "DISCONNECTED";
        if (state !== must) throw new Error(`Client ${id} was told as ${state}, must be ${must}`);
      }
      // Whoever subscribes to one client hears of it at once.
      for (const [id, state] of states) {
        if (topics.has(`OnStateChange${id}`) && heard.get(id) !== state) {
          throw new Error(
            `Client ${id} is ${state}, and its own subscriber was told ${heard.get(id)}`,
          );
        }
      }
    }
    this.#forgetEnded();
    if (++this.#checks % CHECKS_PER_METRICS === 0) await this.#checkMetrics();
  }

  readonly #steps: readonly ((random: Random) => void | Promise<void>)[] = [
    (random) => this.#join(random),
    (random) => this.#join(random),
    (random) => this.#invite(random),
    (random) => this.#publish(random),
    (random) => this.#publish(random),
    (random) => this.#publish(random),
    (random) => this.#change(random),
    (random) => this.#change(random),
    (random) => this.#forge(random),
    (random) => this.#ask(random),
    (random) => this.#ask(random),
    (random) => this.#part(random),
    (random) => {
      const subscriber = this.#one(random);
      if (subscriber === undefined) return;
      subscriber.peer.beDeaf(true);
      subscriber.isQuick = false;
    },
    (random) => this.#one(random)?.peer.beDeaf(false),
    (random) => this.#burst(random),
  ];

  #one(random: Random): Subscriber | undefined {
    const there = this.#subscribers.filter(({ peer }) => peer.isConnected);
    return there.length === 0 ? undefined : random.pick(there);
  }

  #publisher(random: Random): ZmqPeer | undefined {
    const ready = this.#publishers.filter(({ isConnected, isReady }) => isConnected && isReady);
    return ready.length === 0 ? undefined : random.pick(ready);
  }

  #join(random: Random): void {
    if (this.#subscribers.filter(({ peer }) => peer.isConnected).length >= SUBSCRIBERS_MAX) return;
    const place = placeOf(random.pick(["tcp", "ws"]), "SUB", random.pick(WINDOWS));
    const peer = new ZmqPeer(this.#world.network, place, (frames) => take(subscriber, frames));
    const subscriber: Subscriber = {
      peer,
      topics: new Set(),
      owed: [],
      skipped: 0,
      isQuick: true,
      states: new Map(),
      complaint: undefined,
    };
    this.#subscribers.push(subscriber);
    this.#subscribe(subscriber, random.pick(TOPICS));
  }

  #invite(random: Random): void {
    if (this.#publishers.filter(({ isConnected }) => isConnected).length >= PUBLISHERS_MAX) return;
    const place = placeOf(random.pick(["tcp", "ws"]), "PUB");
    this.#publishers.push(new ZmqPeer(this.#world.network, place, () => {}));
  }

  #subscribe(subscriber: Subscriber, topic: string): void {
    subscriber.topics.add(topic);
    subscriber.peer.subscribe(topic);
  }

  /** A subscriber wants something else, too, or no longer. */
  #change(random: Random): void {
    const subscriber = this.#one(random);
    if (subscriber === undefined) return;
    if (random.chance(0.6)) return this.#subscribe(subscriber, random.pick(TOPICS));
    const topic = random.pick([...subscriber.topics, "Nothing"]);
    subscriber.topics.delete(topic);
    subscriber.peer.subscribe(topic, false);
    // What it does not hear of may change.
    for (const id of subscriber.states.keys()) {
      const isHeard = [...subscriber.topics].some((prefix) =>
        `OnStateChange${id}`.startsWith(prefix)
      );
      if (!isHeard) subscriber.states.delete(id);
    }
  }

  #publish(random: Random, { count, bytes }: Partial<typeof BURST> = {}): void {
    const publisher = this.#publisher(random);
    if (publisher === undefined) return;
    const topic = random.pick(["Timeline", "Tracking"]);
    for (let left = count ?? random.whole(1, 5); left > 0; left--) {
      const number = ++this.#number;
      publisher.send([topic, `${number} ${"x".repeat(bytes ?? random.pick(SIZES))}`]);
      for (const { peer, topics, owed } of this.#subscribers) {
        if (peer.isConnected && [...topics].some((prefix) => topic.startsWith(prefix))) {
          owed.push(number);
        }
      }
    }
  }

  async #burst(random: Random): Promise<void> {
    this.#publish(random, BURST);
    await this.#world.time.settle();
  }

  /** A publisher says what only the server may, or nothing that has a meaning. */
  #forge(random: Random): void {
    const publisher = this.#publisher(random);
    if (publisher === undefined) return;
    if (random.chance(0.7)) return publisher.send(random.pick(FORGED));
    publisher.garble(random.bytes(random.whole(1, 200)));
    this.#publishers.splice(this.#publishers.indexOf(publisher), 1);
    this.#world.time.settle().then(() => publisher.isConnected && publisher.reset());
  }

  async #ask(random: Random): Promise<void> {
    const states = await this.#states();
    const id = random.pick(["1", "2", "nobody"]);
    const must = ["ClientState", id, states.get(id) ?? "DISCONNECTED"].join();
    let got: string | undefined;
    const place = placeOf("ws", "REQ");
    const ask = async () => {
      const { promise, resolve } = Promise.withResolvers<readonly string[]>();
      const peer = new ZmqPeer(this.#world.network, place, resolve);
      peer.send(["", "GetClientState", id]);
      const [delimiter, ...frames] = await promise;
      peer.close();
      got = delimiter === "" ? frames.join() : "no envelope";
      return { status: 200, body: got };
    };
    await insist(this.#world, "GetClientState", ask);
    if (got !== must) throw new Error(`A request got ${got}, must be ${must}`);
  }

  #part(random: Random): void {
    const subscriber = this.#one(random);
    if (subscriber === undefined) return;
    if (subscriber.owed.length > 0) this.#isExact = false;
    if (random.chance(0.5)) subscriber.peer.close();
    else subscriber.peer.reset();
  }

  #forgetEnded(): void {
    for (let at = this.#subscribers.length - 1; at >= 0; at--) {
      const subscriber = this.#subscribers[at];
      if (subscriber === undefined || subscriber.peer.isConnected) continue;
      if (subscriber.owed.length > 0) this.#isExact = false;
      this.#skipped += subscriber.skipped;
      this.#subscribers.splice(at, 1);
    }
  }

  async #states(): Promise<ReadonlyMap<string, string>> {
    const { network } = this.#world;
    const { body } = await insist(
      this.#world,
      "/State/Clients",
      () => request(network, PORTS.state, "/State/Clients"),
    );
    return new Map(
      JSON.parse(body).clients.map((
        { clientID, state }: Record<string, string>,
      ) => [clientID, state]),
    );
  }

  /** What a slow subscriber did not get was counted. */
  async #checkMetrics(): Promise<void> {
    if (!this.#isExact) return;
    const { network } = this.#world;
    const { body } = await insist(
      this.#world,
      "/metrics",
      () => request(network, PORTS.console, "/metrics"),
    );
    const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);
    const least = this.#skipped + sum(this.#subscribers.map(({ skipped }) => skipped));
    const most = least + sum(this.#subscribers.map(({ owed }) => owed.length));
    new MetricsText(body).must("mlf_zmq_dropped_total", least, most);
  }
}

const PORTS_OF_CHANNEL: readonly number[] = [
  PORTS.state,
  PORTS.statePublishers,
  PORTS.stateSubscribers,
];

function placeOf(
  transport: Transport,
  socketType: ZmqPlace["socketType"],
  windowBytes?: number,
): ZmqPlace {
  const tcp = socketType === "PUB" ? PORTS.statePublishers : PORTS.stateSubscribers;
  return {
    transport,
    port: transport === "ws" ? PORTS.state : tcp,
    path: `/zmq/${socketType.toLowerCase()}`,
    socketType,
    ...(windowBytes === undefined ? {} : { windowBytes }),
  };
}

function take(subscriber: Subscriber, [topic = "", payload = ""]: readonly string[]): void {
  const { topics } = subscriber;
  const complain = (text: string) => subscriber.complaint ??= text;
  if (payload === "FORGED") return void complain(`A forged ${topic} reached a subscriber`);
  if (![...topics].some((prefix) => topic.startsWith(prefix))) {
    return void complain(`A subscriber of ${[...topics]} got ${topic}`);
  }
  const id = /^OnStateChange(.*)$/s.exec(topic)?.[1];
  if (id !== undefined) subscriber.states.set(id, payload);
  if (topic !== "Timeline" && topic !== "Tracking") return;
  const number = Number(payload.split(" ", 1)[0]);
  const at = subscriber.owed.indexOf(number);
  if (at < 0 || at > 0 && subscriber.isQuick) {
    complain(`A subscriber got ${number}, must be one of ${subscriber.owed.slice(0, 5)}`);
  }
  subscriber.skipped += Math.max(at, 0);
  subscriber.owed.splice(0, at + 1);
}
