/**
 * Heartbeats that are sent automatically.
 *
 * @module
 */

import { sleep } from "../../net/sleep.ts";
import { parseWait } from "../../wire/hilbert/answers.ts";
import { type HilbertError, toHilbertError } from "./error.ts";
import { Timer } from "../../net/timer.ts";
import { checkOptions } from "../../core/option_ranges.ts";
import { type StatusListener, StatusReports } from "../../net/client_status.ts";
import { tellUser } from "../../net/user_callback.ts";
import { BEAT_CHECKS } from "../option_ranges.ts";
import { inBackground } from "../../net/background.ts";

/** Options of {@linkcode Beat}. */
export interface BeatOptions {
  /**
   * The delay announced with each ping, in milliseconds, 0 or more; the interval if the server asks
   * for none.
   */
  readonly delayMs: number;
  /** If given, `hb_init` announces this delay in milliseconds, 0 or more, before the first ping. */
  readonly startMs?: number;
  /** The longest pause between two attempts while the server is away, in milliseconds; 5000. */
  readonly backoffMsMax?: number;
  /** Whether to send `hb_done` at the end; `done` by default. */
  readonly farewell?: "done" | "none";
  /** Closes the beat like {@linkcode Beat.close}. */
  readonly signal?: AbortSignal;
  /** Called with the text of each reply, such as `6000`. */
  readonly onReply?: (text: string) => void;
  /** Called with `up` when heartbeats are answered, `down` when they no longer are. */
  readonly onStatus?: StatusListener<HilbertError>;
}

/** Longest pause between two attempts while the server is away, unless set otherwise. */
export const BACKOFF_MS_MAX_DEFAULT = 5_000;
/** Shortest pause after a failure, before doubling and jitter. */
const BACKOFF_MS_MIN = 500;
/** Shortest interval, whatever the server replies. */
const PAUSE_MS_MIN = 100;
/** Longest interval, whatever the server replies. */
const PAUSE_MS_MAX = 86_400_000;
/** Share of the tolerated silence that is used; the rest is for the network. */
const PACE = 0.95;
const PACE_STEP_MS = 10;
/**
 * How long a pending heartbeat may take at the end before it is aborted, in milliseconds. If it
 * arrived after `hb_done`, the server would wait for an application that has ended.
 */
const LAST_BEAT_MS_MAX = 500;

/** What a beat needs from its client. */
export interface BeatSender {
  /** Where to send heartbeats. */
  readonly url: string;
  /** Announces the start. */
  init(delayMs: number, options: BeatCallOptions): Promise<string>;
  /** Sends a heartbeat. */
  ping(delayMs: number, options: BeatCallOptions): Promise<string>;
  /** Says goodbye. */
  done(delayMs: number, options: BeatCallOptions): Promise<string>;
}

/** How to send a heartbeat. */
export interface BeatCallOptions {
  /** Gives up when aborted. */
  readonly signal?: AbortSignal;
  /** No substitute for a missing reply: a heartbeat without a reply has failed. */
  readonly errorReturnValue: null;
}

/**
 * Sends heartbeats until it is closed; made by `HilbertClient.beat`.
 *
 * @example
 * ```ts
 * import { HilbertClient } from "@pulsebox/pulsebox";
 *
 * const client = new HilbertClient({ appId: "tetris" });
 * const beat = client.beat({ delayMs: 5_000, startMs: 30_000 });
 * await beat.close();
 * console.log(`${beat.replies} answered, ${beat.failures} failed`);
 * ```
 */
export class Beat implements AsyncDisposable {
  readonly #client: BeatSender;
  readonly #options: BeatOptions;
  readonly #status: StatusReports<HilbertError>;
  readonly #stop = new AbortController();
  readonly #giveUp = new AbortController();
  #giveUpTimer: Timer | undefined;
  /** Resolves when the beat has ended and `hb_done` was answered or given up; never rejects. */
  readonly finished: Promise<void>;
  #replies = 0;
  #failures = 0;
  #failuresInRow = 0;

