/**
 * A heartbeat service whose time is the test's.
 *
 * @module
 */

import { Events, type PulseEvent } from "../../../src/core/events.ts";
import { Members } from "../../../src/core/members.ts";
import type { Misuse } from "../../../src/roles/heartbeat/counters.ts";
import { type HeartbeatLimits, heartbeatRules } from "../../../src/roles/heartbeat/options.ts";
import type { HeartbeatReply } from "../../../src/roles/heartbeat/reply.ts";
import {
  HeartbeatService,
  type HeartbeatServiceOptions,
} from "../../../src/roles/heartbeat/service.ts";
import { bytesOf } from "../../support/tcp.ts";

/** A station with its applications, at a moment that only the test moves on. */
export class VirtualStation {
  readonly members: Members;
  readonly options: HeartbeatServiceOptions;
  readonly misuses: [Misuse, string][] = [];
  /** Every deadline that the service told. */
  readonly wakes: number[] = [];
  /** Listening time in milliseconds. */
  nowMs = 0;
  readonly #events = new Events();
  readonly #subscription = this.#events.subscribe({ capacity: 100_000 });

  constructor(options: Partial<HeartbeatServiceOptions> = {}, limits: HeartbeatLimits = {}) {
    this.members = new Members({ now: 0, events: this.#events });
    this.members.open(heartbeatRules(limits));
    this.options = {
      members: this.members,
      now: () => this.nowMs,
      wake: (deadline) => this.wakes.push(deadline),
      onMisuse: (misuse, id) => this.misuses.push([misuse, id]),
      ...options,
    };
  }

  /** Everything that happened since the last call. */
  takeEvents(): PulseEvent[] {
    const events: PulseEvent[] = [];
    for (let event = this.#subscription.take(); event; event = this.#subscription.take()) {
      events.push(event);
    }
    return events;
  }
}

/** A service on a station of its own. */
export function stationAndService(
  options: Partial<HeartbeatServiceOptions> = {},
  limits: HeartbeatLimits = {},
): { station: VirtualStation; service: HeartbeatService; ask: (target: string) => string } {
  const station = new VirtualStation(options, limits);
  const service = new HeartbeatService(station.options);
  return { station, service, ask: (target) => answerAsHttp(service, target, "127.0.0.1").body };
}

/** Answers as the role does: by what is known of the target, or by taking it apart. */
export function answerAsHttp(
  service: HeartbeatService,
  target: string,
  hostname: string,
): HeartbeatReply {
  const bytes = bytesOf(target);
  return service.answerKnown(bytes, 0, bytes.length, hostname) ?? service.answer(target, hostname);
}
