/**
 * Finds members, and keeps their number within limits.
 *
 * @module
 */

import { addressBlock } from "./address_block.ts";
import type { Member } from "./member.ts";

/** Why a new member was not taken. */
export type Refusal = "full" | "address-full";

/** Limits of a {@linkcode MemberIndex}. */
export interface MemberIndexLimits {
  /** The most members at once, including gone members that are still remembered. */
  membersMax: number;
  /** The most members with one address, or with the addresses that one peer can use at will. */
  membersPerAddressMax: number;
}

/** Members by identity, in the order of their registration, bounded in all and by address. */
export class MemberIndex {
  readonly #limits: MemberIndexLimits;
  readonly #members = new Map<string, Member>();
  readonly #perBlock = new Map<string, number>();
  /** Gone members, longest gone first: the first one makes room for a newcomer. */
  readonly #gone = new Set<Member>();
  /** Gone members by block of addresses, so that a full one need not search all of them. */
  readonly #gonePerBlock = new Map<string, Set<Member>>();

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
    const block = addressBlock(address);
    const addressFull = (this.#perBlock.get(block) ?? 0) >= membersPerAddressMax;
    if (!addressFull && this.#members.size < membersMax) return undefined;
    const candidates = addressFull ? this.#gonePerBlock.get(block) : this.#gone;
    for (const member of candidates ?? []) {
      if (member.pause === undefined) return member;
    }
    return addressFull ? "address-full" : "full";
  }

  /** Adds a member whose identity is new, at the end. */
  add(member: Member): void {
    this.#members.set(member.id, member);
    const block = addressBlock(member.address);
    this.#perBlock.set(block, (this.#perBlock.get(block) ?? 0) + 1);
  }

  /** Removes a member. */
  delete(member: Member): void {
    if (!this.#members.delete(member.id)) return;
    this.#unmarkGone(member);
    const block = addressBlock(member.address);
    const count = (this.#perBlock.get(block) ?? 0) - 1;
    if (count > 0) this.#perBlock.set(block, count);
    else this.#perBlock.delete(block);
  }

  /** Notes that a member is gone, so that it can make room for others. */
  markGone(member: Member): void {
    this.#gone.add(member);
    const block = addressBlock(member.address);
    const neighbours = this.#gonePerBlock.get(block);
    if (neighbours !== undefined) neighbours.add(member);
    else this.#gonePerBlock.set(block, new Set([member]));
  }

  /** Notes that a member is back: it moves to the end, like a new one. */
  markBack(member: Member): void {
    this.#unmarkGone(member);
    this.#members.delete(member.id);
    this.#members.set(member.id, member);
  }

  #unmarkGone(member: Member): void {
    if (!this.#gone.delete(member)) return;
    const block = addressBlock(member.address);
    const neighbours = this.#gonePerBlock.get(block);
    neighbours?.delete(member);
    if (neighbours?.size === 0) this.#gonePerBlock.delete(block);
  }
}