  /**
   * Starts to send.
   *
   * @param client The client whose settings are used, as they are at each moment.
   * @param options What to announce, and callbacks.
   */
  constructor(client: BeatSender, options: BeatOptions) {
    checkOptions("beat", options, BEAT_CHECKS);
    this.#client = client;
    this.#options = options;
    this.#status = new StatusReports(options.onStatus);
    if (options.signal?.aborted) this.#stop.abort();
    else options.signal?.addEventListener("abort", this.#onAbort);
    this.#stop.signal.addEventListener("abort", () => {
      this.#giveUpTimer = Timer.after(LAST_BEAT_MS_MAX, () => this.#giveUp.abort());
    });
    this.finished = inBackground(this.#run());
  }

  /** Whether the last heartbeat was answered. */
  get isConnected(): boolean {
    return this.#status.isUp;
  }

  /** Number of heartbeats that were answered. */
  get replies(): number {
    return this.#replies;
  }

  /** Number of heartbeats that failed. */
  get failures(): number {
    return this.#failures;
  }

  /**
   * Whether `close()` gave up a ping that had been pending for more than 500 ms: it may still
   * arrive, even after `hb_done`.
   */
  get gaveUp(): boolean {
    return this.#giveUp.signal.aborted;
  }

  /** Ends the beat and sends `hb_done`. Idempotent; takes no longer than the client's `timeoutMs`. */
  close(): Promise<void> {
    this.#stop.abort();
    return this.finished;
  }

  /** Closes the beat; for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #run(): Promise<void> {
    const { delayMs, startMs, farewell = "done" } = this.#options;
    const { signal } = this.#stop;
    if (startMs !== undefined && !signal.aborted) {
      await this.#send((options) => this.#client.init(startMs, options));
    }
    while (!signal.aborted) {
      const sentAt = performance.now();
      const reply = await this.#send((options) => this.#client.ping(delayMs, options));
      const pauseMs = reply === undefined
        ? this.#backoffMs()
        : paceMs(reply, delayMs) - (performance.now() - sentAt);
      await sleep(Math.max(pauseMs, PAUSE_MS_MIN), signal);
    }
    this.#giveUpTimer?.stop();
    this.#options.signal?.removeEventListener("abort", this.#onAbort);
    if (farewell === "done") await this.#bidFarewell();
  }

  readonly #onAbort = (): void => this.#stop.abort();

  /** One heartbeat; `undefined` if it failed. */
  async #send(
    call: (options: { signal: AbortSignal; errorReturnValue: null }) => Promise<string>,
  ): Promise<string | undefined> {
    const { signal } = this.#giveUp;
    try {
      const reply = await call({ signal, errorReturnValue: null });
      this.#replies++;
      this.#failuresInRow = 0;
      this.#status.up(this.#client.url);
      tellUser(this.#options.onReply, reply);
      return reply;
    } catch (error) {
      if (signal.aborted) return undefined;
      this.#failures++;
      this.#failuresInRow++;
      this.#status.down(toHilbertError(error));
      return undefined;
    }
  }

  async #bidFarewell(): Promise<void> {
    try {
      tellUser(this.#options.onReply, await this.#client.done(0, { errorReturnValue: null }));
    } catch (error) {
      this.#failures++;
      this.#status.failed(toHilbertError(error));
    }
  }

  /** Doubles with each failure in a row; randomized, so that a returning server is not overrun. */
  #backoffMs(): number {
    const { backoffMsMax = BACKOFF_MS_MAX_DEFAULT } = this.#options;
    const doublings = Math.min(this.#failuresInRow - 1, 30);
    const longestMs = Math.min(BACKOFF_MS_MIN * 2 ** Math.max(0, doublings), backoffMsMax);
    return longestMs * (0.5 + Math.random() / 2);
  }
}

/**
 * How long to wait after a ping: a little less than the silence that the server tolerates. If a
 * reply tolerates less than was announced, it makes no sense, and the announced delay is the
 * interval.
 *
 * @param reply The reply to the ping.
 * @param delayMs The announced delay in milliseconds.
 */
export function paceMs(reply: string, delayMs: number): number {
  const waitMs = parseWait(reply);
  const isUsable = waitMs !== undefined && waitMs >= delayMs;
  const paceMs = isUsable ? Math.floor(waitMs * PACE / PACE_STEP_MS) * PACE_STEP_MS : delayMs;
  return Math.min(Math.max(paceMs, PAUSE_MS_MIN), PAUSE_MS_MAX);
}
