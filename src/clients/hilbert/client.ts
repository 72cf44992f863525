/**
 * A client of a Hilbert heartbeat server.
 *
 * @module
 */

import { parseList } from "../../wire/hilbert/answers.ts";
import type { HilbertIdentity } from "../../wire/hilbert/identity.ts";
import { Beat, type BeatOptions } from "./beat.ts";
import { send } from "./send.ts";
import { type HilbertError, isIndecisive, toHilbertError } from "./error.ts";
import { cacheBuster, commandPlace, encodeName, failurePath, lostAfterQuery } from "./target.ts";
import {
  type HilbertEndpoint,
  type HilbertSettings,
  parseHilbertUrl,
  resolveHilbertSettings,
  rootOf,
  TEMPLATE_PLACE,
} from "./settings.ts";
import { checkOptions } from "../../core/option_ranges.ts";
import { type StatusListener, StatusReports } from "../../net/client_status.ts";
import { inBackground } from "../../net/background.ts";
import { HILBERT_CHECKS } from "../option_ranges.ts";

/** Options of one call. */
export interface HilbertCallOptions {
  /** Ends the call early; as an option of the client, closes the client. */
  readonly signal?: AbortSignal;
  /** Timeout of the call in milliseconds, more than 0; 2000 by default. */
  readonly timeoutMs?: number;
  /** If given, a call that fails resolves to this value as text. `null` counts as not given. */
  readonly errorReturnValue?: unknown;
}

/** Options of {@linkcode HilbertClient}: its settings, and defaults for its calls. */
export interface HilbertClientOptions extends HilbertSettings, HilbertCallOptions {
  /** Certificates (PEM) to trust for `https` servers, besides the system's. */
  readonly caCerts?: readonly string[];
  /**
   * The silence after which Pulsebox calls the application lost, unless its operator has set
   * another: `1x` to `1000x` the announced time plus one second, or milliseconds, up to 30 days.
   * Other servers ignore it.
   */
  readonly lostAfter?: string;
  /**
   * Called with `up` and `down` as calls are answered or get no reply, and `failed` for other
   * failures.
   */
  readonly onStatus?: StatusListener<HilbertError>;
}

/**
 * Sends heartbeats, and asks for the status of applications.
 *
 * A call resolves to the text of the reply. If it fails, it throws a {@linkcode HilbertError}, or
 * resolves to the text of `errorReturnValue` if that was given.
 *
 * @example
 * ```ts
 * import { HilbertClient } from "@pulsebox/pulsebox";
 *
 * const client = new HilbertClient({ appId: "tetris", errorReturnValue: "" });
 * await client.init(10_000); // "11000": it may take ten seconds to start
 * await client.ping(5_000); // "6000": the next ping comes within five seconds
 * await client.done();
 * ```
 */
export class HilbertClient implements AsyncDisposable {
  /** Base or template URL of the server; read with each call, so you may assign to it. */
  url: string;
  /** Name of the application; read with each call, so you may assign to it. */
  appId: string;
  readonly #options: HilbertClientOptions;
  /** Additional query parameters of a heartbeat; empty if there are none. */
  readonly #wish: string;
  readonly #status: StatusReports<HilbertError>;
  readonly #beats = new Set<Beat>();
  readonly #ending = new AbortController();
  #closing: Promise<void> | undefined;

