/**
 * What keeps a store from its disk, and who has been told of it.
 *
 * @module
 */

import type { DamageWarning } from "./damage_warning.ts";
import { Outage } from "./outage.ts";
import type { Rescue } from "./rescue.ts";
import type { StoreError } from "./store_error.ts";
import type { StoreOptions } from "./store_options.ts";

/** One disk's trouble, from the first failure until it works again; each is told once. */
export class StorageTrouble {
  readonly #options: StoreOptions;
  readonly #warning: DamageWarning;
  #outage: Outage | undefined;
  #damaged: string | undefined;
  /** What is to be told as soon as somebody listens. */
  #untold: string | undefined;
  #failures = 0;

  constructor(options: StoreOptions, warning: DamageWarning) {
    this.#options = options;
    this.#warning = warning;
  }

  /** True while the disk fails. */
  get isStanding(): boolean {
    return this.#outage !== undefined;
  }

  /** Why the database on disk must not be used as it is. */
  get damaged(): string | undefined {
    return this.#damaged;
  }

  /** How often it began. */
  get failures(): number {
    return this.#failures;
  }

  /** True if it is time for another attempt. */
  isDue(): boolean {
    return this.#outage?.isDue(this.#options.clock.now()) ?? false;
  }

  /** One sentence while the disk fails. */
  describe(): string | undefined {
    return this.#outage?.describe(this.#options.clock.now());
  }

  /** Takes note that the disk fails, or still does. */
  fail(error: StoreError): void {
    const { clock, log } = this.#options;
    this.noteDamage(error);
    if (this.#outage !== undefined) {
      this.#outage.prolong(error.message, clock.now());
      return;
    }
    this.#outage = new Outage(error.message, clock.now());
    this.#failures++;
    this.#untold = error.message;
    log.error("Storage failed, members are kept in memory: {reason}", { reason: error.message });
  }

  /** Takes note of a database that opens and yet is damaged, if it is. */
  noteDamage(error: StoreError): void {
    if (error.kind === "damaged") this.#damaged = error.message;
  }

  /** Takes note that a damaged database has given way to a new one. */
  noteRescue(rescue: Rescue): void {
    this.#damaged = undefined;
    this.#failures++;
    this.#untold = this.#warning.raise(rescue);
  }

  /** Takes note that the disk works again, and tells it. */
  end(): void {
    const { events, log, now } = this.#options;
    this.#outage = undefined;
    this.#untold = undefined;
    log.info("Storage works again, everything is on disk");
    events.publish({ type: "store-recovered", at: now() });
  }

  /** Publishes what went wrong; what was solved at once is told as solved. */
  tell(): void {
    const { events, now } = this.#options;
    if (this.#untold === undefined) return;
    events.publish({ type: "store-failed", at: now(), message: this.#untold });
    this.#untold = undefined;
    if (this.#outage === undefined) events.publish({ type: "store-recovered", at: now() });
  }
}
