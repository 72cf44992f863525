/**
 * The sentences of verdicts in English, which programs get; the page has them in other languages.
 *
 * @module
 */

import { Phrasebook, type Saying } from "./phrase.ts";

/** The sentences of verdicts by key. */
export const VERDICT_TEXTS = {
  "verdict.problem": "Pulsebox itself needs attention: {problem}",
  "verdict.and-problem": "{parts}. Pulsebox itself needs attention: {problem}",
  "verdict.emergency": "{count} in EMERGENCY",
  "verdict.alarm": "Alarm {name}",
  "verdict.alarms": "Alarm {name} and {more} more",
  "verdict.lost": {
    one: "{count} of {total} is lost",
    other: "{count} of {total} are lost",
  },
  "verdict.late": {
    one: "{count} of {total} is late",
    other: "{count} of {total} are late",
  },
  "verdict.lost-handled": {
    one: "{count} of {total} is lost, {handled} being handled",
    other: "{count} of {total} are lost, {handled} being handled",
  },
  "verdict.late-handled": {
    one: "{count} of {total} is late, {handled} being handled",
    other: "{count} of {total} are late, {handled} being handled",
  },
  "verdict.starting": {
    one: "{count} of {total} is starting",
    other: "{count} of {total} are starting",
  },
  "verdict.maintenance": {
    one: "{count} of {total} is in maintenance",
    other: "{count} of {total} are in maintenance",
  },
  "verdict.host-maintenance": "In maintenance",
  "verdict.nobody": "Nobody has been heard yet",
  "verdict.phones": {
    one: "All is well: {count} phone is registered",
    other: "All is well: {count} phones are registered",
  },
  "verdict.well": "All is well",
  "verdict.all-alarms": "{parts}",
  "fleet.deaf": "This console does not hear the fleet",
  "fleet.nobody": "No host has been heard yet",
  "fleet.well": {
    one: "The one host is well",
    other: "All {count} hosts are well",
  },
  "fleet.of": {
    one: "Of {count} host: {parts}",
    other: "Of {count} hosts: {parts}",
  },
  "fleet.problem": {
    one: "{count} needs attention itself",
    other: "{count} need attention themselves",
  },
  "fleet.alarm": "{count} in alarm",
  "fleet.lost": "{count} lost",
  "fleet.with-lost": "{count} with somebody lost",
  "fleet.late": "{count} late",
  "fleet.with-late": "{count} with somebody late",
  "fleet.starting": "{count} starting",
  "fleet.with-starting": "{count} not complete yet",
  "fleet.maintenance": "{count} in maintenance",
  "fleet.with-maintenance": "{count} with somebody in maintenance",
} as const;

/** The key of a verdict's sentence. */
export type VerdictTextKey = keyof typeof VERDICT_TEXTS;

/** A verdict's sentence before anybody has said it in a language. */
export interface VerdictSaying extends Saying {
  readonly key: VerdictTextKey;
  readonly parts?: readonly VerdictSaying[];
}

const ENGLISH = new Phrasebook("en", VERDICT_TEXTS);

/** Says a verdict's sentence in English. */
export function verdictSentence(saying: VerdictSaying): string {
  return ENGLISH.say(saying) ?? saying.key;
}
