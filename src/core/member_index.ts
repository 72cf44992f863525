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
  /** The most members at once, including gone members that are still remembered. */
  membersMax: number;
  /** The most members with one address. */
  membersPerAddressMax: number;
}

/** Members by identity, in the order of their registration, bounded in all and by address. */
export class MemberIndex {
  readonly #limits: MemberIndexLimits;
  readonly #members = new Map<string, Member>();
  readonly #perAddress = new Map<string, number>();
  /** Gone members, longest gone first: the first one makes room for a newcomer. */
  readonly #gone = new Set<Member>();
  /** Gone members by address, so that a full address need not search all of them. */
  readonly #gonePerAddress = new Map<string, Set<Member>>();

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
   * Whether one more member fits at an address, and which member has to go for it. A member in
   * maintenance is never removed: its operator wants it back.
   *
   * @return `undefined` if there is room, a gone member that must be deleted first, or the refusal.
   */
  roomFor(address: string): Member | Refusal | undefined {
    const { membersMax, membersPerAddressMax } = this.#limits;
    const addressFull = (this.#perAddress.get(address) ?? 0) >= membersPerAddressMax;
    if (!addressFull && this.#members.size < membersMax) return undefined;
    const candidates = addressFull ? this.#gonePerAddress.get(address) : this.#gone;
    for (const member of candidates ?? []) {
      if (member.pause === undefined) return member;
    }
    return addressFull ? "address-full" : "full";
  }

  /** Adds a member whose identity is new, at the end. */
  add(member: Member): void {
    this.#members.set(member.id, member);
    this.#perAddress.set(member.address, (this.#perAddress.get(member.address) ?? 0) + 1);
  }

  /** Removes a member. */
  delete(member: Member): void {
    if (!this.#members.delete(member.id)) return;
    this.#unmarkGone(member);
    const count = (this.#perAddress.get(member.address) ?? 0) - 1;
    if (count > 0) this.#perAddress.set(member.address, count);
    else this.#perAddress.delete(member.address);
  }

  /** Notes that a member is gone, so that it can make room for others. */
  markGone(member: Member): void {
    this.#gone.add(member);
    const neighbours = this.#gonePerAddress.get(member.address);
    if (neighbours !== undefined) neighbours.add(member);
    else this.#gonePerAddress.set(member.address, new Set([member]));
  }

  /** Notes that a member is back: it moves to the end, like a new one. */
  markBack(member: Member): void {
    this.#unmarkGone(member);
    this.#members.delete(member.id);
    this.#members.set(member.id, member);
  }

  #unmarkGone(member: Member): void {
    if (!this.#gone.delete(member)) return;
    const neighbours = this.#gonePerAddress.get(member.address);
    neighbours?.delete(member);
    if (neighbours?.size === 0) this.#gonePerAddress.delete(member.address);
  }
}
