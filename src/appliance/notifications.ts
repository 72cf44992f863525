/**
 * Notifies people and runs the command when a member is lost.
 *
 * @module
 */

import type { Logger } from "@logtape/logtape";
import type { Clock } from "../core/clock.ts";
import type { Events } from "../core/events.ts";
import type { Members } from "../core/members.ts";
import type { MemberRef } from "../core/member.ts";
import { nameOf, type NoticeKind } from "../core/notices.ts";
import type { CommandRun, TellingTrial } from "../core/telling.ts";
import type { Outbox } from "../store/outbox.ts";
import type { OutboxOptions } from "../store/outbox.ts";
import type { FlapWatch } from "./flap_watch.ts";
import type { FleetVoice } from "./fleet_voice.ts";
import { LostAction } from "./lost_action.ts";
import type { LostMember, Need } from "./lost_runs.ts";
import { composeNotification, composeTest } from "./notification_text.ts";
import { Notifier, targetName } from "./notifier.ts";
import type { Secrets } from "./secrets.ts";
import type { TellingSettings } from "./settings.ts";
import { inBackground } from "../net/background.ts";

/** What notifications need. */
export interface NotificationContext {
  readonly clock: Clock;
  readonly events: Events;
  readonly flaps: FlapWatch;
  /** Decides who notifies people of a fleet's hosts. */
  readonly voice: FleetVoice;
  /** This machine's own name. */
  readonly host: string;
  readonly log: Logger;
  readonly members: Members;
  /** Listening time in milliseconds. */
  readonly now: () => number;
  readonly outbox: Outbox;
  readonly secrets: Secrets;
  readonly stations: ReadonlyMap<string, string>;
}

/** The webhooks and the command from the current settings. */
export class Notifications implements AsyncDisposable {
  readonly #context: NotificationContext;
  readonly #log: Logger;
  readonly #notifier: Notifier;
  #webhooks: readonly string[] = [];
  #action: LostAction | undefined;
  /** Commands of earlier settings that have not ended yet. */
  readonly #ending = new Set<Promise<void>>();
  /** A running test; whoever asks meanwhile shares it. */
  #trial: Promise<TellingTrial[]> | undefined;

  constructor(context: NotificationContext) {
    const { clock, events, log, now, outbox, secrets } = context;
    this.#context = context;
    this.#log = log.getChild("notifications");
    const secret = () => secrets.webhookSecret;
    this.#notifier = new Notifier({ webhooks: [], secret, clock, events, now, log: this.#log });
    this.#notifier.attach(outbox);
  }

  /** Number of webhooks and commands. */
  get ways(): number {
    return this.#webhooks.length + (this.#action === undefined ? 0 : 1);
  }

  /** The most recently finished run of the command. */
  get lastRun(): CommandRun | undefined {
    return this.#action?.lastRun;
  }

  /**
   * Applies the settings from now on.
   *
   * @param mayRun Whether programs may be run.
   * @throws {Error} if a command is new and must not be run; the message is one sentence.
   */
  apply(settings: TellingSettings, mayRun: boolean): void {
    const { outbox, secrets } = this.#context;
    this.#webhooks = [...new Set([...settings.webhook, ...secrets.webhooks])];
    this.#notifier.replace(this.#webhooks);
    outbox.direct(this.#webhooks.length === 0 ? undefined : this.#directions(settings));
    this.#notifier.wake();
    this.#applyCommand(settings.onLost, mayRun);
  }

  /** Sends a test message to every recipient, and returns the result of each. */
  test(): Promise<TellingTrial[]> {
    return this.#trial ??= this.#test().finally(() => this.#trial = undefined);
  }

  /** Samples of the metrics. */
  metrics(): Readonly<Record<string, number>> {
    const { outbox } = this.#context;
    return {
      ...(this.#webhooks.length === 0 ? {} : { ...outbox.metrics(), ...this.#notifier.metrics() }),
      ...this.#action?.metrics(),
    };
  }

  /** One sentence about each webhook or command that fails now. */
  warnings(): string[] {
    return [...this.#notifier.warnings(), ...this.#action?.warnings() ?? []];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([
      this.#notifier[Symbol.asyncDispose](),
      this.#action?.[Symbol.asyncDispose](),
      ...this.#ending,
    ]);
  }

  async #test(): Promise<TellingTrial[]> {
    const { clock, host } = this.#context;
    const id = crypto.randomUUID();
    const body = composeTest({ host, wallMs: clock.wall() }, id);
    const [webhooks, command] = await Promise.all([
      this.#notifier.test({ id, kind: "test", body }),
      this.#action?.test(),
    ]);
    const trials = [...webhooks, ...command === undefined ? [] : [command]];
    for (const { way, target, ok, detail } of trials) {
      const line = "Test of {way} {target}: {detail}";
      if (ok) this.#log.info(line, { way, target, detail });
      else this.#log.warning(line, { way, target, detail });
    }
    return trials;
  }

