/**
 * Publishes events to all subscribers without ever waiting for one.
 *
 * @module
 */

import { assert } from "./assert.ts";
import type { ClientState } from "./client_state.ts";
import type { MemberRef, MemberState, Pause, Protocol, StateCause } from "./member.ts";

/** Every kind of event. `at` is listening time in milliseconds. */
export type PulseEvent =
  | { type: "member-registered"; at: number; member: MemberRef }
  | {
    type: "member-state";
    at: number;
    member: MemberRef;
    from: MemberState;
    to: MemberState;
    cause: StateCause;
    /** Why it failed, as text for display. */
    reason?: string;
    /** How long the member had been silent, in milliseconds. */
    silentMs: number;
    /** True while the member or its whole host is in maintenance: nothing may alarm. */
    paused: boolean;
  }
  /** The member comes and goes too often for a notice each time. */
  | { type: "member-flapping"; at: number; member: MemberRef }
  | { type: "member-missed"; at: number; member: MemberRef; silentMs: number }
  | { type: "member-paused"; at: number; member: MemberRef | undefined; pause: Pause }
  | {
    type: "member-resumed";
    at: number;
    member: MemberRef | undefined;
    cause: "operator" | "time";
  }
  | { type: "member-forgotten"; at: number; member: MemberRef; cause: ForgetCause }
  /** Somebody looks after the member. */
  | { type: "member-acknowledged"; at: number; member: MemberRef; by: string; note: string }
  /** Nobody does any more, although the member has not recovered. */
  | { type: "member-unacknowledged"; at: number; member: MemberRef }
  /** Somebody has set the member's tags; `tags` are those that the settings do not give it. */
  | { type: "member-tagged"; at: number; member: MemberRef; tags: readonly string[] }
  | {
    /** A game client changed its state; the state channel informs the client itself. */
    type: "client-state";
    at: number;
    client: string;
    from: ClientState;
    to: ClientState;
    cause: string;
  }
  | { type: "alarm-raised"; at: number; alarm: string; priority: string }
  | { type: "alarm-acknowledged"; at: number; alarm: string; priority: string }
  | { type: "absence"; at: number; absentMs: number }
  /** This host hears no member of a protocol, and so knows of none that it is well. */
  | { type: "deafness-began"; at: number; protocol: Protocol }
  /** It hears them again. */
  | { type: "deafness-ended"; at: number; protocol: Protocol }
  | {
    /** What the trigger role did in the last minute, if anything. */
    type: "trigger-minute";
    at: number;
    /** Clients now. */
    clients: number;
    registered: number;
    refused: number;
    expired: number;
    dropped: number;
    pings: number;
    sendErrors: number;
    skippedTurns: number;
  }
  | { type: "store-failed"; at: number; message: string }
  | {
    /** A webhook refused a message, or the command for a lost member failed. */
    type: "telling-failed";
    at: number;
    /** The webhook or command, as text for display. */
    way: string;
    /** The reason, as text for display. */
    reason: string;
    /** The member for which the command ran. */
    member?: MemberRef;
  }
  /** It works again. */
  | { type: "telling-recovered"; at: number; way: string }
  | { type: "store-recovered"; at: number };

/** Why a member's record ended. */
export type ForgetCause = "done" | "aged" | "displaced" | "operator" | "setting";

/** Options of {@linkcode Events.subscribe}. */
export interface SubscriptionOptions {
  /** How many events may wait before the oldest is dropped. 1 to 1 000 000; 1024 if not given. */
  capacity?: number;
  /**
   * Called when an event arrives at an empty queue. It must return at once; a listener reads the
   * queue later, in a turn of its own. What it throws goes to {@linkcode EventsOptions.onFailure}.
   */
  onWaiting?: () => void;
}

/** Options of {@linkcode Events}. */
export interface EventsOptions {
  /** Called with what an `onWaiting` threw. It must not throw itself. */
  onFailure?: (error: unknown) => void;
}

