/**
 * Notifications according to the current settings. Their code is loaded when settings first name a
 * recipient.
 *
 * @module
 */

import type { CommandRun, TellingTrial } from "../core/telling.ts";
import { Outbox } from "../store/outbox.ts";
import type { NotificationContext, Notifications } from "./notifications.ts";
import type { TellingSettings } from "./settings.ts";

/** Notifies people according to settings that may change. */
export class Telling implements AsyncDisposable {
  /** Kept by the store. */
  readonly outbox: Outbox;
  readonly #context: NotificationContext;
  #notifications: Notifications | undefined;
  /** Whether settings were applied before: permissions may have been given back since. */
  #hasBegun = false;

  constructor(context: Omit<NotificationContext, "host" | "outbox">) {
    this.outbox = new Outbox(undefined, context);
    // Ask now: the permission to ask is given back after the start.
    this.#context = { ...context, host: hostname(), outbox: this.outbox };
  }

  /** Number of webhooks and commands. */
  get ways(): number {
    return this.#notifications?.ways ?? 0;
  }

  /** The most recent finished run of the command for lost members. */
  get lastRun(): CommandRun | undefined {
    return this.#notifications?.lastRun;
  }

  /**
   * Applies the settings from now on. What a removed setting started ends.
   *
   * @throws {Error} if one of them cannot be used; the message is one sentence.
   */
  async apply(settings: TellingSettings): Promise<void> {
    const { webhook, onLost } = settings;
    const { webhooks } = this.#context.secrets;
    const isWanted = webhook.length > 0 || webhooks.length > 0 || onLost !== undefined;
    const mayRun = !this.#hasBegun || canRun();
    this.#hasBegun = true;
    if (this.#notifications === undefined && !isWanted) return;
    const module = await import("./notifications.ts");
    this.#notifications ??= new module.Notifications(this.#context);
    this.#notifications.apply(settings, mayRun);
  }

  /** Sends a test message to every recipient, and returns the result of each. */
  async test(): Promise<readonly TellingTrial[]> {
    return await this.#notifications?.test() ?? [];
  }

  /** Samples of the metrics. */
  metrics(): Readonly<Record<string, number>> {
    return this.#notifications?.metrics() ?? {};
  }

  /** One sentence about each webhook or command that fails now. */
  warnings(): string[] {
    return this.#notifications?.warnings() ?? [];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#notifications?.[Symbol.asyncDispose]();
  }
}

/** This machine's own name; the permission to ask may be missing. */
function hostname(): string {
  try {
    return Deno.hostname();
  } catch {
    return "pulsebox";
  }
}

/** A permission that was given back after the start cannot be regained. */
function canRun(): boolean {
  return Deno.permissions.querySync({ name: "run", command: "/bin/sh" }).state === "granted";
}
