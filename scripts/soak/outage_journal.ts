/**
 * What the host told a webhook of outages, which fails now and then.
 *
 * @module
 */

import { type Fate, WebhookEndpoint, type WebhookMessage } from "../torture/webhook_endpoint.ts";
import type { Crowd, Judge } from "./crowd.ts";
import type { Claim } from "./law_book.ts";

const FATES: readonly Fate[] = [
  { share: 0.1, refusal: { status: 503 } },
  { share: 0.1, waitMs: 500 },
  { share: 0.05, isCutOff: true },
];
/** Outages that are over are remembered as numbers only, after so many. */
const OUTAGES_MAX = 20_000;

/** What was told of one outage. */
interface Told {
  readonly member: string;
  readonly protocol: string;
  readonly lostIn: string;
  closedIn: string | undefined;
}

/** Remembers what was told. */
export class OutageJournal implements Crowd {
  readonly #endpoint: WebhookEndpoint;
  readonly #outages = new Map<string, Told>();
  /** Outages of each member so far, by protocol and name. */
  readonly #counts = new Map<string, number>();
  readonly #waiters = new Set<() => void>();
  #lost = 0;
  #closed = 0;
  #toldTwice = 0;
  #closedTwice = 0;
  #unknown = 0;

  constructor(random: () => number) {
    this.#endpoint = new WebhookEndpoint({
      fates: FATES,
      random,
      onMessage: (message) => {
        this.#take(message);
        for (const wake of this.#waiters) wake();
      },
    });
  }

  /** Where the host shall tell. */
  get url(): string {
    return this.#endpoint.url;
  }

  /** How many outages of a member were told. */
  outagesOf(protocol: string, name: string): number {
    return this.#counts.get(`${protocol}/${name}`) ?? 0;
  }

  /** Outages of a protocol that were told and are not over, as far as was told. */
  openOf(protocol: string): string[] {
    return [...this.#outages.values()]
      .filter((outage) => outage.protocol === protocol && outage.closedIn === undefined)
      .map(({ member }) => member);
  }

  /** Waits until something is told, or so many milliseconds. */
  async news(waitMs: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiters.add(resolve);
    const timer = setTimeout(resolve, waitMs);
    await promise;
    clearTimeout(timer);
    this.#waiters.delete(resolve);
  }

  look(): Judge {
    return () => this.finalClaims();
  }

  settle(): void {
    this.#endpoint.isSound = true;
  }

  finalClaims(): Claim[] {
    return [
      { law: "an outage is told in one message", value: this.#toldTwice, atMost: 0 },
      { law: "an outage is closed in one message", value: this.#closedTwice, atMost: 0 },
      { law: "what is closed was told", value: this.#unknown, atMost: 0 },
    ];
  }

  figures(): Readonly<Record<string, number>> {
    const { requests, answered } = this.#endpoint;
    return {
      "outages told": this.#lost,
      "outages closed": this.#closed,
      "webhook requests": requests,
      "webhook requests that failed": requests - answered,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#endpoint[Symbol.asyncDispose]();
  }

  #take({ id, type, items }: WebhookMessage): void {
    for (const item of items) {
      if (type === "lost") this.#takeLost(id, item);
      else if (type === "recovered" || type === "ended") this.#takeEnd(id, item.id);
    }
  }

  #takeLost(message: string, { id, member }: WebhookMessage["items"][number]): void {
    const known = this.#outages.get(id);
    if (known !== undefined) {
      // The same message may come again if its answer was cut off.
      if (known.lostIn !== message) this.#toldTwice++;
      return;
    }
    const { protocol, name } = member ?? { protocol: "", name: "" };
    const told: Told = { member: member?.id ?? "", protocol, lostIn: message, closedIn: undefined };
    this.#outages.set(id, told);
    this.#lost++;
    const key = `${protocol}/${name}`;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
    if (this.#outages.size > OUTAGES_MAX) this.#forgetOldest();
  }

  #takeEnd(message: string, id: string): void {
    const known = this.#outages.get(id);
    if (known === undefined) {
      this.#unknown++;
    } else if (known.closedIn === undefined) {
      known.closedIn = message;
      this.#closed++;
    } else if (known.closedIn !== message) {
      this.#closedTwice++;
    }
  }

  #forgetOldest(): void {
    for (const [id, { closedIn }] of this.#outages) {
      if (closedIn === undefined) continue;
      this.#outages.delete(id);
      return;
    }
  }
}
