/**
 * Where the host sends its notifications: an endpoint that fails now and then, and remembers what it
 * was told.
 *
 * @module
 */

import type { Crowd, Judge } from "./crowd.ts";
import type { Claim } from "./law_book.ts";

/** How often each failure comes. */
const REFUSED_SHARE = 0.1;
const SLOW_SHARE = 0.1;
const CUT_OFF_SHARE = 0.05;
const SLOW_MS = 500;
/** Outages that are over are remembered as numbers only, after so many. */
const OUTAGES_MAX = 20_000;

interface Message {
  readonly id: string;
  readonly type: string;
  readonly items: readonly {
    readonly id: string;
    readonly member?: { readonly id: string; readonly name: string; readonly protocol: string };
  }[];
}

/** What was told of one outage. */
interface Told {
  readonly member: string;
  readonly protocol: string;
  readonly lostIn: string;
  closedIn: string | undefined;
}

/** Takes notifications. */
export class WebhookEndpoint implements Crowd {
  readonly url: string;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #random: () => number;
  readonly #abort = new AbortController();
  readonly #outages = new Map<string, Told>();
  /** Outages of each member so far, by protocol and name. */
  readonly #counts = new Map<string, number>();
  readonly #waiters = new Set<() => void>();
  #requests = 0;
  #failed = 0;
  #lost = 0;
  #closed = 0;
  #toldTwice = 0;
  #closedTwice = 0;
  #unknown = 0;
  #isSound = false;

  constructor(random: () => number) {
    this.#random = random;
    this.#server = Deno.serve({
      hostname: "127.0.0.1",
      port: 0,
      signal: this.#abort.signal,
      onListen() {},
      // What it cut off itself.
      onError: () => new Response(null, { status: 500 }),
    }, (request) => this.#answer(request));
    this.url = `http://127.0.0.1:${this.#server.addr.port}/hook`;
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

  begin(): void {}

  look(): Judge {
    return () => this.finalClaims();
  }

  settle(): Promise<void> {
    this.#isSound = true;
    return Promise.resolve();
  }

  finalClaims(): Claim[] {
    return [
      { law: "an outage is told in one message", value: this.#toldTwice, atMost: 0 },
      { law: "an outage is closed in one message", value: this.#closedTwice, atMost: 0 },
      { law: "what is closed was told", value: this.#unknown, atMost: 0 },
    ];
  }

  figures(): Readonly<Record<string, number>> {
    return {
      "outages told": this.#lost,
      "outages closed": this.#closed,
      "webhook requests": this.#requests,
      "webhook requests that failed": this.#failed,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#abort.abort();
    await this.#server.finished;
  }

  async #answer(request: Request): Promise<Response> {
    this.#requests++;
    const dice = this.#isSound ? 1 : this.#random();
    if (dice < REFUSED_SHARE) return this.#fail();
    if (dice < REFUSED_SHARE + SLOW_SHARE) {
      await new Promise((resolve) => setTimeout(resolve, SLOW_MS));
    }
    let message: Message;
    try {
      message = await request.json();
    } catch {
      // The host was killed meanwhile.
      return this.#fail();
    }
    this.#take(message);
    for (const wake of this.#waiters) wake();
    if (dice < 1 - CUT_OFF_SHARE || this.#isSound) return new Response();
    // It has read the message, and the answer gets lost.
    this.#failed++;
    return new Response(new ReadableStream({ start: (stream) => stream.error("cut off") }));
  }

  #fail(): Response {
    this.#failed++;
    return new Response(null, { status: 503 });
  }

  #take({ id, type, items }: Message): void {
    for (const item of items) {
      if (type === "lost") this.#takeLost(id, item);
      else if (type === "recovered" || type === "ended") this.#takeEnd(id, item.id);
    }
  }

  #takeLost(message: string, { id, member }: Message["items"][number]): void {
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
