/**
 * Watches the link to the controller as a member: silence makes it late and then lost, data makes
 * it healthy again.
 *
 * @module
 */

import type { Member } from "../../core/member.ts";
import type { Roster } from "../../core/roster.ts";
import { WakeTimer } from "../../net/wake_timer.ts";

/** Options of {@linkcode LinkWatch}. */
export interface LinkWatchOptions {
  roster: Roster;
  /** Name of the member, such as `arduino`. */
  name: string;
  /** Where it is, such as `/dev/ttyACM0`. */
  place: string;
  /** The longest normal silence, in milliseconds, more than 0. */
  silenceMs: number;
  /** Listening time in milliseconds. */
  now: () => number;
  /** Called with deadlines that may be the earliest. */
  wake: (deadline: number) => void;
  /** Called when the link is lost: once for each silence, and never during maintenance. */
  onLost: () => void;
}

/** How often the watch looks whether maintenance has ended, in milliseconds. */
const LOOK_MS = 1_000;

/** Keeps the member of one link. Does nothing before {@linkcode LinkWatch.start}. */
export class LinkWatch implements Disposable {
  readonly #options: LinkWatchOptions;
  readonly #timer: WakeTimer;
  readonly #id: string;
  #member: Member | undefined;
  #isLost = false;
  /** Set while the timer is idle, so that the next beat has to arm it. */
  #timerIsIdle = true;

  constructor(options: LinkWatchOptions) {
    this.#options = options;
    this.#id = `${options.name} @ ${options.place}`;
    const { roster, now } = options;
    this.#timer = new WakeTimer({
      now,
      nextWake: () => this.#nextWake(),
      advance: (at) => {
        roster.advance(at);
        this.#look();
      },
    });
  }

  /** Identity of the member. */
  get id(): string {
    return this.#id;
  }

  /** Whether the controller has been silent for longer than is normal. */
  get isLost(): boolean {
    this.#look();
    return this.#isLost;
  }

  /** Expects the controller from now on. Forgets links of earlier runs that no longer exist. */
  start(): void {
    const { roster, name, place, silenceMs, now } = this.#options;
    for (const member of [...roster.values()]) {
      if (member.id !== this.#id) roster.forget(member, "done", now());
    }
    const known = roster.get(this.#id);
    // A link that was lost in an earlier run and is still silent fails in this run too.
    if (known !== undefined && known.state !== "ok" && known.pause === undefined) {
      roster.forget(known, "done", now());
    }
    const member = roster.announce({ id: this.#id, name, address: place }, silenceMs, now());
    this.#member = typeof member === "string" ? undefined : member;
    this.#arm();
  }

  /** The controller was heard. */
  heard(): void {
    const { roster, name, place, silenceMs, now } = this.#options;
    const at = now();
    this.#isLost = false;
    if (this.#member !== undefined && roster.renew(this.#member, silenceMs, "beat", at)) {
      if (this.#timerIsIdle) this.#arm();
      return;
    }
    const heard = { id: this.#id, name, address: place, promiseMs: silenceMs };
    const member = roster.hear({ ...heard, kind: "beat" }, at);
    this.#member = typeof member === "string" ? undefined : member;
    this.#arm();
  }

  /** Ends the watch; the member stays. */
  close(): void {
    this.#timer.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #arm(): void {
    const deadline = this.#nextWake();
    if (deadline === undefined) return;
    this.#timerIsIdle = false;
    this.#timer.poke(deadline);
    this.#options.wake(deadline);
  }

  #nextWake(): number | undefined {
    const { roster, now } = this.#options;
    let next = this.#member && roster.deadline(this.#member);
    // Maintenance has no deadline, and nobody tells the watch of its end. A lost link is only heard again.
    if (next === Infinity) next = this.#member?.state === "lost" ? undefined : now() + LOOK_MS;
    this.#timerIsIdle = next === undefined;
    return next;
  }

  /** Checks the member, which the host may have advanced before this timer did. */
  #look(): void {
    const isLost = this.#member?.state === "lost";
    if (isLost === this.#isLost) return;
    this.#isLost = isLost;
    if (isLost) this.#options.onLost();
  }
}
