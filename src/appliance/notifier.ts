/**
 * Delivers notifications: one at a time to each webhook, again and again until it has arrived.
 *
 * @module
 */

import type { Logger } from "@logtape/logtape";
import { createHash, createHmac } from "node:crypto";
import { type Clock, DAY_MS, MINUTE_MS, SECOND_MS } from "../core/clock.ts";
import { sendWebhook } from "../net/webhook.ts";
import type { Delivery, Outbox } from "../store/outbox.ts";
import { Timer } from "../net/timer.ts";

/** Time between attempts, in milliseconds: from, and doubling up to. */
export const ATTEMPT_MS_MIN: number = SECOND_MS;
export const ATTEMPT_MS_MAX: number = 10 * MINUTE_MS;
/** Share by which that time varies at random, in either direction. */
const JITTER = 0.25;
/** A notification that did not arrive for so long is news no more, in milliseconds. */
export const DELIVERY_AGE_MS_MAX: number = DAY_MS;

/** Options of a {@linkcode Notifier}. */
export interface NotifierOptions {
  readonly webhooks: readonly string[];
  /** Signs each message; asked each time, because it may be replaced. */
  readonly secret: () => string | undefined;
  readonly clock: Clock;
  /** Listening time in milliseconds. */
  readonly now: () => number;
  readonly log: Logger;
  /** Time before the second attempt, in milliseconds; {@linkcode ATTEMPT_MS_MIN} if not given. */
  readonly attemptMsMin?: number;
}

/** What a webhook is called on disk and in the log: its URL may hold a secret. */
export function targetName(url: string): string {
  return createHash("sha256").update(url).digest("hex").slice(0, 16);
}

/** Carries deliveries from the outbox to the webhooks. */
export class Notifier implements AsyncDisposable {
  readonly #options: NotifierOptions;
  readonly #targets: readonly Target[];
  readonly #abort = new AbortController();
  readonly #results = { delivered: 0, failed: 0, gone: 0 };
  #outbox: Outbox | undefined;

  constructor(options: NotifierOptions) {
    this.#options = options;
    this.#targets = options.webhooks.map((url) => ({
      url,
      name: targetName(url),
      failures: 0,
      reason: "",
    }));
  }

  /** Samples of the metrics about attempts. */
  metrics(): Readonly<Record<string, number>> {
    const entries = Object.entries(this.#results);
    return Object.fromEntries(
      entries.map(([result, count]) => [`pulsebox_notifications_total{result="${result}"}`, count]),
    );
  }

  /** Begins to deliver what is in an outbox. */
  attach(outbox: Outbox): void {
    this.#outbox = outbox;
    this.wake();
  }

  /** To be called when there may be something to deliver. Returns at once. */
  wake(): void {
    for (const target of this.#targets) {
      if (this.#next(target) !== undefined) target.running ??= this.#run(target);
    }
  }

  /** Ends the attempts under way; what has not arrived stays in the outbox. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#abort.abort();
    for (const { wake } of this.#targets) wake?.();
    await Promise.all(this.#targets.map(({ running }) => running));
  }

  /** One sentence about each target whose last attempt failed. */
  warnings(): string[] {
    return this.#targets.flatMap(({ url, failures, reason }) =>
      failures === 0 ? [] : [`Cannot notify ${hostOf(url)}: ${reason}`]
    );
  }

  async #run(target: Target): Promise<void> {
    const { signal } = this.#abort;
    try {
      for (let delivery = this.#next(target); delivery; delivery = this.#next(target)) {
        if (signal.aborted) return;
        const waitMs = await this.#attempt(target, delivery);
        if (waitMs > 0 && !signal.aborted) await pause(target, waitMs);
      }
    } catch (error) {
      this.#options.log.error("Notifications failed: {error}", { error });
    } finally {
      target.running = undefined;
    }
  }

  #next({ name }: Target): Delivery | undefined {
    return this.#outbox?.next(name);
  }

  /** @return How long to wait before the next attempt, in milliseconds. */
  async #attempt(target: Target, delivery: Delivery): Promise<number> {
    const { log, now } = this.#options;
    const host = hostOf(target.url);
    const ageMs = now() - delivery.createdAt;
    if (ageMs > DELIVERY_AGE_MS_MAX) {
      log.error("Gave up a notification for {host} after {hours} h", {
        host,
        hours: Math.round(ageMs / (60 * MINUTE_MS)),
        kind: delivery.kind,
      });
      this.#outbox?.finish(delivery, "given-up");
      return 0;
    }
    const headers = this.#headersOf(delivery);
    const outcome = await sendWebhook(target.url, delivery.body, headers, this.#abort.signal);
    if (this.#abort.signal.aborted && outcome.result === "failed") return 0;
    this.#results[outcome.result]++;
    if (outcome.result === "failed") {
      const waitMs = Math.max(this.#backOff(target.failures++), outcome.retryAfterMs ?? 0);
      target.reason = outcome.reason;
      // Once an outage of the endpoint, not each attempt.
      if (target.failures === 1) {
        log.warning("Cannot notify {host}, trying again: {reason}", {
          host,
          reason: outcome.reason,
        });
      }
      return waitMs;
    }
    if (target.failures > 0) {
      log.info("{host} takes notifications again", { host, attempts: target.failures + 1 });
    }
    target.failures = 0;
    this.#outbox?.finish(delivery, outcome.result === "gone" ? "given-up" : "arrived");
    if (outcome.result === "gone") log.warning("{host} wants no such notification", { host });
    return 0;
  }

  #headersOf({ id, kind, body }: Delivery): Record<string, string> {
    const headers = {
      "user-agent": "Pulsebox",
      "pulsebox-id": id,
      "pulsebox-event": kind,
    };
    const secret = this.#options.secret();
    if (secret === undefined) return headers;
    // With the time in it, so that who has listened cannot send it again later.
    const time = Math.floor(this.#options.clock.wall() / 1_000);
    const mac = createHmac("sha256", secret).update(`${time}.${body}`).digest("hex");
    return { ...headers, "pulsebox-signature": `t=${time},v1=${mac}` };
  }

  #backOff(failures: number): number {
    const first = this.#options.attemptMsMin ?? ATTEMPT_MS_MIN;
    const ms = Math.min(ATTEMPT_MS_MAX, first * 2 ** Math.min(failures, 30));
    return ms * (1 + JITTER * (2 * Math.random() - 1));
  }
}

interface Target {
  readonly url: string;
  readonly name: string;
  /** Attempts that failed in a row. */
  failures: number;
  /** Why the last of them did. */
  reason: string;
  running?: Promise<void> | undefined;
  /** Ends a pause between attempts. */
  wake?: (() => void) | undefined;
}

function pause(target: Target, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      timer.stop();
      target.wake = undefined;
      resolve();
    };
    const timer = Timer.after(ms, done);
    target.wake = done;
  });
}

/** A URL without what may be secret in it. */
function hostOf(url: string): string {
  return URL.parse(url)?.host ?? "a webhook";
}
