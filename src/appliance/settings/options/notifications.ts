/**
 * Settings of the reactions to lost members.
 *
 * @module
 */

import { DAY_MS, MINUTE_MS } from "../../../core/clock.ts";
import type { OptionTable } from "../option.ts";
import {
  boundedTextType,
  choiceType,
  countType,
  durationType,
  listType,
  pathType,
} from "../value_types.ts";
import { WEBHOOKS_MAX } from "../../../wire/url/webhook.ts";
import { webhookUrlType } from "../network_types.ts";

/** The shortest time between reminders: more of them would be a flood. */
const REMINDER_MS_MIN: number = MINUTE_MS;
/** The longest time of `--webhook-reminder`, in milliseconds. */
const REMINDER_MS_MAX: number = 7 * DAY_MS;
/** Characters of the command of `--on-lost`. */
const COMMAND_LENGTH_MAX = 4_096;
/** The largest number of `--flap-outages`. */
const OUTAGES_MAX = 1_000;

/** The kinds of notifications. */
const KINDS = ["lost", "recovered", "late", "flapping", "reminder", "alarm"] as const;

/** `--webhook*`, `--on-lost` and `--flap-outages`. */
export const NOTIFICATION_OPTIONS = {
  webhook: {
    flag: "webhook",
    argument: "URL",
    many: true,
    group: "Notifications",
    secret: true,
    readAgain: "setting",
    schema: listType(webhookUrlType, WEBHOOKS_MAX),
    default: [],
    help: "Send notifications to this URL as JSON; repeat it",
  },
  webhookFile: {
    flag: "webhook-file",
    argument: "FILE",
    completes: "file",
    group: "Notifications",
    path: "file",
    readAgain: "setting",
    schema: pathType,
    default: undefined,
    help: "Send notifications to the URLs in this file, one a line, which keeps them secret",
  },
  webhookSecretFile: {
    flag: "webhook-secret-file",
    argument: "FILE",
    completes: "file",
    group: "Notifications",
    path: "file",
    readAgain: "setting",
    schema: pathType,
    default: undefined,
    help: "Sign notifications with the secret in this file (HMAC-SHA256)",
  },
  webhookEvent: {
    flag: "webhook-event",
    argument: "KIND",
    many: true,
    group: "Notifications",
    readAgain: "setting",
    schema: listType(choiceType(KINDS), KINDS.length),
    default: ["lost", "recovered", "flapping", "reminder", "alarm"],
    help: `Kinds of notifications to send, of ${KINDS.join(", ")}; repeat it`,
  },
  webhookReminderMs: {
    flag: "webhook-reminder",
    argument: "DURATION",
    group: "Notifications",
    readAgain: "setting",
    schema: durationType(REMINDER_MS_MIN, REMINDER_MS_MAX),
    default: "4h",
    help: "Send a reminder of members that are still lost after this time",
  },
  onLost: {
    flag: "on-lost",
    argument: "COMMAND",
    secret: true,
    group: "Notifications",
    readAgain: "setting",
    schema: boundedTextType("must be a command of the shell", COMMAND_LENGTH_MAX),
    default: undefined,
    help:
      "Run this shell command for each lost member, with its name in PULSEBOX_NAME; a restart forgets runs that wait",
  },
  flapOutages: {
    flag: "flap-outages",
    argument: "COUNT",
    group: "Notifications",
    schema: countType(2, OUTAGES_MAX),
    default: 5,
    help: "Outages within an hour that make a member count as flapping, which mutes it",
  },
} as const satisfies OptionTable;
