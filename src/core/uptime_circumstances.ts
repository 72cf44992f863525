/**
 * What keeps the time of members from counting, for or against them.
 *
 * @module
 */

import type { PulseEvent } from "./events.ts";
import type { MemberRef, Protocol } from "./member.ts";
import type { Members } from "./members.ts";
import { nameOf } from "./notices.ts";

type Named = Pick<MemberRef, "protocol" | "id">;

/** What covers one member. */
export interface Circumstances {
  /** Whether it is in maintenance of its own. */
  paused: boolean;
  /** Whether the whole host is in maintenance. */
  hostPaused: boolean;
  /** Whether nothing is known of it, because this host hears nobody of its protocol. */
  unheard: boolean;
}

/** Maintenance, and the protocols of which nobody is heard. */
export class UptimeCircumstances {
  /** Names of members with maintenance of their own. */
  readonly #paused = new Set<string>();
  readonly #unheard = new Set<Protocol>();
  #hostPaused = false;

  /** What covers a member. */
  of(member: Named): Circumstances {
    return {
      paused: this.#paused.has(nameOf(member)),
      hostPaused: this.#hostPaused,
      unheard: this.#unheard.has(member.protocol),
    };
  }

  /** Reads everything from the members. */
  adopt(members: Members): void {
    this.#hostPaused = members.pause !== undefined;
    this.#paused.clear();
    this.#unheard.clear();
    for (const roster of members.rosters()) {
      const { protocol } = roster.rules;
      if (roster.isDeaf) this.#unheard.add(protocol);
      for (const { id, pause } of roster.values()) {
        if (pause !== undefined) this.#paused.add(nameOf({ protocol, id }));
      }
    }
  }

  /**
   * Takes an event.
   *
   * @return Whom it may concern: one member or everybody; `undefined` if nobody.
   */
  take(event: PulseEvent): Named | "all" | undefined {
    switch (event.type) {
      case "member-paused":
      case "member-resumed": {
        const { type, member } = event;
        if (member === undefined) this.#hostPaused = type === "member-paused";
        else if (type === "member-paused") this.#paused.add(nameOf(member));
        else this.#paused.delete(nameOf(member));
        return member ?? "all";
      }
      case "member-forgotten":
        this.#paused.delete(nameOf(event.member));
        return undefined;
      case "deafness-began":
        this.#unheard.add(event.protocol);
        return "all";
      case "deafness-ended":
        this.#unheard.delete(event.protocol);
        return "all";
      default:
        return undefined;
    }
  }
}