/** One listener's bounded queue of events. */
export interface Subscription {
  /** The oldest waiting event, removed from the queue; `undefined` if none waits. */
  take(): PulseEvent | undefined;
  /** Number of waiting events. */
  readonly waiting: number;
  /** Number of events that were lost because this listener was slow. */
  readonly dropped: number;
  /** Ends the subscription. Waiting events are discarded. Idempotent. */
  close(): void;
}

/** The default length of a subscription's queue. */
export const EVENT_QUEUE_LENGTH_DEFAULT = 1024;
/** The largest queue that a listener may ask for. */
export const EVENT_QUEUE_LENGTH_MAX = 1_000_000;

/** Hands every event to every subscription; a slow listener loses its oldest, counted. */
export class Events {
  readonly #subscriptions = new Set<BoundedSubscription>();
  readonly #onFailure: ((error: unknown) => void) | undefined;

  constructor(options: EventsOptions = {}) {
    this.#onFailure = options.onFailure;
  }

  /** Number of open subscriptions. */
  get listeners(): number {
    return this.#subscriptions.size;
  }

  /**
   * Hands an event to all listeners. A slow listener does not delay the call, and a broken one does
   * not make it throw: the publisher is in the middle of a change of state, which no listener may
   * undo.
   */
  publish(event: PulseEvent): void {
    for (const subscription of this.#subscriptions) {
      try {
        subscription.offer(event);
      } catch (error) {
        this.#onFailure?.(error);
      }
    }
  }

  /**
   * Opens a subscription.
   *
   * @throws {RangeError} if the capacity is out of range.
   */
  subscribe(options: SubscriptionOptions = {}): Subscription {
    const capacity = options.capacity ?? EVENT_QUEUE_LENGTH_DEFAULT;
    if (!Number.isInteger(capacity) || capacity < 1 || capacity > EVENT_QUEUE_LENGTH_MAX) {
      throw new RangeError(
        `Cannot subscribe: capacity is ${capacity}, must be 1 to ${EVENT_QUEUE_LENGTH_MAX}`,
      );
    }
    const subscription = new BoundedSubscription(
      capacity,
      options.onWaiting,
      (ended) => this.#subscriptions.delete(ended),
    );
    this.#subscriptions.add(subscription);
    return subscription;
  }
}

/** A ring that grows as needed up to its capacity, then overwrites the oldest event. */
class BoundedSubscription implements Subscription {
  readonly #capacity: number;
  readonly #onWaiting: (() => void) | undefined;
  readonly #onClose: (subscription: BoundedSubscription) => void;
  #ring: (PulseEvent | undefined)[] = [];
  #first = 0;
  #waiting = 0;
  #dropped = 0;
  #open = true;

  constructor(
    capacity: number,
    onWaiting: (() => void) | undefined,
    onClose: (subscription: BoundedSubscription) => void,
  ) {
    this.#capacity = capacity;
    this.#onWaiting = onWaiting;
    this.#onClose = onClose;
  }

  get waiting(): number {
    return this.#waiting;
  }

  get dropped(): number {
    return this.#dropped;
  }

  offer(event: PulseEvent): void {
    if (this.#waiting === this.#capacity) {
      this.#ring[this.#first] = event;
      this.#first = (this.#first + 1) % this.#capacity;
      this.#dropped++;
      return;
    }
    const index = (this.#first + this.#waiting) % this.#capacity;
    assert(index <= this.#ring.length, "the ring has no holes");
    this.#ring[index] = event;
    if (++this.#waiting === 1) this.#onWaiting?.();
  }

  take(): PulseEvent | undefined {
    if (this.#waiting === 0) return undefined;
    const event = this.#ring[this.#first];
    this.#ring[this.#first] = undefined;
    this.#first = (this.#first + 1) % this.#capacity;
    if (--this.#waiting === 0) {
      // An emptied ring starts over, so that a short backlog never walks through all of it.
      this.#ring.length = 0;
      this.#first = 0;
    }
    return event;
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#ring = [];
    this.#waiting = 0;
    this.#onClose(this);
  }
}
