/**
 * The interface between the console and single roles, apart from their members.
 *
 * Each role with something to show or operate gives the console a panel; the console itself knows
 * no role.
 *
 * @module
 */

import type { ClientState } from "../core/client_state.ts";
import type { MemberState } from "../core/member.ts";
import type { Condition, ConditionCounts, VerdictWord } from "../core/verdict.ts";
import type { VerdictSaying } from "../core/verdict_texts.ts";

/** A game client, as the console shows it. */
export interface GameClient {
  readonly id: string;
  /** The state that the server has set. */
  readonly state: ClientState;
  /** The state that the client believes. */
  readonly reportedState: ClientState;
  readonly address: string;
  readonly silentMs: number;
  /** Whether it was told to show its emergency screen. */
  readonly emergency: boolean;
  /** When it was last told so, ISO 8601; null while there is no emergency. */
  readonly emergencySince: string | null;
  /** Number of subscribers that the order was sent to; with 0, the client did not get it. */
  readonly emergencyReceivers: number | null;
}

/** What an operator may do to a game client. */
export const GAME_ACTIONS = ["start", "lobby", "emergency", "calibrate"] as const;

/** One of {@linkcode GAME_ACTIONS}. */
export type GameAction = typeof GAME_ACTIONS[number];

/** Game clients and the operator's buttons. */
export interface GamePanel {
  /** All clients. */
  clients(): GameClient[];
  /** Applies an operator's action; `illegal` if the client's current state forbids it. */
  act(id: string, action: GameAction): "done" | "unknown" | "illegal";
  /** Forces a state. */
  force(id: string, state: ClientState): "done" | "unknown";
}

/** How many phones are woken, and how regularly. */
export interface TriggerFigures {
  readonly clients: number;
  readonly addresses: number;
  /** The phone that registered last; absent if it has gone since. */
  readonly newest: { readonly address: string; readonly registeredMs: number } | null;
  readonly pings: number;
  readonly sendErrors: number;
  readonly skippedTurns: number;
  /** Cumulative histogram of how late turns began, in seconds; the last bound includes all. */
  readonly lateness: readonly { readonly seconds: number | null; readonly turns: number }[];
}

/** A phone that is woken. */
export interface Phone {
  readonly address: string;
  readonly port: number;
  /** How long it has been registered, in milliseconds; precise to the second. */
  readonly registeredMs: number;
  /** When its registration ends unless it is heard again, in milliseconds from now. */
  readonly leftMs: number;
}

/** Selects phones. */
export interface PhoneQuery {
  /** Only phones at this address. */
  readonly address?: string | undefined;
  readonly offset: number;
  readonly limit: number;
}

/** Trigger clients: counts and cadence, and each client. */
export interface TriggerPanel {
  figures(): TriggerFigures;
  /** A page of the phones, and the number of all that match the query. */
  phones(query: PhoneQuery): { readonly phones: readonly Phone[]; readonly total: number };
}

/** The phones, summed up for one line among the members; null without the role. */
export function phonesOf({ trigger }: Panels): PhonesSummary | null {
  if (trigger === undefined) return null;
  const { clients: count, newest } = trigger.figures();
  return { count, newest };
}

/** The number of woken phones, and the most recent ones. */
export interface PhonesSummary {
  readonly count: number;
  readonly newest: TriggerFigures["newest"];
}

/** The curves that a controller may deliver; which ones depends on its version. */
export const WAVES = ["pressure", "flow", "volume"] as const;

/** The name of a curve. */
export type Wave = typeof WAVES[number];

/** One sample of all curves. */
export interface WaveSample {
  /**
   * Milliseconds on the controller's own clock, or listening time if it sends no timestamps. The
   * clock may restart.
   */
  readonly at: number;
  readonly values: Readonly<Partial<Record<Wave, number>>>;
  /** The unit of each value; null for raw counts. */
  readonly units: Readonly<Partial<Record<Wave, string | null>>>;
}

/** A listed alarm. */
export interface StandingAlarm {
  readonly name: string;
  /** `PRIORITY_LOW`, `PRIORITY_MEDIUM` or `PRIORITY_HIGH`. */
  readonly priority: string;
  /** When it was last raised, ISO 8601; null if that was before Pulsebox started. */
  readonly raisedAt: string | null;
  /** The same in milliseconds on the controller's own clock; null if it sends no timestamps. */
  readonly stampMs: number | null;
  /** How often it was raised since it was listed; 0 if that was before Pulsebox started. */
  readonly count: number;
}

