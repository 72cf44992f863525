/**
 * An endpoint of webhooks that fails in every way, as its table of fates says.
 *
 * @module
 */

/** What may happen to a request. */
export interface Fate {
  /** How many of all requests it happens to, from 0 to 1. */
  readonly share: number;
  /** The request is answered so, without being read. */
  readonly refusal?: ResponseInit;
  /** The request is read after this time, in milliseconds. */
  readonly waitMs?: number;
  /** The request is read, and the answer to it gets lost. */
  readonly isCutOff?: true;
}

/** A message of the host. */
export interface WebhookMessage {
  readonly id: string;
  readonly type: string;
  readonly items: readonly {
    readonly id: string;
    readonly member?: { readonly id: string; readonly name: string; readonly protocol: string };
  }[];
}

/** Options of {@linkcode WebhookEndpoint}. */
export interface WebhookEndpointOptions {
  /** What happens to requests; to all others nothing does. */
  readonly fates: readonly Fate[];
  /** From 0 to below 1. */
  readonly random: () => number;
  /** Told each message that was read, as often as it came. */
  readonly onMessage: (message: WebhookMessage) => void;
}

/** Takes notifications, and fails now and then. */
export class WebhookEndpoint implements AsyncDisposable {
  readonly url: string;
  /** No request fails any more. */
  isSound = false;
  /** Requests, and those of them that were answered as they should. */
  requests = 0;
  answered = 0;
  /** Requests that followed a redirect. */
  redirected = 0;
  readonly #options: WebhookEndpointOptions;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #abort = new AbortController();

  constructor(options: WebhookEndpointOptions) {
    this.#options = options;
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

  async [Symbol.asyncDispose](): Promise<void> {
    this.#abort.abort();
    await this.#server.finished;
  }

  async #answer(request: Request): Promise<Response> {
    if (new URL(request.url).pathname !== "/hook") {
      this.redirected++;
      return new Response();
    }
    this.requests++;
    const { refusal, waitMs, isCutOff } = this.#fate();
    if (refusal !== undefined) return new Response(null, refusal);
    if (waitMs !== undefined) await new Promise((resolve) => setTimeout(resolve, waitMs));
    let message: WebhookMessage;
    try {
      message = await request.json();
    } catch {
      // The host was killed meanwhile.
      return new Response(null, { status: 503 });
    }
    this.#options.onMessage(message);
    if (isCutOff) {
      return new Response(new ReadableStream({ start: (stream) => stream.error("cut off") }));
    }
    this.answered++;
    return new Response();
  }

  #fate(): Omit<Fate, "share"> {
    if (this.isSound) return {};
    const { fates, random } = this.#options;
    let dice = random();
    return fates.find(({ share }) => (dice -= share) < 0) ?? {};
  }
}
