/**
 * What is told and done when somebody is lost.
 *
 * @module
 */

import type { Logger } from "@logtape/logtape";
import type { Clock } from "../core/clock.ts";
import type { Events } from "../core/events.ts";
import type { Members } from "../core/members.ts";
import type { MemberRef } from "../core/member.ts";
import { nameOf, type NoticeKind } from "../core/notices.ts";
import { Outbox } from "../store/outbox.ts";
import type { FlapWatch } from "./flap_watch.ts";
import { LostAction } from "./lost_action.ts";
import type { LostMember, Need } from "./lost_runs.ts";
import { composeNotification } from "./notification_text.ts";
import { Notifier, targetName } from "./notifier.ts";
import type { Secrets } from "./secrets.ts";
import type { NotificationSettings } from "./settings.ts";

/** What it takes. */
export interface NotificationContext {
  readonly clock: Clock;
  readonly events: Events;
  readonly flaps: FlapWatch;
  readonly log: Logger;
  readonly members: Members;
  /** Listening time in milliseconds. */
  readonly now: () => number;
  readonly secrets: Secrets;
  readonly stations: ReadonlyMap<string, string>;
}

/** What runs. */
export interface Notifications extends AsyncDisposable {
  /** For the store to keep; `undefined` if there is nobody to notify. */
  readonly outbox: Outbox | undefined;
  metrics(): Readonly<Record<string, number>>;
  /** One sentence about each way of telling that fails now. */
  warnings(): string[];
}

/** Starts what the settings turn on; costs nothing if that is nothing. */
export function startNotifications(
  settings: NotificationSettings,
  context: NotificationContext,
): Notifications {
  const { clock, events, flaps, now, secrets, stations } = context;
  const log = context.log.getChild("notifications");
  const isFlapping = (id: string) => flaps.isFlapping(id);
  const action = settings.onLost === undefined ? undefined : new LostAction({
    command: settings.onLost,
    events,
    log,
    needOf: (member) => needOf(member, context),
    lostNow: () => lostNow(context),
    now,
    stations,
  });
  const webhooks = [...new Set(settings.webhook)];
  const text = { host: hostname(), stations, wallOf: (at: number) => clock.wall() - now() + at };
  const notifier = webhooks.length === 0
    ? undefined
    : new Notifier({ webhooks, secret: () => secrets.webhookSecret, clock, now, log });
  const outbox = notifier === undefined ? undefined : new Outbox({
    targets: webhooks.map(targetName),
    kinds: kindsOf(settings.webhookEvent),
    reminderMs: settings.webhookReminderMs,
    isFlapping,
    newId: () => crypto.randomUUID(),
    compose: (id, kind, notices) => composeNotification(text, id, kind, notices),
    onReady: () => notifier.wake(),
  }, context);
  if (outbox !== undefined) notifier?.attach(outbox);
  return {
    outbox,
    warnings: () => [...notifier?.warnings() ?? [], ...action?.warnings() ?? []],
    metrics: () => ({ ...outbox?.metrics(), ...notifier?.metrics(), ...action?.metrics() }),
    async [Symbol.asyncDispose]() {
      await Promise.all([notifier?.[Symbol.asyncDispose](), action?.[Symbol.asyncDispose]()]);
    },
  };
}

function needOf(ref: MemberRef, { members, flaps }: NotificationContext): Need {
  const member = members.roster(ref.protocol)?.get(ref.id);
  if (member?.state !== "lost" && member?.state !== "gone") return "none";
  const isLater = members.pause !== undefined || member.pause !== undefined ||
    flaps.isFlapping(nameOf(ref));
  return isLater ? "later" : "run";
}

function* lostNow({ members, now }: NotificationContext): Iterable<LostMember> {
  for (const roster of members.rosters()) {
    for (const member of roster.values()) {
      if (member.state !== "lost") continue;
      yield { member: roster.ref(member), silentMs: now() - member.heardAt };
    }
  }
}

/** Whoever wants to know that an outage is over wants to know it however it ended. */
function kindsOf(chosen: readonly NoticeKind[]): ReadonlySet<NoticeKind> {
  return new Set(chosen.includes("recovered") ? [...chosen, "ended"] : chosen);
}

/** What this machine calls itself; the permission to ask may be missing. */
function hostname(): string {
  try {
    return Deno.hostname();
  } catch {
    return "pulsebox";
  }
}
