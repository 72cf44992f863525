/**
 * Decides from which addresses packets and connections are accepted.
 *
 * @module
 */

import { type AddressBytes, type Cidr, cidrContains, parseAddress } from "../core/cidr.ts";

/** The most blocks in one list. */
export const FILTER_BLOCKS_MAX = 1_000;

/** Options of {@linkcode AddressFilter}. */
export interface AddressFilterOptions {
  /** Only these addresses are accepted; all if empty or not given. */
  allow?: readonly Cidr[];
  /** These addresses are refused, even if they are allowed. */
  deny?: readonly Cidr[];
}

/** An allow list and a deny list of address blocks; deny wins. */
export class AddressFilter {
  readonly #allow: readonly Cidr[];
  readonly #deny: readonly Cidr[];

  /** @throws {RangeError} if a list has more than {@linkcode FILTER_BLOCKS_MAX} blocks. */
  constructor(options: AddressFilterOptions = {}) {
    this.#allow = checked(options.allow ?? []);
    this.#deny = checked(options.deny ?? []);
  }

  /** Whether the filter accepts every address. */
  get isOpen(): boolean {
    return this.#allow.length === 0 && this.#deny.length === 0;
  }

  /** Whether an address is accepted. Only an open filter accepts text that is not an address. */
  admits(hostname: string): boolean {
    if (this.isOpen) return true;
    const address = parseAddress(hostname);
    if (address === undefined || isIn(this.#deny, address)) return false;
    return this.#allow.length === 0 || isIn(this.#allow, address);
  }
}

function isIn(blocks: readonly Cidr[], address: AddressBytes): boolean {
  return blocks.some((block) => cidrContains(block, address));
}

function checked(blocks: readonly Cidr[]): readonly Cidr[] {
  if (blocks.length <= FILTER_BLOCKS_MAX) return blocks;
  throw new RangeError(
    `Cannot make filter: a list has ${blocks.length} blocks, must be <= ${FILTER_BLOCKS_MAX}`,
  );
}