  #directions(settings: TellingSettings): OutboxOptions {
    const { clock, flaps, host, now, stations, voice } = this.#context;
    const text = { host, stations, wallOf: (at: number) => clock.wall() - now() + at };
    return {
      targets: this.#webhooks.map(targetName),
      kinds: kindsOf(settings.webhookEvent),
      reminderMs: settings.webhookReminderMs,
      isFlapping: (id) => flaps.isFlapping(id),
      isOthers: (member) => voice.isOthers(member),
      isHandedOn: (notice) => voice.handOn(notice),
      newId: () => crypto.randomUUID(),
      compose: (id, kind, notices) => composeNotification(text, id, kind, notices),
      onReady: () => this.#notifier.wake(),
    };
  }

  #applyCommand(command: string | undefined, mayRun: boolean): void {
    if (command !== undefined && this.#action !== undefined) {
      this.#action.replace(command);
      return;
    }
    if (command !== undefined) {
      if (!mayRun) {
        throw new Error(
          "--on-lost takes effect at the next start: a host without it gives up the right to run programs",
        );
      }
      this.#action = this.#startAction(command);
      return;
    }
    const end = this.#action?.[Symbol.asyncDispose]();
    this.#action = undefined;
    if (end === undefined) return;
    this.#ending.add(end);
    inBackground(end.then(() => this.#ending.delete(end)));
  }

  #startAction(command: string): LostAction {
    const { clock, events, now, stations } = this.#context;
    const beganAt = now();
    return new LostAction({
      command,
      events,
      log: this.#log,
      needOf: (member) => needOf(member, this.#context),
      lostNow: () => lostNow(this.#context, beganAt),
      now,
      wall: () => clock.wall(),
      stations,
    });
  }
}

function needOf(ref: MemberRef, { members, flaps, voice }: NotificationContext): Need {
  const isOurs = voice.tells(ref);
  if (isOurs === false) return "none";
  const member = members.roster(ref.protocol)?.get(ref.id);
  if (member?.state !== "lost" && member?.state !== "gone") return "none";
  const isLater = members.pause !== undefined || member.pause !== undefined ||
    flaps.isFlapping(nameOf(ref));
  if (isLater) return "later";
  return isOurs === undefined ? "soon" : "run";
}

/** All lost members, and gone ones that people want to hear about. */
function* lostNow(
  { members, now }: NotificationContext,
  beganAt: number,
): Iterable<LostMember> {
  for (const roster of members.rosters()) {
    for (const member of roster.values()) {
      const { state, since } = member;
      if (state !== "lost" && !(state === "gone" && since >= beganAt)) continue;
      yield { member: roster.ref(member), silentMs: now() - member.heardAt };
    }
  }
}

/** Whoever wants to know that an outage is over wants to know it however it ended. */
function kindsOf(chosen: readonly NoticeKind[]): ReadonlySet<NoticeKind> {
  return new Set(chosen.includes("recovered") ? [...chosen, "ended"] : chosen);
}
