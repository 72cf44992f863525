/**
 * The game server without its sockets: heartbeats, actions and silence in, publications out.
 *
 * @module
 */

import { assert } from "../../core/assert.ts";
import {
  actionBetween,
  type ClientAction,
  type ClientState,
  stateAfter,
} from "../../core/client_state.ts";
import type { Member } from "../../core/member.ts";
import type { Members } from "../../core/members.ts";
import type { EndCause, Roster } from "../../core/roster.ts";
import type { GameHeartbeat } from "../../wire/mlf/heartbeat.ts";
import { type GameCommand, topicOf } from "../../wire/mlf/topics.ts";
import { type ChangeCause, GameCounters } from "./counters.ts";
import type { GameNotice } from "./notice.ts";
import { Identities, type Keeper } from "./identities.ts";
import { LocalClient } from "./local_client.ts";
import { heartbeatBefore, KeptStates } from "./kept_states.ts";
import { Newcomers } from "./newcomers.ts";
import { ReportAnswers } from "./report_answers.ts";
import { GAME_BOUNDS, GAME_DEFAULTS, type GameOptions } from "./options.ts";

/** What the service needs from its host. */
export interface GameServiceOptions extends GameOptions {
  /** All members of the host; the roster of the protocol must be open. */
  members: Members;
  /** Listening time in milliseconds. */
  now: () => number;
  /** Called with members' deadlines that may be the earliest, in listening time (ms). */
  wake?: (deadline: number) => void;
  /** Sends a message to all subscribers; returns how many there were. */
  publish: (message: readonly string[]) => number;
  /** Keeps the count of identities across restarts. */
  keeper?: Keeper;
  /** Called with each change, but not with each heartbeat. */
  onNotice?: (notice: GameNotice) => void;
}

/** The result of a heartbeat: the client, or the number of seconds until a newcomer may retry. */
export type HeartbeatOutcome =
  | { readonly client: LocalClient; readonly created: boolean }
  | { readonly retryAfterSeconds: number };

/** How an action ended. */
export type ActionOutcome = "done" | "unknown" | "illegal";

const COMMANDS: Readonly<Partial<Record<ClientAction, GameCommand>>> = {
  start: "START",
  lobby: "LOBBY",
  emergency: "EMERGENCY",
};
/** After how many seconds a new client may retry if there are too many clients. */
const FULL_RETRY_SECONDS = 10;

/** Decides the states of all clients. */
export class GameService {
  /** The clients by identity, in the order of their arrival. */
  readonly clients: ReadonlyMap<string, LocalClient>;
  /** What the service has done so far. */
  readonly counters: GameCounters = new GameCounters();
  /** Assigns identities. */
  readonly identities: Identities;
  /** The silence that ends a client, in milliseconds. */
  readonly timebombMs: number;
  readonly #options: GameServiceOptions;
  readonly #clients = new Map<string, LocalClient>();
  readonly #roster: Roster;
  readonly #newcomers: Newcomers;
  readonly #kept: KeptStates;
  readonly #answers = new ReportAnswers();
  readonly #beatsPerSecondMax: number;

