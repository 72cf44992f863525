/**
 * Decides which console notifies people of a fleet's hosts: this one or another.
 *
 * @module
 */

import type { MemberRef } from "../core/member.ts";
import type { Notice } from "../core/notices.ts";

/** The part of the fleet role that notifies people, as this host needs it. */
export interface FleetSteward {
  take(notice: Notice): void;
  tells(host: string): boolean | undefined;
}

/** Asks the steward about hosts, and lets this host decide about all other members. */
export class FleetVoice {
  readonly #tellsHosts: boolean;
  #steward: FleetSteward | undefined;

  /** @param tellsHosts Whether this host may notify people of a fleet's hosts. */
  constructor(tellsHosts: boolean) {
    this.#tellsHosts = tellsHosts;
  }

  /** Asks this steward from now on. */
  attach(steward: FleetSteward): void {
    this.#steward = steward;
  }

  /** Whether this host never notifies people of a member. */
  isOthers({ protocol }: MemberRef): boolean {
    return protocol === "fleet" && !this.#tellsHosts;
  }

  /** Passes a notice to the steward. @return False if this host decides about it. */
  handOn(notice: Notice): boolean {
    if (this.#steward === undefined || notice.member?.protocol !== "fleet") return false;
    this.#steward.take(notice);
    return true;
  }

  /** Whether this host notifies people of a lost member; undefined while undecided. */
  tells(member: MemberRef): boolean | undefined {
    if (this.isOthers(member)) return false;
    if (member.protocol !== "fleet" || this.#steward === undefined) return true;
    return this.#steward.tells(member.id);
  }
}
