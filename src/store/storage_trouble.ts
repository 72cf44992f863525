/**
 * Tracks the problems between a store and its disk, and publishes each once.
 *
 * @module
 */

import { withoutFolders } from "../core/without_folders.ts";
import type { DamageWarning } from "./damage_warning.ts";
import { Outage } from "./outage.ts";
import type { Rescue } from "./rescue.ts";
import type { StoreError } from "./store_error.ts";
import type { StoreOptions } from "./store_options.ts";

/**
 * The problems of one disk, from the first failure until the disk works again; each is published
 * once.
 */
export class StorageTrouble {
  readonly #options: StoreOptions;
  readonly #warning: DamageWarning;
  #outage: Outage | undefined;
  #damaged: string | undefined;
  /** Events to publish as soon as there is a listener. */
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

  /** The number of outages of the disk. */
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

  /** Records that the disk fails, or still fails. */
  fail(error: StoreError): void {
    const { clock, log } = this.#options;
    this.noteDamage(error);
    if (this.#outage !== undefined) {
      this.#outage.prolong(error.message, clock.now());
      return;
    }
    this.#outage = new Outage(error.message, clock.now());
    this.#failures++;
    this.#untold = withoutFolders(error.message);
    log.error("Storage failed, members are kept in memory: {reason}", { reason: error.message });
  }

  /** Records the damage of a database that could be opened, if it has any. */
  noteDamage(error: StoreError): void {
    if (error.kind === "damaged") this.#damaged = error.message;
  }

  /** Records that a new database has replaced a damaged one. */
  noteRescue(rescue: Rescue): void {
    this.#damaged = undefined;
    this.#failures++;
    this.#untold = withoutFolders(this.#warning.raise(rescue));
  }

  /** Records that the disk works again, and publishes that. */
  end(): void {
    const { events, log, now } = this.#options;
    this.#outage = undefined;
    this.#untold = undefined;
    log.info("Storage works again, everything is on disk");
    events.publish({ type: "store-recovered", at: now() });
  }

  /** Publishes a problem; one that was solved at once is published as solved. */
  tell(): void {
    const { events, now } = this.#options;
    if (this.#untold === undefined) return;
    events.publish({ type: "store-failed", at: now(), message: this.#untold });
    this.#untold = undefined;
    if (this.#outage === undefined) events.publish({ type: "store-recovered", at: now() });
  }
}