/** An instrument's curves and alarms. */
export interface HevPanel {
  /** The listed alarms, in order of first arrival. */
  alarms(): StandingAlarm[];
  /** Removes an alarm from the list; false if it is not listed. */
  acknowledge(name: string): boolean;
  /** Calls the listener with each sample until disposed of. The listener must return at once. */
  listen(listener: (sample: WaveSample) => void): Disposable;
}

/** A member of another host, as that host last reported it. */
export interface FleetMember {
  /** `PROTOCOL/IDENTITY`. */
  readonly id: string;
  readonly name: string;
  readonly station: string | null;
  /** `unknown` while its host is not heard. */
  readonly state: Condition;
  /** How long it has been in this state, in milliseconds. */
  readonly forMs: number;
  /** Its last reported state; only if its host is silent. */
  readonly lastState?: Condition;
  /** Since when its state is unknown, ISO 8601; only if its host is silent. */
  readonly unknownSince?: string;
}

/** A host of the fleet. */
export interface FleetHost {
  readonly host: string;
  /** Where the host stands; null if it has not said. */
  readonly label: string | null;
  /** State of the host itself: whether it is heard. */
  readonly state: MemberState | "maintenance";
  /** When this state began, ISO 8601. */
  readonly since: string;
  /** How long it has been silent, in milliseconds; null if it was never heard. */
  readonly silentMs: number | null;
  /** Its last reported verdict; null if there is none that can be read. */
  readonly verdict: VerdictWord | null;
  readonly headline: string | null;
  readonly counts: ConditionCounts | null;
  /** The URL of its own console; null if other machines cannot reach it. */
  readonly url: string | null;
  readonly version: string | null;
}

/** A host of the fleet with its members. */
export interface FleetHostDetail extends FleetHost {
  /** Its members, those in the worst state first. */
  readonly members: readonly FleetMember[];
  /** Number of members that did not fit into its report. */
  readonly omitted: number;
}

/** How well this console knows its fleet. */
export interface FleetStatus {
  readonly fleet: string;
  /** This host's own name in it. */
  readonly host: string;
  /** The verdict on the fleet: the worst of its hosts. */
  readonly verdict: VerdictWord;
  /** The headline's key and values, for a page in any language. */
  readonly saying: VerdictSaying;
  readonly headline: string;
  /** Whether this console fails to hear the fleet; it then calls no host lost. */
  readonly deaf: boolean;
  /** How long ago it last heard the fleet, in milliseconds; null if never. */
  readonly heardMsAgo: number | null;
  readonly broker:
    | { readonly name: string; readonly version: string; readonly place: string }
    | null;
  /** How many hosts are in each state. */
  readonly hosts: Readonly<Record<MemberState | "maintenance", number>>;
  /** What an operator should know, one sentence for each problem. */
  readonly warnings: readonly string[];
}

/** A member of a fleet's host that a search has found. */
export interface FleetFinding extends FleetMember {
  readonly host: string;
  /** The URL of the host's own console; null if other machines cannot reach it. */
  readonly url: string | null;
}

/** The hosts of a fleet. */
export interface FleetPanel {
  status(): FleetStatus;
  /** All hosts, those in the worst state first. */
  hosts(): FleetHost[];
  /** One host with its members; undefined if the name is unknown. */
  host(name: string): FleetHostDetail | undefined;
  /**
   * Members of all hosts whose name, identity or station contains a text, worst state first: at most
   * `limit`, and how many there are. Yields after each member: a fleet may have thirty thousand.
   */
  find(text: string, limit: number): Iterator<void, {
    readonly members: readonly FleetFinding[];
    readonly total: number;
  }>;
  /** Forgets a host until it is heard again; false if the name is unknown. */
  forget(name: string): boolean;
  /**
   * Calls the listener whenever a host has told something, or this console has become deaf or hears
   * again, until disposed of. The listener must return at once.
   */
  listen(listener: () => void): Disposable;
}

/** The panels of a host's roles. */
export interface Panels {
  readonly game?: GamePanel;
  readonly trigger?: TriggerPanel;
  readonly hev?: HevPanel;
  readonly fleet?: FleetPanel;
}