  /**
   * Makes a client. Before the first call, nothing is sent and no URL is checked.
   *
   * @param options Settings, and defaults for the calls.
   * @throws {TypeError} if an option is unknown.
   * @throws {RangeError} if a number is out of range.
   */
  constructor(options: HilbertClientOptions = {}) {
    checkOptions("heartbeat client", options, HILBERT_CHECKS);
    this.#wish = lostAfterQuery(options.lostAfter);
    const { url, appId } = resolveHilbertSettings(options);
    this.url = url;
    this.appId = appId;
    this.#options = options;
    this.#status = new StatusReports(options.onStatus);
    if (options.signal?.aborted) this.#onAbort();
    else options.signal?.addEventListener("abort", this.#onAbort);
  }

  /** Whether the last call that tried to reach the server was answered. */
  get isConnected(): boolean {
    return this.#status.isUp;
  }

  /**
   * Announces that the application starts (`hb_init`, hilbert.md section 5).
   *
   * @param delayMs The longest time until its first ping, in milliseconds, 0 or more.
   * @return How long the server waits before a heartbeat counts as missed: `delayMs` plus 1000, in
   * milliseconds, as decimal digits.
   * @throws {HilbertError} if the call fails.
   */
  init(delayMs: number, options: HilbertCallOptions = {}): Promise<string> {
    return this.#command("hb_init", delayMs, "POST", options);
  }

  /**
   * Announces that the application is alive (`hb_ping`, hilbert.md section 5). The server calls it
   * late after three times the returned time, critical after five, and forgets it after six
   * (section 7).
   *
   * @param delayMs The longest time until its next ping, in milliseconds, 0 or more.
   * @return As {@linkcode HilbertClient.init}.
   * @throws {HilbertError} if the call fails.
   */
  ping(delayMs: number, options: HilbertCallOptions = {}): Promise<string> {
    return this.#command("hb_ping", delayMs, "GET", options);
  }

  /**
   * Announces that the application has ended normally (`hb_done`, hilbert.md section 5): the server
   * forgets it at once, and nobody is alarmed. It may be repeated, and sent by an application that
   * was never announced.
   *
   * @param delayMs Must be a number, but has no meaning; 0 by default.
   * @return `So Long, and Thanks for All the Fish!`
   * @throws {HilbertError} if the call fails.
   */
  done(delayMs = 0, options: HilbertCallOptions = {}): Promise<string> {
    return this.#command("hb_done", delayMs, "POST", options);
  }

  /**
   * Reports that the application has failed: it is lost at once. Servers other than Pulsebox answer
   * 400.
   *
   * @param reason The reason, for people; the server cuts it after 200 characters.
   * @throws {HilbertError} if the call fails.
   */
  fail(reason: string, options: HilbertCallOptions = {}): Promise<string> {
    const path = failurePath(this.appId, reason);
    return this.#call("POST", () => [rootOf(this.#endpoint()), path], options);
  }

  /**
   * Asks which applications the server knows (`list`, hilbert.md section 8).
   *
   * @return One identity per line, such as `tetris @ 127.0.0.1`.
   * @throws {HilbertError} if the call fails.
   */
  list(options: HilbertCallOptions = {}): Promise<string> {
    return this.#call("GET", () => [rootOf(this.#endpoint()), `/list?${cacheBuster()}`], options);
  }

  /**
   * Asks which applications the server knows, as names and addresses.
   *
   * @throws {HilbertError} if the call fails, whatever `errorReturnValue` says.
   */
  async listEntries(options: HilbertCallOptions = {}): Promise<HilbertIdentity[]> {
    return parseList(await this.list({ ...options, errorReturnValue: null }));
  }

  /**
   * Asks for the status of an application or, without a name, of the only one (`status`, hilbert.md
   * section 9). `parseStatus` parses the line.
   *
   * @param appId Name of an application on the machine of the caller, without its address.
   * @return One line that begins with OK, WARNING, CRITICAL or UNKNOWN.
   * @throws {HilbertError} if the call fails.
   */
  status(appId?: string, options: HilbertCallOptions = {}): Promise<string> {
    return this.#ask(appId === undefined ? "" : `0&appid=${encodeName(appId)}&`, options);
  }

  /**
   * Asks for the status of an application on any machine. A Pulsebox accepts `NAME @ ADDRESS`,
   * `NAME @ STATION`, or the name alone if it is unique; another server takes the text for a name
   * on the caller's machine.
   *
   * @param appId The application.
   * @return One line that begins with OK, WARNING, CRITICAL or UNKNOWN.
   * @throws {HilbertError} if the call fails.
   */
  statusOnHost(appId: string, options: HilbertCallOptions = {}): Promise<string> {
    return this.#ask(`0&appid=${encodeName(appId)}&scope=host&`, options);
  }

  #ask(question: string, options: HilbertCallOptions): Promise<string> {
    const path = `/status?${question}${cacheBuster()}`;
    return this.#call("GET", () => [rootOf(this.#endpoint()), path], options);
  }

