/**
 * Whoever asks a ventilator's host over its query port, in both dialects.
 *
 * @module
 */

import { insist, say } from "./http_peer.ts";
import type { MetricsText } from "./metrics_text.ts";
import type { Random } from "./random.ts";
import { PORTS, type World } from "./world.ts";

/** Requests for what there is not. */
const STRANGE = [
  '{"type":"cmd","cmdtype":"__proto__","cmd":"START","param":0}',
  '{"type":"CMD"}\0',
  "[]",
  "\0",
  `{"type":"${"x".repeat(5_000)}`,
];

const BOTHERS_MAX = 6;

/** Asks, and counts the answers of one run of the host. */
export class QueryClient {
  readonly #world: World;
  #acks = 0;
  #nacks = 0;

  constructor(world: World) {
    this.#world = world;
  }

  /**
   * Asks once.
   *
   * @return The type of the answer, for instance `ack`.
   * @throws {Error} if there is no answer in the request's dialect.
   */
  async ask(request: string): Promise<string> {
    const { network } = this.#world;
    const { body } = await insist(
      this.#world,
      request.slice(0, 60),
      () => say(network, PORTS.hevQuery, request),
    );
    if (body.endsWith("\0") !== request.endsWith("\0")) {
      throw new Error(`${request.slice(0, 60)} got the reply of the other dialect: ${body}`);
    }
    const { type } = JSON.parse(body.replace(/\0$/, ""));
    if (type === "ack") this.#acks++;
    else this.#nacks++;
    return type;
  }

  /** Asks for what there is not, again and again as a broken client does. */
  async bother(random: Random): Promise<void> {
    for (let count = random.whole(1, BOTHERS_MAX); count > 0; count--) {
      const request = random.pick(STRANGE);
      const reply = await this.ask(request);
      if (reply !== "nack") throw new Error(`${request.slice(0, 60)} got ${reply}`);
    }
  }

  /** The host begins to count anew. */
  restart(): void {
    this.#acks = 0;
    this.#nacks = 0;
  }

  /** @throws {Error} if the host counts other answers. */
  checkMetrics(metrics: MetricsText): void {
    metrics.must('hev_requests_total{answer="ack"}', this.#acks);
    metrics.must('hev_requests_total{answer="nack"}', this.#nacks);
  }
}
