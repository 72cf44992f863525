/**
 * Many simulated phones in one process.
 *
 * @module
 */

import { Sleep } from "../../net/sleep.ts";
import { systemClock } from "../../net/system_clock.ts";
import { Cadence, type CadenceFigures } from "./cadence.ts";
import { TriggerClient } from "./client.ts";

/** Options of {@linkcode TriggerCrowd}. */
export interface TriggerCrowdOptions {
  /** Name or address of the service. */
  readonly hostname: string;
  /** UDP port of the service. */
  readonly port: number;
  /** Local address of the phones; any if not given. */
  readonly localHostname?: string | undefined;
  /** Number of phones, each on its own port. */
  readonly count: number;
  /** How long the service keeps a registration, in milliseconds. */
  readonly leaseMs: number;
}

/** What a crowd has measured. */
export interface TriggerCrowdFigures extends Omit<CadenceFigures, "meanMs" | "intervals"> {
  readonly clients: number;
  /** Phones that were pinged at least once. */
  readonly woken: number;
  readonly pings: number;
  /** Mean interval in milliseconds; `null` if there is none yet. */
  readonly meanMs: number | null;
}

/** Phones start in groups, because real phones do not all come at once. */
const STARTS_AT_ONCE = 200;
const START_PAUSE_MS = 20;

/** Simulated phones, and the cadence of their pings. */
export class TriggerCrowd implements AsyncDisposable {
  readonly #options: TriggerCrowdOptions;
  readonly #clients: TriggerClient[] = [];
  readonly #watching: Promise<void>[] = [];
  readonly #cadence = new Cadence();
  readonly #sleep = new Sleep();
  #failures = 0;
  #isOver = false;

  constructor(options: TriggerCrowdOptions) {
    this.#options = options;
  }

  /**
   * Starts the phones, receives pings, and ends the phones.
   *
   * @param times How long, and how often to report meanwhile, in milliseconds.
   * @param onFailure Called once with the reason why phones cannot register; all have the same
   * reason.
   */
  async run(
    times: { readonly forMs: number; readonly everyMs: number },
    report: () => Promise<void>,
    onFailure: (message: string) => void,
  ): Promise<void> {
    const endAt = systemClock.now() + times.forMs;
    while (this.#clients.length < this.#options.count && !this.#isOver) {
      this.#add(onFailure);
      if (this.#clients.length % STARTS_AT_ONCE === 0) await this.#sleep.sleep(START_PAUSE_MS);
    }
    for (let now = systemClock.now(); now < endAt && !this.#isOver; now = systemClock.now()) {
      await this.#sleep.sleep(Math.min(times.everyMs, endAt - now));
      if (!this.#isOver && systemClock.now() < endAt) await report();
    }
    await this[Symbol.asyncDispose]();
  }

  /** Makes {@linkcode TriggerCrowd.run} end. */
  end(): void {
    this.#isOver = true;
    this.#sleep.close();
  }

  /** What the phones have measured so far. */
  figures(): TriggerCrowdFigures {
    const { intervals, meanMs, ...figures } = this.#cadence.figures();
    return {
      clients: this.#clients.length,
      woken: this.#clients.filter((client) => client.pings > 0).length,
      pings: this.#clients.reduce((sum, client) => sum + client.pings, 0),
      meanMs: intervals === 0 ? null : meanMs,
      ...figures,
    };
  }

  /** Ends all phones. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.end();
    await Promise.all(this.#clients.map((client) => client.close()));
    await Promise.all(this.#watching);
  }

  #add(onFailure: (message: string) => void): void {
    const { hostname, port, leaseMs, localHostname } = this.#options;
    const client = new TriggerClient({
      hostname,
      port,
      leaseMs,
      local: localHostname === undefined ? {} : { hostname: localHostname },
      onStatus: (status) => {
        if (status.type === "failed" && this.#failures++ === 0) onFailure(status.error.message);
      },
    });
    this.#clients.push(client);
    this.#watching.push(this.#watch(client));
  }

  async #watch(client: TriggerClient): Promise<void> {
    for await (const { intervalMs } of client) {
      if (intervalMs !== undefined) this.#cadence.observe(intervalMs);
    }
  }
}
