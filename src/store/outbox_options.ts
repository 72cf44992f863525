/**
 * Waiting messages, and the options of their outbox.
 *
 * @module
 */

import type { Clock } from "../core/clock.ts";
import type { Events } from "../core/events.ts";
import type { Members } from "../core/members.ts";
import type { Notice, NoticeKind, NoticeOptions } from "../core/notices.ts";

/** One message to one target. */
export interface Delivery {
  /** The same for all targets. */
  readonly id: string;
  readonly target: string;
  readonly kind: NoticeKind;
  readonly body: string;
  /**
   * When it was made, in listening time (ms): its wait in earlier runs counts, clock steps do not.
   */
  readonly createdAt: number;
}

/** Options of an {@linkcode Outbox}. */
export interface OutboxOptions extends NoticeOptions {
  /** Names of the targets; deliveries to others are forgotten. */
  readonly targets: readonly string[];
  /** Writes a message about notices of one kind. */
  readonly compose: (id: string, kind: NoticeKind, notices: readonly Notice[]) => string;
  /** Called when there may be something to deliver. Must return at once. */
  readonly onReady: () => void;
}

/** What the outbox needs of its store. */
export interface OutboxContext {
  readonly clock: Clock;
  readonly now: () => number;
  readonly members: Members;
  readonly events: Events;
}
