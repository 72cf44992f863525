/**
 * The options of a heartbeat role.
 *
 * @module
 */

import { DAY_MS, MINUTE_MS, SECOND_MS } from "../../core/clock.ts";
import type { LostAfter } from "../../core/lost_after.ts";
import type { Nameable } from "../../core/member_names.ts";
import type { RosterRules } from "../../core/roster.ts";
import { GONE_RATIO, LATE_RATIO, LOST_RATIO } from "../../wire/hilbert/replies.ts";
import { type HilbertIdentity, isValidName, parseIdentity } from "../../wire/hilbert/identity.ts";

/** How the role treats its applications. Everything has a default. */
export interface HeartbeatOptions {
  /** How long an application may take to start, in milliseconds, more than 0; 15 000. */
  graceMs?: number;
  /**
   * `announced` (default): the tolerated silence is the announced delay plus one second. `learned`:
   * it grows with the jitter of each application, and the replies say so.
   */
  waiting?: "announced" | "learned";
  /** The most that learning adds to an announced delay, in milliseconds, at least 1000; 60 000. */
  learnedMarginMsMax?: number;
  /** Unit of the delays in requests and replies; `seconds` is for clients of 2017 and before. */
  unit?: "milliseconds" | "seconds";
  /** Expected applications: if one is never heard, that is noticed when its grace period ends. */
  expected?: readonly HilbertIdentity[];
  /** The operator's names for the hosts at some addresses; may change while the role runs. */
  stations?: ReadonlyMap<string, string>;
}

/** What the operator chose. */
export interface LostAfterChoice {
  /** For one application, overriding what it announces. */
  of(application: Nameable): LostAfter | undefined;
  /** For all applications that announce nothing. */
  readonly all: LostAfter | undefined;
}

/** Limits on the applications that are remembered. */
export interface HeartbeatLimits {
  /** The most applications, including gone ones; 10 000. */
  applicationsMax?: number;
  /** The most applications of one address; 5000. */
  applicationsPerAddressMax?: number;
  /** How long a gone application is remembered, in milliseconds; 7 days. */
  rememberGoneMs?: number;
  /** The silence after which an application is lost; if not given, what it announces, or 5 W. */
  lostAfter?: LostAfterChoice;
}

/** Default of {@linkcode HeartbeatOptions.graceMs}. */
export const GRACE_MS_DEFAULT: number = 15 * SECOND_MS;
/** Default of {@linkcode HeartbeatOptions.learnedMarginMsMax}. */
export const LEARNED_MARGIN_MS_MAX_DEFAULT: number = MINUTE_MS;
/** Default of {@linkcode HeartbeatLimits.applicationsMax}. */
export const APPLICATIONS_MAX_DEFAULT = 10_000;
/** Default of {@linkcode HeartbeatLimits.applicationsPerAddressMax}. */
export const APPLICATIONS_PER_ADDRESS_MAX_DEFAULT = 5_000;
/** Default of {@linkcode HeartbeatLimits.rememberGoneMs}. */
export const REMEMBER_GONE_MS_DEFAULT: number = 7 * DAY_MS;

/** The rules of the roster of Hilbert applications. */
export function heartbeatRules(limits: HeartbeatLimits = {}): RosterRules {
  return {
    protocol: "hilbert",
    limits: { missed: 1, late: LATE_RATIO, lost: LOST_RATIO, gone: GONE_RATIO },
    membersMax: limits.applicationsMax ?? APPLICATIONS_MAX_DEFAULT,
    membersPerAddressMax: limits.applicationsPerAddressMax ?? APPLICATIONS_PER_ADDRESS_MAX_DEFAULT,
    rememberGoneMs: limits.rememberGoneMs ?? REMEMBER_GONE_MS_DEFAULT,
    parseId: parseApplicationId,
    lostAfterOf: (member) =>
      limits.lostAfter?.of(member) ?? member.lostAfter ?? limits.lostAfter?.all,
  };
}

function parseApplicationId(id: string): { id: string; name: string; address: string } | undefined {
  const identity = parseIdentity(id);
  if (identity === undefined || !isValidName(identity.name)) return undefined;
  return { id, ...identity };
}
