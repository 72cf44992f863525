/**
 * Writes events to the log.
 *
 * @module
 */

import type { Logger } from "@logtape/logtape";
import { EventFollower } from "./event_follower.ts";
import type { Events, PulseEvent } from "../core/events.ts";
import type { MemberRef } from "../core/member.ts";

/** Writes each event as one line, in a turn of its own, so that logging never delays a role. */
export class EventLog implements Disposable {
  readonly #log: Logger;
  readonly #follower: EventFollower;
  #droppedTold = 0;

  constructor(events: Events, log: Logger) {
    this.#log = log;
    const write = (event: PulseEvent) => logEvent(log, event);
    this.#follower = new EventFollower(events, write, () => this.#tellDropped());
  }

  /** Number of events that the log was too slow for. */
  get dropped(): number {
    return this.#follower.dropped;
  }

  /** Writes the waiting events. */
  flush(): void {
    this.#follower.flush();
    this.#tellDropped();
  }

  [Symbol.dispose](): void {
    this.flush();
    this.#follower[Symbol.dispose]();
  }

  #tellDropped(): void {
    const dropped = this.dropped - this.#droppedTold;
    if (dropped === 0) return;
    this.#droppedTold = this.dropped;
    this.#log.warning("{dropped} events are not in the log: it was too slow for them", { dropped });
  }
}

function logEvent(log: Logger, event: PulseEvent): void {
  switch (event.type) {
    case "member-registered":
      // The event of its first state follows and says the same.
      log.debug("New member {member}", { member: label(event.member) });
      return;
    case "member-state": {
      const { from, to, cause, paused } = event;
      const properties = {
        member: label(event.member),
        from,
        to,
        cause,
        ...(event.reason === undefined ? {} : { reason: event.reason }),
        silentMs: Math.round(event.silentMs),
        ...(paused ? { paused } : {}),
      };
      const bad = to === "late" || to === "lost" || to === "gone";
      if (bad && !paused) log.warning("Member {member} is {to}", properties);
      else log.info("Member {member} is {to}", properties);
      return;
    }
    case "member-flapping":
      log.warning("Member {member} comes and goes", { member: label(event.member) });
      return;
    case "member-missed":
      log.debug("Member {member} missed its promise", {
        member: label(event.member),
        silentMs: Math.round(event.silentMs),
      });
      return;
    case "member-paused":
      log.info("Maintenance of {member} begins", {
        member: label(event.member),
        reason: event.pause.reason,
      });
      return;
    case "member-resumed":
      log.info("Maintenance of {member} ends", {
        member: label(event.member),
        cause: event.cause,
      });
      return;
    case "member-forgotten":
      log.info("Member {member} is forgotten", {
        member: label(event.member),
        cause: event.cause,
      });
      return;
    case "member-acknowledged":
      log.info("{by} looks after member {member}", {
        member: label(event.member),
        by: event.by,
        note: event.note,
      });
      return;
    case "member-unacknowledged":
      log.info("Nobody looks after member {member} any more", { member: label(event.member) });
      return;
    case "member-tagged":
      log.info("Member {member} has other tags", {
        member: label(event.member),
        tags: event.tags.join(", "),
      });
      return;
    case "client-state":
    case "alarm-raised":
    case "alarm-acknowledged":
    case "store-failed":
    case "store-recovered":
    case "deafness-began":
    case "deafness-ended":
    case "telling-failed":
    case "telling-recovered":
      // The publisher has logged it already, with more details.
      return;
    case "absence":
      log.warning("Could not listen for {absentMs} ms; nobody is late because of it", {
        absentMs: Math.round(event.absentMs),
      });
      return;
    case "trigger-minute": {
      const { type: _, at: __, ...totals } = event;
      const bad = event.dropped > 0 || event.sendErrors > 0 || event.skippedTurns > 0;
      if (bad) log.warning("Woke {clients} clients in the last minute", totals);
      else log.info("Woke {clients} clients in the last minute", totals);
      return;
    }
  }
}

function label(member: MemberRef | undefined): string {
  return member === undefined ? "this host" : `${member.protocol}/${member.id}`;
}
