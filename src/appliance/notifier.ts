/**
 * Delivers notifications: one at a time to each webhook, with retries until it is delivered.
 *
 * @module
 */

import type { Logger } from "@logtape/logtape";
import { createHash, createHmac } from "node:crypto";
import { type Clock, DAY_MS, MINUTE_MS, SECOND_MS } from "../core/clock.ts";
import { NOTIFICATION_FIELD } from "../core/entrance.ts";
import type { Events } from "../core/events.ts";
import type { TellingTrial } from "../core/telling.ts";
import { Sleep } from "../net/sleep.ts";
import { sendWebhook, type WebhookOutcome } from "../net/webhook.ts";
import type { Outbox } from "../store/outbox.ts";
import { inBackground } from "../net/background.ts";
import type { Delivery } from "../store/outbox_table.ts";

/** Shortest pause between two attempts to deliver a message, in milliseconds; doubled each time. */
export const ATTEMPT_MS_MIN: number = SECOND_MS;
/** Longest pause between two attempts to deliver a message, in milliseconds. */
export const ATTEMPT_MS_MAX: number = 10 * MINUTE_MS;
/** The fraction by which the wait varies at random, in either direction. */
const JITTER = 0.25;
/** A notification that was not delivered for this long is too old, in milliseconds. */
export const DELIVERY_AGE_MS_MAX: number = DAY_MS;

/** Options of a {@linkcode Notifier}. */
export interface NotifierOptions {
  readonly webhooks: readonly string[];
  /** Signs each message; asked for each, because the secret may be replaced. */
  readonly secret: () => string | undefined;
  readonly clock: Clock;
  readonly events: Events;
  /** Listening time in milliseconds. */
  readonly now: () => number;
  readonly log: Logger;
  /** Time before the second attempt, in milliseconds; {@linkcode ATTEMPT_MS_MIN} if not given. */
  readonly attemptMsMin?: number;
}

/** The webhook's name on disk and in the log, because its URL may hold a secret. */
export function targetName(url: string): string {
  return createHash("sha256").update(url).digest("hex").slice(0, 16);
}

/** A message to send. */
type Message = Pick<Delivery, "id" | "body"> & { readonly kind: string };

/** Delivers messages from the outbox to the webhooks. */
export class Notifier implements AsyncDisposable {
  readonly #options: NotifierOptions;
  readonly #targets = new Map<string, Target>();
  /** Pending attempts to former targets. */
  readonly #ending = new Set<Promise<void>>();
  readonly #results = { delivered: 0, failed: 0, gone: 0 };
  #outbox: Outbox | undefined;

  constructor(options: NotifierOptions) {
    this.#options = options;
    this.replace(options.webhooks);
  }