  /** @throws {RangeError} if an option is out of range. */
  constructor(options: GameServiceOptions) {
    const { timebombMs = GAME_DEFAULTS.timebombMs, members, keeper } = options;
    const [least, most] = GAME_BOUNDS.timebombMs;
    if (!(timebombMs >= least && timebombMs <= most)) {
      throw new RangeError(
        `Cannot serve: timebombMs is ${timebombMs}, must be ${least} to ${most}`,
      );
    }
    const roster = members.roster("mlf");
    if (roster === undefined) throw new TypeError("Cannot serve: there is no roster for clients");
    this.#roster = roster;
    this.#options = options;
    this.#kept = new KeptStates(keeper);
    this.timebombMs = timebombMs;
    this.#beatsPerSecondMax = options.beatsPerSecondMax ?? GAME_DEFAULTS.beatsPerSecondMax;
    this.#newcomers = new Newcomers(options.newPerSecondMax ?? GAME_DEFAULTS.newPerSecondMax);
    this.clients = this.#clients;
    roster.whenEnded((member, cause) => this.#onEnd(member, cause));
    this.identities = new Identities((id) => this.clients.has(id), keeper);
  }

  /** Listening time in milliseconds. */
  now(): number {
    return this.#options.now();
  }

  /** When the next client changes state unless it is heard; `undefined` if none does. */
  nextWake(): number | undefined {
    return this.#roster.nextWake();
  }

  /** The state of an identity; `DISCONNECTED` for an unknown one. */
  stateOf(id: string): ClientState {
    return this.clients.get(id)?.state ?? "DISCONNECTED";
  }

  /**
   * Restores the clients of an earlier run, each with a full timebomb. Call it once, after their
   * members were restored.
   */
  restore(): void {
    const now = this.now();
    for (const member of this.#roster.values()) {
      const state = this.#kept.take(member.id);
      if (!member.listed) {
        this.#kept.set(member.id, undefined);
        continue;
      }
      const before = heartbeatBefore(member.id, state);
      const client = this.#add(new LocalClient(before, member, member.address, now));
      client.state = state;
      this.#roster.excuse(member, this.timebombMs, now);
      this.#options.wake?.(this.#roster.deadline(member));
    }
  }

  /** Takes a heartbeat. */
  hear(heartbeat: GameHeartbeat, address: string): HeartbeatOutcome {
    const now = this.now();
    const client = this.clients.get(heartbeat.clientId);
    if (client === undefined) return this.#create(heartbeat, address, now);
    const from = { address, perSecondMax: this.#beatsPerSecondMax };
    const result = client.update(heartbeat, from, now);
    this.counters.heartbeats[result]++;
    if (result === "foreign") {
      this.#options.onNotice?.({ type: "foreign", client, address });
    } else if (result !== "limited") {
      const isKnown = this.#roster.renew(client.member, this.timebombMs, "beat", now);
      assert(isKnown, "a client ends with its record");
      this.#options.wake?.(this.#roster.deadline(client.member));
      if (client.takeReminder(now)) {
        this.counters.reminders++;
        this.tell(client.id);
      }
    }
    return { client, created: false };
  }

  /** Publishes the state of an identity, known or not. */
  tell(id: string): void {
    this.#options.publish([topicOf("OnStateChange", id), this.stateOf(id)]);
  }

  /** Executes an action of a client or operator. */
  act(id: string, action: ClientAction, cause: "client" | "operator" = "operator"): ActionOutcome {
    const client = this.clients.get(id);
    if (client === undefined) return "unknown";
    const target = stateAfter(client.state, action, client.mood);
    if (target === undefined) return "illegal";
    if (action === "calibrate") {
      this.#options.publish([topicOf("Calibrate", id), `/GetJson?clientID=${id}`]);
      return "done";
    }
    // "I am calibrated" is answered even if it changes nothing.
    if (action === "calibrated" && client.state === target) this.#answer(id);
    this.#change(client, target, cause);
    const command = COMMANDS[action];
    if (command !== undefined) {
      const receivers = this.#options.publish([topicOf("OnCommand", id), command]);
      client.stop = command === "EMERGENCY" ? { at: this.now(), receivers } : undefined;
    }
    return "done";
  }

  /**
   * Refuses a report over ZeroMQ, and sends the client its current state instead.
   *
   * @param clientId Empty if the message names no client.
   */
  refuse(clientId: string, reason: string): void {
    this.counters.refusedReports++;
    this.remark(clientId, reason);
    if (clientId !== "") this.#answer(clientId);
  }

  /** Reports to the host, once, why a message was refused. */
  remark(clientId: string, reason: string): void {
    if (!this.#answers.isNews(clientId, reason, this.now())) return;
    this.#options.onNotice?.({ type: "refused", clientId, reason });
  }

  /** Moves a client into a state by the action that leads to it. */
  lead(id: string, state: ClientState): ActionOutcome {
    const client = this.clients.get(id);
    if (client === undefined) return "unknown";
    if (client.state === state) return "done";
    const action = actionBetween(client.state, state);
    return action === undefined ? "illegal" : this.act(id, action, "client");
  }

  /** Forces a state. `DISCONNECTED` removes the client until its next heartbeat. */
  force(id: string, state: ClientState): ActionOutcome {
    const client = this.clients.get(id);
    if (client === undefined) return "unknown";
    if (state === "DISCONNECTED") {
      this.#roster.forget(client.member, "done", this.now());
      return "done";
    }
    client.stop = undefined;
    if (client.state === state) this.tell(id);
    else this.#change(client, state, "force");
    return "done";
  }

  /** The client behind a headset, by the table of headsets or else by identity. */
  wearer(headset: string): string | undefined {
    const place = this.#options.headsets?.get(headset) ?? headset;
    if (this.clients.has(place)) return place;
    for (const client of this.clients.values()) if (client.address === place) return client.id;
    return undefined;
  }

  /** Sends a client its state, unless it was sent just now. */
  #answer(id: string): void {
    if (this.#answers.isDue(id, this.now())) this.tell(id);
  }

  #create(heartbeat: GameHeartbeat, address: string, now: number): HeartbeatOutcome {
    const retryAfterSeconds = this.#newcomers.admit(address, now);
    const id = heartbeat.clientId;
    const isBack = (this.#roster.get(id)?.beats ?? 0) > 0;
    const heard = { id, name: id, address, promiseMs: this.timebombMs, kind: "beat" } as const;
    const member = retryAfterSeconds > 0 ? "too-fast" : this.#roster.hear(heard, now);
    if (typeof member === "string") {
      this.counters.heartbeats.refused++;
      return { retryAfterSeconds: Math.max(retryAfterSeconds, 1, this.#secondsUntilRoom()) };
    }
    const client = this.#add(new LocalClient(heartbeat, member, address, now));
    this.counters.heartbeats.ok++;
    this.counters.changes.heartbeat++;
    if (isBack) this.counters.reconnects++;
    this.#options.wake?.(this.#roster.deadline(member));
    this.#options.onNotice?.({ type: "created", client, isBack });
    // A returning client may believe that its game still runs, and would not ask (row 13).
    this.tell(client.id);
    return { client, created: true };
  }

  #secondsUntilRoom(): number {
    return this.clients.size >= this.#roster.rules.membersMax ? FULL_RETRY_SECONDS : 0;
  }

  #change(client: LocalClient, to: ClientState, cause: ChangeCause): void {
    const from = client.state;
    if (from === to) return;
    client.state = to;
    this.#kept.set(client.id, to);
    client.forgetDisagreement();
    this.counters.changes[cause]++;
    this.#options.onNotice?.({ type: "state", client, from, to, cause });
    this.tell(client.id);
  }

  #add(client: LocalClient): LocalClient {
    this.#clients.set(client.id, client);
    return client;
  }

  /** The member's end is also the client's: its timebomb went off, or somebody removed it. */
  #onEnd(member: Member, cause: EndCause): void {
    const client = this.#clients.get(member.id);
    if (client === undefined) return;
    this.#clients.delete(client.id);
    const change = cause === "silence" ? "timebomb" : "force";
    this.counters.changes[change]++;
    this.#kept.set(client.id, undefined);
    this.#options.onNotice?.({ type: "removed", client, cause: change });
    this.tell(client.id);
  }
}
