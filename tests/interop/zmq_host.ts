/**
 * An intermediary with all of its doors, for tests.
 *
 * @module
 */

import { HttpServer } from "../../src/net/http/server.ts";
import { Intermediary, type IntermediaryOptions } from "../../src/net/zmq/forwarder.ts";
import { lastingPort } from "../support/lasting_port.ts";

/** The transports that peers use. */
export const TRANSPORTS = ["tcp", "ws"] as const;

/** One of {@linkcode TRANSPORTS}. */
export type Transport = (typeof TRANSPORTS)[number];

/** A running intermediary on free ports, or on those of an earlier one. */
export class ZmqHost implements AsyncDisposable {
  readonly intermediary: Intermediary;
  readonly #http: HttpServer;
  readonly #waiters: { topic: string; done: () => void }[] = [];
  readonly #subscriptions: string[] = [];
  /** What peers were disconnected for. */
  readonly violations: string[] = [];

  /**
   * @param options Of the intermediary.
   * @param ports To listen on: publishers, subscribers, HTTP.
   */
  constructor(
    options: Partial<IntermediaryOptions> = {},
    ports: readonly number[] = [lastingPort(), lastingPort(), lastingPort()],
  ) {
    const at = (index: number) => [{ hostname: "127.0.0.1", port: ports[index] ?? lastingPort() }];
    this.intermediary = Intermediary.start({
      publishers: at(0),
      subscribers: at(1),
      onRequest: (request) => request[0]?.[0] === 0x21 ? undefined : ["Reply", ...request],
      onViolation: (_, message) => this.violations.push(message),
      ...options,
      onSubscribe: (topic, reply) => {
        this.#onSubscribe(new TextDecoder().decode(topic));
        options.onSubscribe?.(topic, reply);
      },
    });
    this.#http = HttpServer.listen({
      addresses: at(2),
      upgrade: (head, handover) => this.intermediary.upgrade(head, handover),
    });
  }

  /** Where each door is. */
  url(door: "pub" | "sub" | "req", transport: Transport): string {
    if (transport === "ws") return `ws://127.0.0.1:${this.ports[2]}/zmq/${door}`;
    return `tcp://127.0.0.1:${this.ports[door === "pub" ? 0 : 1]}`;
  }

  /** Ports of publishers, subscribers, HTTP. */
  get ports(): number[] {
    const { publisherAddresses, subscriberAddresses } = this.intermediary;
    return [...publisherAddresses, ...subscriberAddresses, ...this.#http.addresses].map((
      { port },
    ) => port);
  }

  /** Resolves when a topic was subscribed to a number of times in all. */
  async subscribed(topic: string, times = 1): Promise<void> {
    while (this.#subscriptions.filter((each) => each === topic).length < times) {
      await new Promise<void>((done) => this.#waiters.push({ topic, done }));
    }
  }

  /** Stops at once, as when the host restarts. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.intermediary.close(), this.#http.close()]);
  }

  #onSubscribe(topic: string): void {
    this.#subscriptions.push(topic);
    for (const { done } of this.#waiters.splice(0)) done();
  }
}
