/**
 * Which hosts of a fleet somebody has forgotten.
 *
 * The brokers keep the documents of dead hosts and hand them to each console that connects. Without this
 * record, a host that is gone for good would be lost again after each restart of a console.
 *
 * @module
 */

import { EventFollower } from "./event_follower.ts";
import type { Events, PulseEvent } from "../core/events.ts";
import { META_VALUE_LENGTH_MAX } from "../store/meta.ts";
import type { RoleContext } from "./heartbeat.ts";

const KEY = "fleet-forgotten";

/** Follows the fleet's members; outlives a run if there is a data directory. */
export class ForgottenHosts implements Disposable {
  readonly #meta: RoleContext["meta"];
  readonly #follower: EventFollower;

  constructor(events: Events, meta: RoleContext["meta"]) {
    this.#meta = meta;
    this.#follower = new EventFollower(events, (event) => this.#take(event));
  }

  /** Whether a host was forgotten, and not heard since. */
  has(host: string): boolean {
    this.#follower.flush();
    return this.#names().includes(host);
  }

  [Symbol.dispose](): void {
    this.#follower[Symbol.dispose]();
  }

  #take(event: PulseEvent): void {
    // One that made room for others is not gone for good.
    const isForgotten = event.type === "member-forgotten" && event.cause === "operator";
    if (!isForgotten && event.type !== "member-registered") return;
    const { protocol, id } = event.member;
    if (protocol !== "fleet") return;
    const others = this.#names().filter((name) => name !== id);
    this.#keep(isForgotten ? [...others, id] : others);
  }

  /** The names, that which was forgotten last at the end. */
  #names(): string[] {
    return (this.#meta.get(KEY) ?? "").split(" ").filter((name) => name !== "");
  }

  /** Those that were forgotten first make room. */
  #keep(names: readonly string[]): void {
    let text = names.join(" ");
    while (text.length > META_VALUE_LENGTH_MAX) text = text.slice(text.indexOf(" ") + 1);
    this.#meta.set(KEY, text === "" ? undefined : text);
  }
}
