/**
 * Finds members, and keeps their number within limits.
 *
 * @module
 */

import type { Member } from "./member.ts";

/** Why a new member was not taken. */
export type Refusal = "full" | "address-full";

/** Limits of a {@linkcode MemberIndex}. */
export interface MemberIndexLimits {
  /** The most members at once, those that are remembered as gone included. */
  membersMax: number;
  /** The most members with one address. */
  membersPerAddressMax: number;
}

/** Members by identity, in the order of their registration, bounded in all and by address. */
export class MemberIndex {
  readonly #limits: MemberIndexLimits;
  readonly #members = new Map<string, Member>();
  readonly #perAddress = new Map<string, number>();
  /** Gone members, the one that went first in front: the first to make room for newcomers. */
  readonly #gone = new Set<Member>();

  constructor(limits: MemberIndexLimits) {
    this.#limits = limits;
  }

  /** Number of members. */
  get size(): number {
    return this.#members.size;
  }

  /** The member with this identity. */
  get(id: string): Member | undefined {
    return this.#members.get(id);
  }

  /** All members in the order of their registration. */
  values(): IterableIterator<Member> {
    return this.#members.values();
  }

  /**
   * Whether there is room for one more member at an address, and at whose expense.
   *
   * @return `undefined` if there is room, a gone member that must be deleted first, or the refusal.
   */
  roomFor(address: string): Member | Refusal | undefined {
    const { membersMax, membersPerAddressMax } = this.#limits;
    const full = (this.#perAddress.get(address) ?? 0) >= membersPerAddressMax;
    if (!full && this.#members.size < membersMax) return undefined;
    for (const member of this.#gone) {
      if (!full || member.address === address) return member;
    }
    return full ? "address-full" : "full";
  }

  /** Adds a member whose identity is new, at the end. */
  add(member: Member): void {
    this.#members.set(member.id, member);
    this.#perAddress.set(member.address, (this.#perAddress.get(member.address) ?? 0) + 1);
  }

  /** Removes a member. */
  delete(member: Member): void {
    if (!this.#members.delete(member.id)) return;
    this.#gone.delete(member);
    const count = (this.#perAddress.get(member.address) ?? 0) - 1;
    if (count > 0) this.#perAddress.set(member.address, count);
    else this.#perAddress.delete(member.address);
  }

  /** Takes note that a member is gone: it makes room if need be. */
  markGone(member: Member): void {
    this.#gone.add(member);
  }

  /** Takes note that a member is back: it stands at the end, as a new one would. */
  markBack(member: Member): void {
    this.#gone.delete(member);
    this.#members.delete(member.id);
    this.#members.set(member.id, member);
  }
}
