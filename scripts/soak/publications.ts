/**
 * Numbered publications over ZeroMQ, and subscribers that must get each of them.
 *
 * @module
 */

import { ZmqPub } from "../../src/clients/zmq/pub.ts";
import { ZmqSub } from "../../src/clients/zmq/sub.ts";
import { textOf } from "../../src/wire/mlf/topics.ts";
import { type Crowd, type Judge, pause, sampleOf, type Scene } from "./crowd.ts";
import type { Claim } from "./law_book.ts";
import { SlowSubscriber } from "./slow_subscriber.ts";

const PUBLISH_EVERY_MS = 250;
const TOPIC = "Soak";
/** What one message holds besides its number. */
const FILLING = "x".repeat(80);
/** Messages between publisher and subscriber when they are looked at. */
const UNDER_WAY_MAX = 20;

/** A publisher, and the number of its last message in this life of the host. */
interface Publisher {
  readonly name: string;
  readonly pub: ZmqPub;
  number: number;
}

/** Publishers and subscribers over both transports. */
export class Publications implements Crowd {
  readonly #scene: Scene;
  readonly #publishers: readonly Publisher[];
  readonly #subscribers: readonly ZmqSub[];
  readonly #running: Promise<unknown>;
  readonly #slow: SlowSubscriber;
  #life = 0;
  #received = 0;
  #gaps = 0;
  #firstGap = "";

  constructor(scene: Scene) {
    this.#scene = scene;
    const { places } = scene;
    const web = `ws://127.0.0.1:${places.state}/zmq`;
    this.#publishers = [
      { name: "tcp", pub: new ZmqPub(`tcp://127.0.0.1:${places.publisher}`), number: 0 },
      { name: "ws", pub: new ZmqPub(`${web}/pub`), number: 0 },
    ];
    const options = { topics: [TOPIC] };
    this.#subscribers = [
      new ZmqSub(`tcp://127.0.0.1:${places.subscriber}`, options),
      new ZmqSub(`${web}/sub`, options),
    ];
    this.#slow = new SlowSubscriber(places);
    this.#running = Promise.all([
      ...this.#publishers.map((each) => this.#publish(each)),
      ...this.#subscribers.map((each) => this.#hear(each)),
    ]);
  }

  begin(): void {
    this.#life++;
    for (const publisher of this.#publishers) publisher.number = 0;
  }

  /**
   * Lets a subscriber read nothing while more is published than may wait for it, and then the rest.
   *
   * @param dropped Asks the host how many messages it has dropped so far.
   */
  async oversleep(dropped: () => Promise<number>): Promise<void> {
    await this.#slow.oversleep(dropped, this.#scene.signal);
  }

  look(): Judge {
    const sent = this.#publishers.reduce((sum, { number }) => sum + number, 0);
    return (_, after) => [
      ...this.finalClaims(),
      {
        law: "publications: sent <= received by the host",
        value: sampleOf(after, 'mlf_zmq_messages_total{dir="in"}'),
        atLeast: sent - UNDER_WAY_MAX,
      },
    ];
  }

  finalClaims(): Claim[] {
    return [
      {
        law: "publications: none is missing",
        value: this.#gaps,
        atMost: 0,
        detail: this.#firstGap,
      },
      ...this.#slow.claims(),
    ];
  }

  figures(): Readonly<Record<string, number>> {
    return { "publications received": this.#received, ...this.#slow.figures() };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const sockets = [...this.#publishers.map(({ pub }) => pub), ...this.#subscribers];
    await Promise.all(sockets.map((socket) => socket.close()));
    await this.#running;
  }

  async #publish(publisher: Publisher): Promise<void> {
    const { signal } = this.#scene;
    while (!signal.aborted) {
      await pause(PUBLISH_EVERY_MS, signal);
      const { name, pub, number } = publisher;
      const text = `${name} ${this.#life} ${number + 1} ${FILLING}`;
      if (pub.send([TOPIC, text]) === "sent") publisher.number++;
    }
  }

  /** Within one life of the host, a subscriber gets all from the first that it gets. */
  async #hear(sub: ZmqSub): Promise<void> {
    const last = new Map<string, number>();
    for await (const [, frame] of sub) {
      const [name = "", life, number] = (frame && textOf(frame))?.split(" ") ?? [];
      const key = `${name} ${life}`;
      const before = last.get(key);
      this.#received++;
      if (before === undefined) {
        for (const old of last.keys()) if (old.startsWith(`${name} `)) last.delete(old);
      } else if (Number(number) !== before + 1) {
        this.#gaps++;
        this.#firstGap ||= `${number} came after ${before} from ${name}`;
      }
      last.set(key, Number(number));
    }
  }
}
