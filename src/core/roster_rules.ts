/**
 * What a roster is given: the rules of a protocol, what was heard, and who collects the changes.
 *
 * @module
 */

import type { MemberIndexLimits } from "./member_index.ts";
import type { MemberLeasesRules } from "./member_leases.ts";
import type { Member, MemberRef, Protocol } from "./member.ts";

/** What a protocol's members have in common. */
export interface RosterRules extends MemberIndexLimits, MemberLeasesRules {
  protocol: Protocol;
  /**
   * Parses an identity, so that an operator may name a member before it was ever heard; `undefined`
   * if it is not one of this protocol.
   */
  parseId?: (id: string) => Omit<MemberRef, "protocol"> | undefined;
}

/** Who was heard, and what it promised. */
export interface Heard {
  id: string;
  name: string;
  address: string;
  /** W: the longest silence that the member promises from now on, in milliseconds, more than 0. */
  promiseMs: number;
  /** `start`: the member announces its main loop; `beat`: it is in its main loop. */
  kind: "start" | "beat";
}

/** Collects which records a store has to write. */
export interface Changes {
  changed(member: Member): void;
  removed(id: string): void;
}
