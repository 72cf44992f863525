/**
 * What a heartbeat role was asked.
 *
 * @module
 */

import type { Refusal } from "../../core/member_index.ts";
import type { HilbertCommand } from "../../wire/hilbert/request.ts";
import type { Misuse } from "./service.ts";

/** Plain numbers that only grow. */
export class HeartbeatCounters {
  /** Requests by command; `invalid` and `unknown` were answered with 400. */
  readonly requests: Record<HilbertCommand, number> = {
    init: 0,
    ping: 0,
    template: 0,
    done: 0,
    list: 0,
    status: 0,
    health: 0,
    invalid: 0,
    unknown: 0,
  };
  /** Harmless misuse by clients. */
  readonly misuses: Record<Misuse, number> = { "init-of-known": 0, "ping-without-init": 0 };
  /** New applications that were not taken, by the limit that was reached. */
  readonly refusals: Record<Refusal, number> = { "full": 0, "address-full": 0 };
  /** Requests with a method that is not for this protocol. */
  methodsRefused = 0;
  /** Preflight requests of browsers. */
  preflights = 0;

  /** All of them in one level, named as metrics are. */
  flat(): Record<string, number> {
    const flat: Record<string, number> = {
      methods_refused_total: this.methodsRefused,
      preflights_total: this.preflights,
    };
    put(flat, "requests", this.requests);
    put(flat, "misuses", this.misuses);
    put(flat, "refusals", this.refusals);
    return flat;
  }
}

function put(flat: Record<string, number>, kind: string, counters: Record<string, number>): void {
  for (const [name, count] of Object.entries(counters)) {
    flat[`${kind}_${name.replaceAll("-", "_")}_total`] = count;
  }
}
