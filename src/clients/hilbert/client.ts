/**
 * Client of a Hilbert heartbeat server.
 *
 * @module
 */

import { parseList } from "../../wire/hilbert/answers.ts";
import type { HilbertIdentity } from "../../wire/hilbert/identity.ts";
import { Beat, type BeatOptions } from "./beat.ts";
import { HILBERT_TIMEOUT_MS, send } from "./send.ts";
import { HilbertError, toHilbertError } from "./error.ts";
import { cacheBuster, encodeName, failurePath, lostAfterQuery } from "./target.ts";
import {
  type HilbertEndpoint,
  type HilbertSettings,
  parseHilbertUrl,
  resolveHilbertSettings,
  rootOf,
  TEMPLATE_PLACE,
} from "./settings.ts";
import { checkOptions } from "../../core/option_ranges.ts";
import { tellUser } from "../../net/user_callback.ts";
import { HILBERT_RANGES } from "../option_ranges.ts";

/** Options of one call. */
export interface HilbertCallOptions {
  /** Ends the call early. */
  signal?: AbortSignal;
  /** Limit of the call in milliseconds, more than 0; 2000 by default. */
  timeoutMs?: number;
  /** If given, a call that fails resolves to this as text. `null` counts as not given. */
  errorReturnValue?: unknown;
}

/** Options of {@linkcode HilbertClient}: its settings, and defaults for its calls. */
export interface HilbertClientOptions extends HilbertSettings, HilbertCallOptions {
  /** Certificates (PEM) that an `https` server is trusted by, beside those of the system. */
  caCerts?: readonly string[];
  /**
   * After how much silence a Pulsebox takes the application for lost, unless its operator says otherwise:
   * a multiple of the announced time plus one second, such as `2x`, 1 to 1000, or milliseconds, 1 to 30
   * days. Other servers ignore it.
   */
  lostAfter?: string;
  /** Told of every failure, for a log. */
  onFailure?: (error: HilbertError) => void;
}

export { HILBERT_TIMEOUT_MS };

