/**
 * Counts the requests of a heartbeat role.
 *
 * @module
 */

import type { Refusal } from "../../core/member_index.ts";
import type { HilbertCommand } from "../../wire/hilbert/request.ts";

/** Harmless misuse by a client. */
export type Misuse = "init-of-known" | "ping-without-init";

/** Plain numbers that only grow. */
export class HeartbeatCounters {
  /** Requests by command; `invalid` and `unknown` were answered with 400. */
  readonly requests: Record<HilbertCommand, number> = {
    init: 0,
    ping: 0,
    template: 0,
    done: 0,
    fail: 0,
    list: 0,
    status: 0,
    health: 0,
    invalid: 0,
    unknown: 0,
  };
  /** Harmless misuse by clients, by kind. */
  readonly misuses: Record<Misuse, number> = { "init-of-known": 0, "ping-without-init": 0 };
  /** New applications that were refused, by the limit that was reached. */
  readonly refusals: Record<Refusal, number> = { "full": 0, "address-full": 0 };
  /** Requests with a method that the protocol does not use. */
  methodsRefused = 0;
  /** Preflight requests of browsers. */
  preflights = 0;

  /** All of them, as metrics name them. */
  samples(): Record<string, number> {
    const samples: Record<string, number> = {
      hilbert_methods_refused_total: this.methodsRefused,
      hilbert_preflights_total: this.preflights,
    };
    put(samples, "hilbert_requests_total", "command", this.requests);
    put(samples, "hilbert_misuses_total", "kind", this.misuses);
    put(samples, "hilbert_refusals_total", "limit", this.refusals);
    return samples;
  }
}

function put(
  samples: Record<string, number>,
  metric: string,
  label: string,
  counters: Record<string, number>,
): void {
  for (const [value, count] of Object.entries(counters)) {
    samples[`${metric}{${label}="${value}"}`] = count;
  }
}