  /**
   * Gets a path of the server.
   *
   * @param path Appended to the URL; sent as given except for characters that HTTP cannot carry.
   * @throws {HilbertError} if the call fails.
   */
  httpGet(path: string, options: HilbertCallOptions = {}): Promise<string> {
    return this.#call("GET", () => [this.#endpoint(), path], options);
  }

  /**
   * Posts form data to a path of the server.
   *
   * @param path Appended to the URL; sent as given except for characters that HTTP cannot carry.
   * @param data Names and values of the form.
   * @throws {HilbertError} if the call fails.
   */
  httpPost(
    path: string,
    data: Readonly<Record<string, string>>,
    options: HilbertCallOptions = {},
  ): Promise<string> {
    return this.#call("POST", () => [this.#endpoint(), path], options, data);
  }

  /**
   * Sends heartbeats automatically until it is closed, at the interval that the server asks for. It
   * continues when the server goes away and comes back; failures are only reported to `onStatus`.
   *
   * @example
   * ```ts
   * import { HilbertClient } from "@pulsebox/pulsebox";
   *
   * const client = new HilbertClient({ appId: "tetris" });
   * await using beat = client.beat({ delayMs: 5_000 });
   * console.log(`alive: ${beat.replies} heartbeats answered`); // the application runs here
   * ```
   */
  beat(options: BeatOptions): Beat {
    const beat = new Beat(this, options);
    this.#beats.add(beat);
    inBackground(beat.finished.then(() => void this.#beats.delete(beat)));
    if (this.#closing !== undefined) inBackground(beat.close());
    return beat;
  }

  /**
   * Closes the beats of this client, each with its `hb_done`, then ends pending calls: they and
   * later calls fail with the kind `aborted`. Idempotent.
   */
  close(): Promise<void> {
    return this.#closing ??= this.#end();
  }

  /** Closes the client; for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  readonly #onAbort = (): void => void inBackground(this.close());

  async #end(): Promise<void> {
    this.#options.signal?.removeEventListener("abort", this.#onAbort);
    if (this.#beats.size > 0) await Promise.all([...this.#beats].map((beat) => beat.close()));
    this.#ending.abort();
  }

  #command(
    command: "hb_init" | "hb_ping" | "hb_done",
    delayMs: number,
    method: "GET" | "POST",
    options: HilbertCallOptions,
  ): Promise<string> {
    const wish = command === "hb_done" ? "" : this.#wish;
    const place = () => commandPlace(this.#endpoint(), command, delayMs, this.appId, wish);
    const isTemplate = this.url.includes(TEMPLATE_PLACE) && command !== "hb_done";
    return isTemplate
      ? this.#call("GET", place, options)
      : this.#call(method, place, options, { appid: this.appId });
  }

  readonly #endpoint = (): HilbertEndpoint => parseHilbertUrl(this.url);

  async #call(
    method: "GET" | "POST",
    place: () => [HilbertEndpoint, string],
    options: HilbertCallOptions,
    data: Readonly<Record<string, string>> = {},
  ): Promise<string> {
    const ending = this.#ending.signal;
    const signal = options.signal ? AbortSignal.any([ending, options.signal]) : ending;
    const merged = { ...this.#options, ...options, signal };
    try {
      const [endpoint, path] = place();
      const reply = await send(endpoint, path, method, data, merged);
      this.#status.up(this.url);
      return reply;
    } catch (error) {
      const failure = toHilbertError(error);
      if (isIndecisive(failure)) this.#status.failed(failure);
      else this.#status.down(failure);
      const substitute = merged.errorReturnValue;
      if (substitute === undefined || substitute === null) throw failure;
      return String(substitute);
    }
  }
}
