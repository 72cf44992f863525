/**
 * What the console may ask of its appliance.
 *
 * @module
 */

import type { Clock } from "../core/clock.ts";
import type { Events } from "../core/events.ts";
import type { MemberTags } from "../core/member_tags.ts";
import type { Members } from "../core/members.ts";
import type { CommandRun, TellingTrial } from "../core/telling.ts";
import type { History } from "../store/history.ts";
import type { Uptime } from "../store/uptime.ts";
import type { Flaps, Stations, ViewContext } from "./member_view.ts";
import type { Panels } from "./panels.ts";

/** A role, as the console sees it. */
export interface HostRole {
  readonly name: string;
  readonly addresses: readonly string[];
  /** One sentence about the problem, or `undefined` if the role is healthy. */
  selfCheck(now: number): string | undefined;
  /** Samples by name and labels, as metrics name them. */
  metrics(): Readonly<Record<string, number>>;
}

/** Both clocks of a host at this moment, and its operator's names for addresses. */
export function viewContext(host: Host): ViewContext {
  const { clock, stations, tags, flaps, uptime } = host;
  return { now: host.now(), wall: clock.wall(), stations, tags, flaps, uptime };
}

/** Notifies people of lost members. */
export interface HostTelling {
  /** Number of webhooks and commands. */
  readonly ways: number;
  /** The most recent finished run of the command for lost members. */
  readonly lastRun: CommandRun | undefined;
  /** Sends a test message to every recipient, and returns the result of each. */
  test(): Promise<readonly TellingTrial[]>;
}

/** The history, newest entry first. */
export type HostHistory = Pick<History, "query">;

/** The uptime of each member. */
export type HostUptime = Pick<Uptime, "query" | "lastDay" | "total" | "ofAll">;

/** The appliance, as its console sees it. */
export interface Host {
  readonly members: Members;
  readonly roles: readonly HostRole[];
  readonly clock: Clock;
  /**
   * The operator's names for the hosts at these addresses; a fleet's host without one is where its
   * label says.
   */
  readonly stations: Stations;
  /** The operator's tags of members. */
  readonly tags: Pick<MemberTags, "of" | "configured" | "given" | "give">;
  readonly events: Events;
  readonly history: HostHistory;
  readonly uptime: HostUptime;
  readonly panels: Panels;
  readonly flaps: Flaps;
  readonly telling: HostTelling;
  /** Listening time in milliseconds. */
  now(): number;
  /** Call it after a change that may have moved a member's deadline. */
  wake(): void;
  /** Samples of metrics that belong to no role. */
  metrics(): Readonly<Record<string, number>>;
  /** One sentence for each role that does not do its job; empty while all do. */
  problems(): string[];
  /** One sentence for each problem that an operator should repair but that stops no role. */
  warnings(): string[];
  /** Warnings that persist, even across restarts, until an operator confirms them. */
  unconfirmed(): string[];
  /** Confirms these warnings on behalf of an operator. */
  confirmWarnings(): void;
}
