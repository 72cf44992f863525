/**
 * Deliveries that may be sent, by target, the oldest first.
 *
 * @module
 */

import type { Delivery } from "./outbox_table.ts";

/** The most deliveries that may wait for one target; above it, the oldest is dropped. */
export const DELIVERIES_PER_TARGET_MAX = 1_000;

/** Keeps deliveries for the known targets. */
export class ReadyDeliveries {
  readonly #targets = new Map<string, Delivery[]>();

  /** Number of deliveries. */
  get size(): number {
    let size = 0;
    for (const { length } of this.#targets.values()) size += length;
    return size;
  }

  /** All deliveries. */
  *values(): Generator<Delivery> {
    for (const deliveries of this.#targets.values()) yield* deliveries;
  }

  /** Replaces the targets. @return The deliveries to removed targets. */
  direct(targets: ReadonlySet<string>): Delivery[] {
    const dropped: Delivery[] = [];
    for (const [target, deliveries] of this.#targets) {
      if (targets.has(target)) continue;
      this.#targets.delete(target);
      for (const delivery of deliveries) dropped.push(delivery);
    }
    for (const target of targets) if (!this.takes(target)) this.#targets.set(target, []);
    return dropped;
  }

  /** Whether a target is known. */
  takes(target: string): boolean {
    return this.#targets.has(target);
  }

  /** Whether a message waits for a target. */
  has(id: string): boolean {
    for (const delivery of this.values()) if (delivery.id === id) return true;
    return false;
  }

  /**
   * Adds a delivery; ignores it if its target is unknown. @return A delivery that has to make room.
   */
  add(delivery: Delivery): Delivery | undefined {
    const deliveries = this.#targets.get(delivery.target);
    deliveries?.push(delivery);
    return (deliveries?.length ?? 0) > DELIVERIES_PER_TARGET_MAX ? deliveries?.[0] : undefined;
  }

  /** The oldest delivery to a target. */
  next(target: string): Delivery | undefined {
    return this.#targets.get(target)?.[0];
  }

  /** Removes a delivery. */
  delete(delivery: Delivery): void {
    const deliveries = this.#targets.get(delivery.target);
    const index = deliveries?.indexOf(delivery) ?? -1;
    if (index >= 0) deliveries?.splice(index, 1);
  }
}