/**
 * Sends heartbeats, and asks how the senders are.
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
export class HilbertClient {
  /** Base or template URL of the server; read with each call, so that it may be assigned to. */
  url: string;
  /** Name of the application; read with each call, so that it may be assigned to. */
  appId: string;
  readonly #options: HilbertClientOptions;
  /** What follows in the query of a heartbeat, or nothing. */
  readonly #wish: string;

  /**
   * Makes a client; nothing is sent, and no URL is looked at, before the first call.
   *
   * @param options Settings, and defaults for the calls.
   * @throws {RangeError} if a number is out of range.
   */
  constructor(options: HilbertClientOptions = {}) {
    checkOptions("heartbeat client", options, HILBERT_RANGES);
    this.#wish = lostAfterQuery(options.lostAfter);
    const { url, appId } = resolveHilbertSettings(options);
    this.url = url;
    this.appId = appId;
    this.#options = options;
  }

  /**
   * Announces that the application starts.
   *
   * @param delayMs The longest time until its first ping, in milliseconds.
   * @return The longest silence that the server tolerates, as decimal digits.
   * @throws {HilbertError} if the call fails.
   */
  init(delayMs: number, options: HilbertCallOptions = {}): Promise<string> {
    return this.#command("hb_init", delayMs, "POST", options);
  }

  /**
   * Tells that the application is alive.
   *
   * @param delayMs The longest time until its next ping, in milliseconds.
   * @return The longest silence that the server tolerates, as decimal digits.
   * @throws {HilbertError} if the call fails.
   */
  ping(delayMs: number, options: HilbertCallOptions = {}): Promise<string> {
    return this.#command("hb_ping", delayMs, "GET", options);
  }

  /**
   * Tells that the application has ended as it should. May be repeated.
   *
   * @param delayMs Has no meaning; 0 by default.
   * @throws {HilbertError} if the call fails.
   */
  done(delayMs = 0, options: HilbertCallOptions = {}): Promise<string> {
    return this.#command("hb_done", delayMs, "POST", options);
  }

  /**
   * Tells that the application has failed: it is lost at once. Other servers than Pulsebox answer 400.
   *
   * @param reason Why, for people; the server cuts it after 200 characters.
   * @throws {HilbertError} if the call fails.
   */
  fail(reason: string, options: HilbertCallOptions = {}): Promise<string> {
    const path = failurePath(this.appId, reason);
    return this.#call("POST", () => [rootOf(this.#endpoint()), path], options);
  }

  /**
   * Asks which applications the server knows.
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
   * Asks how an application is, or, without a name, the only one there is.
   *
   * @param appId Name of an application on the machine of the caller, without its address.
   * @return One line that begins with OK, WARNING, CRITICAL or UNKNOWN.
   * @throws {HilbertError} if the call fails.
   */
  status(appId?: string, options: HilbertCallOptions = {}): Promise<string> {
    return this.#status(appId === undefined ? "" : `0&appid=${encodeName(appId)}&`, options);
  }

  /**
   * Asks how an application is, wherever it runs. A Pulsebox takes `NAME @ ADDRESS`, `NAME @ STATION`,
   * or the name alone if only one has it; another server takes it for a name on the caller's machine.
   *
   * @param appId Which application.
   * @return One line that begins with OK, WARNING, CRITICAL or UNKNOWN.
   * @throws {HilbertError} if the call fails.
   */
  statusOnHost(appId: string, options: HilbertCallOptions = {}): Promise<string> {
    return this.#status(`0&appid=${encodeName(appId)}&scope=host&`, options);
  }

  #status(question: string, options: HilbertCallOptions): Promise<string> {
    return this.#call(
      "GET",
      () => [rootOf(this.#endpoint()), `/status?${question}${cacheBuster()}`],
      options,
    );
  }

  /**
   * Gets a path of the server.
   *
   * @param path What follows the URL, sent as given except for characters that HTTP cannot carry.
   * @throws {HilbertError} if the call fails.
   */
  httpGet(path: string, options: HilbertCallOptions = {}): Promise<string> {
    return this.#call("GET", () => [this.#endpoint(), path], options);
  }

  /**
   * Posts form data to a path of the server.
   *
   * @param path What follows the URL, sent as given except for characters that HTTP cannot carry.
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
   * Sends heartbeats by itself until it is stopped, at the pace that the server asks for. A server
   * that is away or comes back disturbs nothing; failures are only told to `onFailure`.
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
    return new Beat(this, options);
  }

  /** The prepared way of the three commands, which a template URL replaces. */
  #command(
    command: "hb_init" | "hb_ping" | "hb_done",
    delayMs: number,
    method: "GET" | "POST",
    options: HilbertCallOptions,
  ): Promise<string> {
    const name = this.appId;
    const place = (): [HilbertEndpoint, string] => {
      if (!Number.isFinite(delayMs)) {
        throw new HilbertError("settings", `Cannot send ${command}: delay is ${delayMs}`);
      }
      const endpoint = this.#endpoint();
      if (endpoint.form === "commands") {
        const wish = command === "hb_done" ? "" : this.#wish;
        const query = `${delayMs}&appid=${encodeName(name)}${wish}&${cacheBuster()}`;
        return [endpoint, `/${command}?${query}`];
      }
      // The template has no form of its own for the end; the server of the template knows it.
      if (command === "hb_done") {
        const container = /[?&]container=([^&]*)/.exec(endpoint.path)?.[1] ?? encodeName(name);
        return [rootOf(endpoint), `/hb_done?${delayMs}&appid=${container}`];
      }
      const path = endpoint.path.replaceAll(TEMPLATE_PLACE, String(Math.ceil(delayMs))) +
        this.#wish;
      return [{ ...endpoint, path: "" }, path];
    };
    const isTemplate = this.url.includes(TEMPLATE_PLACE) && command !== "hb_done";
    return isTemplate
      ? this.#call("GET", place, options)
      : this.#call(method, place, options, { appid: name });
  }

  #endpoint(): HilbertEndpoint {
    return parseHilbertUrl(this.url);
  }

  async #call(
    method: "GET" | "POST",
    place: () => [HilbertEndpoint, string],
    options: HilbertCallOptions,
    data: Readonly<Record<string, string>> = {},
  ): Promise<string> {
    const merged = { ...this.#options, ...options };
    try {
      const [endpoint, path] = place();
      return await send(endpoint, path, method, data, merged);
    } catch (error) {
      const failure = toHilbertError(error);
      tellUser(this.#options.onFailure, failure);
      const substitute = merged.errorReturnValue;
      if (substitute === undefined || substitute === null) throw failure;
      return String(substitute);
    }
  }
}
