/**
 * A subscriber that is too slow: what it gets and what the host has dropped for it are all there was.
 *
 * @module
 */

import { ZmqPub } from "../../src/clients/zmq/pub.ts";
import { ZmtpEngine } from "../../src/wire/zmtp/engine.ts";
import { pause, type Places } from "./crowd.ts";
import type { Claim } from "./law_book.ts";

const TOPIC = "Flood";
/** Together more than the host's queue and the system's buffers hold. */
const MESSAGES = 240;
const MESSAGE_BYTES = 100_000;
/** Each begins with its number. */
const NUMBER_BYTES = 4;
/** Messages that are published at once; then the host may read. */
const MESSAGES_PER_TURN = 8;
/** How long it sleeps, in milliseconds: less than the host's patience. */
const SLEEP_MS = 2_000;
/** How long the rest may take, in milliseconds. */
const REST_MS_MAX = 20_000;
const LOOK_MS = 50;
/** Between messages that find out whether the subscription has arrived. */
const PROBE_MS = 20;
const READ_BYTES = 65_536;

/** A connection that subscribes and can stop reading. */
class SleepyConnection implements Disposable {
  received = 0;
  /** The number of the first message that came: those before it went to nobody. */
  first = 0;
  isOver = false;
  readonly #conn: Deno.TcpConn;
  readonly #engine = new ZmtpEngine({
    socketType: "SUB",
    side: "client",
    mechanism: { name: "NULL" },
    routingId: new Uint8Array(0),
  });
  #waking: PromiseWithResolvers<void> | undefined;

  constructor(conn: Deno.TcpConn) {
    this.#conn = conn;
    void this.#run();
  }

  sleep(): void {
    this.#waking ??= Promise.withResolvers();
  }

  wake(): void {
    this.#waking?.resolve();
    this.#waking = undefined;
  }

  [Symbol.dispose](): void {
    this.wake();
    this.isOver = true;
    this.#conn.close();
  }

  async #run(): Promise<void> {
    const buffer = new Uint8Array(READ_BYTES);
    try {
      await this.#say(this.#engine.open());
      for (;;) {
        await this.#waking?.promise;
        const count = await this.#conn.read(buffer);
        if (count === null) break;
        this.#engine.put(buffer.subarray(0, count));
        for (let event = this.#engine.next(); event; event = this.#engine.next()) {
          if (event.kind === "send") await this.#say(event.bytes);
          else if (event.kind === "message") this.#take(event.message[1]);
          else if (event.kind === "ready") {
            await this.#say(this.#engine.encodeSubscribe(new TextEncoder().encode(TOPIC)));
          }
        }
      }
    } catch {
      // The host was killed, or this end has closed it.
    }
    this.isOver = true;
  }

  #take(frame: Uint8Array | undefined): void {
    if (this.received++ > 0 || frame === undefined) return;
    this.first = new DataView(frame.buffer, frame.byteOffset).getUint32(0);
  }

  async #say(bytes: Uint8Array): Promise<void> {
    for (let rest = bytes; rest.length > 0;) rest = rest.subarray(await this.#conn.write(rest));
  }
}

/** Oversleeps when it is told to. */
export class SlowSubscriber {
  readonly #places: Places;
  #sleeps = 0;
  #received = 0;
  #dropped = 0;
  #lost = 0;

  constructor(places: Places) {
    this.#places = places;
  }

  /**
   * Lets it sleep while much is published; a host that is killed meanwhile makes no figure.
   *
   * @param dropped Asks the host how many messages it has dropped so far.
   */
  async oversleep(dropped: () => Promise<number>, signal: AbortSignal): Promise<void> {
    try {
      await this.#oversleep(dropped, signal);
    } catch {
      // The host was killed meanwhile.
    }
  }

  claims(): Claim[] {
    const law = "publications: sent = received + dropped";
    return [{ law, value: this.#lost, atLeast: 0, atMost: 0 }];
  }

  figures(): Readonly<Record<string, number>> {
    return {
      "times that a subscriber overslept": this.#sleeps,
      "publications that it received": this.#received,
      "publications that were dropped for it": this.#dropped,
    };
  }

  async #oversleep(dropped: () => Promise<number>, signal: AbortSignal): Promise<void> {
    const { publisher, subscriber } = this.#places;
    const conn = await Deno.connect({ hostname: "127.0.0.1", port: subscriber });
    using sleeper = new SleepyConnection(conn);
    await using pub = new ZmqPub(`tcp://127.0.0.1:${publisher}`);
    const isOver = () => signal.aborted || sleeper.isOver;
    const before = await dropped();
    let sent = 0;
    const send = (bytes: number) => {
      const numbered = new Uint8Array(bytes);
      new DataView(numbered.buffer).setUint32(0, sent);
      if (pub.send([TOPIC, numbered]) === "sent") sent++;
    };
    while (sleeper.received === 0 && !isOver()) {
      send(NUMBER_BYTES);
      await pause(PROBE_MS, signal);
    }
    sleeper.sleep();
    for (let message = 0; message < MESSAGES && !isOver(); message++) {
      send(MESSAGE_BYTES);
      if (message % MESSAGES_PER_TURN === MESSAGES_PER_TURN - 1) await pub.flushed();
    }
    await pause(SLEEP_MS, signal);
    sleeper.wake();
    const deadline = performance.now() + REST_MS_MAX;
    let lost = 0;
    const due = sent - sleeper.first;
    let missing = due;
    while (missing > 0 && performance.now() < deadline && !isOver()) {
      await pause(LOOK_MS, signal);
      lost = await dropped() - before;
      missing = due - sleeper.received - lost;
    }
    if (isOver()) return;
    this.#sleeps++;
    this.#received += sleeper.received;
    this.#dropped += lost;
    this.#lost += missing;
  }
}
