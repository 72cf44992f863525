/**
 * What the server knows of one game client (mlf.md section 7).
 *
 * @module
 */

import { type ClientState, FIRST_STATE } from "../../core/client_state.ts";
import type { Member } from "../../core/member.ts";
import type { GameHeartbeat } from "../../wire/mlf/heartbeat.ts";

/** How a heartbeat of a known client ended. `limited` and `foreign` change nothing. */
export type BeatResult = "ok" | "late" | "limited" | "foreign";

/** A client's clock that was set back by more than this, in microseconds, starts a new time base. */
const NEW_BASE_MICROS = 10_000_000;
/** A client that believes a wrong state is sent the right one again after this many heartbeats. */
const DISAGREEMENTS_MAX = 3;
/** Or after this time, in milliseconds, and no more often. */
const REMINDER_MS = 5_000;
const WINDOW_MS = 1_000;

/** An order to show the emergency screen. */
export interface StopOrder {
  /** When it was sent, in milliseconds. */
  readonly at: number;
  /** How many subscribers it was sent to; with none, the client cannot have got it. */
  readonly receivers: number;
}

/**
 * One client: its state, which the server decides, and its latest heartbeat. All times in
 * milliseconds.
 */
export class LocalClient {
  readonly id: string;
  /**
   * The host that it was first heard from; heartbeats with the same identity from other hosts do
   * not count.
   */
  readonly address: string;
  readonly createdAt: number;
  /** The authoritative state. */
  state: ClientState = FIRST_STATE;
  /** The last order to show the emergency screen, until another order ends the emergency. */
  stop: StopOrder | undefined = undefined;
  /** Its record, whose lease is its timebomb. */
  readonly member: Member;
  #heartbeat: GameHeartbeat;
  #heardAt: number;
  #beats = 1;
  #lateBeats = 0;
  #windowStart: number;
  #windowBeats = 1;
  #disagreements = 0;
  #disagreesSince = 0;
  #remindedAt = -Infinity;

  /** @param now Listening time in milliseconds, as in all methods. */
  constructor(first: GameHeartbeat, member: Member, address: string, now: number) {
    this.member = member;
    this.id = first.clientId;
    this.address = address;
    this.createdAt = now;
    this.#heartbeat = first;
    this.#heardAt = now;
    this.#windowStart = now;
  }

  /** Whether it was sent the emergency screen. */
  get mood(): "calm" | "emergency" {
    return this.stop === undefined ? "calm" : "emergency";
  }

  /** The newest heartbeat by the client's own clock. */
  get heartbeat(): GameHeartbeat {
    return this.#heartbeat;
  }

  /** When it was last heard. */
  get heardAt(): number {
    return this.#heardAt;
  }

  /** Number of heartbeats that counted since the client connected. */
  get beats(): number {
    return this.#beats;
  }

  /** Number of heartbeats that a newer one had overtaken. */
  get lateBeats(): number {
    return this.#lateBeats;
  }

  /**
   * Takes a heartbeat. A heartbeat that a newer one has overtaken proves life but changes no
   * values.
   *
   * @param perSecondMax Heartbeats above this number within a second are ignored.
   */
  update(
    heartbeat: GameHeartbeat,
    from: { readonly address: string; readonly perSecondMax: number },
    now: number,
  ): BeatResult {
    if (from.address !== this.address) return "foreign";
    if (now - this.#windowStart >= WINDOW_MS) {
      this.#windowStart = now;
      this.#windowBeats = 0;
    }
    if (++this.#windowBeats > from.perSecondMax) return "limited";
    this.#beats++;
    this.#heardAt = now;
    const aheadMicros = heartbeat.timestampMicros - this.#heartbeat.timestampMicros;
    if (aheadMicros <= 0 && aheadMicros >= -NEW_BASE_MICROS) {
      this.#lateBeats++;
      return "late";
    }
    this.#heartbeat = heartbeat;
    this.#noteBelief(heartbeat.clientState, now);
    return "ok";
  }

  /**
   * Whether the client has believed a wrong state long enough to be sent the right one again.
   */
  takeReminder(now: number): boolean {
    if (this.#disagreements === 0 || now - this.#remindedAt < REMINDER_MS) return false;
    const isLong = this.#disagreements >= DISAGREEMENTS_MAX ||
      now - this.#disagreesSince >= REMINDER_MS;
    if (isLong) this.#remindedAt = now;
    return isLong;
  }

  /**
   * Call it when the state was changed: what the client believed before no longer counts as wrong.
   */
  forgetDisagreement(): void {
    this.#disagreements = 0;
  }

  #noteBelief(reported: ClientState, now: number): void {
    if (reported === this.state) {
      this.#disagreements = 0;
    } else if (++this.#disagreements === 1) {
      this.#disagreesSince = now;
    }
  }
}