  /** Replaces the webhooks; pending attempts to former ones end. */
  replace(webhooks: readonly string[]): void {
    const names = new Set(webhooks.map(targetName));
    for (const [name, target] of this.#targets) {
      if (names.has(name)) continue;
      this.#targets.delete(name);
      target.abort.abort();
      target.pause.close();
      const { running } = target;
      if (running === undefined) continue;
      this.#ending.add(running);
      inBackground(running.then(() => this.#ending.delete(running)));
    }
    for (const url of webhooks) {
      const name = targetName(url);
      if (this.#targets.has(name)) continue;
      const abort = new AbortController();
      const pause = new Sleep();
      this.#targets.set(name, { url, name, abort, pause, failures: 0, reason: undefined });
    }
  }

  /** Samples of the attempts' metrics. */
  metrics(): Readonly<Record<string, number>> {
    const entries = Object.entries(this.#results);
    return Object.fromEntries(
      entries.map(([result, count]) => [`pulsebox_notifications_total{result="${result}"}`, count]),
    );
  }

  /** Starts to deliver from an outbox. */
  attach(outbox: Outbox): void {
    this.#outbox = outbox;
    this.wake();
  }

  /** Call it when there may be something to deliver. Returns at once. */
  wake(): void {
    for (const target of this.#targets.values()) {
      if (this.#next(target) !== undefined) target.running ??= inBackground(this.#run(target));
    }
  }

  /**
   * Sends a message to every webhook at once, ahead of waiting messages. A webhook that accepts it
   * gets its waiting messages at once, too.
   */
  test(message: Message): Promise<TellingTrial[]> {
    return Promise.all([...this.#targets.values()].map(async (target): Promise<TellingTrial> => {
      const outcome = await this.#send(target, message);
      const trial = { way: "webhook", target: hostOf(target.url) } as const;
      if (outcome.result !== "delivered") return { ...trial, ok: false, detail: outcome.reason };
      this.#succeed(target);
      target.pause.wake();
      return { ...trial, ok: true, detail: `status ${outcome.status}` };
    }));
  }

  /** Aborts pending attempts; undelivered messages stay in the outbox. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.replace([]);
    await Promise.all(this.#ending);
  }

  /** One sentence about each target whose last attempt failed. */
  warnings(): string[] {
    return [...this.#targets.values()].flatMap(({ url, reason }) =>
      reason === undefined ? [] : [`Cannot notify ${hostOf(url)}: ${reason}`]
    );
  }

  async #run(target: Target): Promise<void> {
    const { signal } = target.abort;
    try {
      for (let delivery = this.#next(target); delivery; delivery = this.#next(target)) {
        if (signal.aborted) return;
        const waitMs = await this.#attempt(target, delivery);
        if (waitMs > 0 && !signal.aborted) await target.pause.sleep(waitMs);
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
      log.error("Gave up on a notification for {host} after {hours} h", {
        host,
        hours: Math.round(ageMs / (60 * MINUTE_MS)),
        kind: delivery.kind,
      });
      this.#outbox?.finish(delivery, "given-up");
      return 0;
    }
    const outcome = await this.#send(target, delivery);
    const { signal } = target.abort;
    if (signal.aborted && outcome.result === "failed") return 0;
    this.#results[outcome.result]++;
    if (outcome.result === "failed") {
      const waitMs = Math.max(this.#backOff(target.failures++), outcome.retryAfterMs ?? 0);
      const { reason } = outcome;
      // Report an outage of the endpoint once, not each attempt.
      const isNews = this.#fail(target, reason);
      if (isNews) log.warning("Cannot notify {host}, trying again: {reason}", { host, reason });
      return waitMs;
    }
    if (outcome.result === "delivered") {
      this.#outbox?.finish(delivery, "arrived");
      this.#succeed(target);
      return 0;
    }
    // It answers, but people are told nothing all the same.
    const { reason } = outcome;
    this.#outbox?.finish(delivery, "given-up");
    log.warning("{host} refused a notification for good: {reason}", { host, reason });
    this.#fail(target, `it refused a message for good, ${reason}`);
    target.failures = 0;
    return 0;
  }

  /** @return Whether this is its first failure. */
  #fail(target: Target, reason: string): boolean {
    const { events, now } = this.#options;
    const isNews = target.reason === undefined;
    target.reason = reason;
    if (isNews) events.publish({ type: "telling-failed", at: now(), way: wayOf(target), reason });
    return isNews;
  }

  #succeed(target: Target): void {
    const { events, log, now } = this.#options;
    const attempts = target.failures + 1;
    target.failures = 0;
    if (target.reason === undefined) return;
    target.reason = undefined;
    log.info("{host} accepts notifications again", { host: hostOf(target.url), attempts });
    events.publish({ type: "telling-recovered", at: now(), way: wayOf(target) });
  }

  #send({ url, abort }: Target, message: Message): Promise<WebhookOutcome> {
    return sendWebhook(url, message.body, this.#headersOf(message), abort.signal);
  }

  #headersOf({ id, kind, body }: Message): Record<string, string> {
    const headers = {
      "user-agent": "Pulsebox",
      "pulsebox-id": id,
      [NOTIFICATION_FIELD]: kind,
    };
    const secret = this.#options.secret();
    if (secret === undefined) return headers;
    // The signature covers the time, so that an eavesdropper cannot send the message again later.
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
  readonly abort: AbortController;
  /** Between attempts. */
  readonly pause: Sleep;
  /** Number of attempts that failed in a row. */
  failures: number;
  /** Why the last attempt failed, if it did. */
  reason: string | undefined;
  running?: Promise<void> | undefined;
}

/** A URL without the parts that may be secret. */
function hostOf(url: string): string {
  return URL.parse(url)?.host ?? "a webhook";
}

function wayOf({ url }: Target): string {
  return `webhook ${hostOf(url)}`;
}
