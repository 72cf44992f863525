/**
 * The applications that a setting expects.
 *
 * @module
 */

import type { Member } from "../../core/member.ts";
import type { Roster } from "../../core/roster.ts";
import { formatIdentity, type HilbertIdentity } from "../../wire/hilbert/identity.ts";
import { ExpectedBefore, type ExpectedKeeper } from "./expected_before.ts";

/** What {@linkcode Expectations} needs. */
export interface ExpectationsOptions {
  readonly roster: Roster;
  readonly keeper: ExpectedKeeper;
  /** How long an application may take to be heard, in milliseconds. */
  readonly graceMs: number;
  /** Called with deadlines that may be the earliest, in listening time (ms). */
  readonly wake: ((deadline: number) => void) | undefined;
}

/** Announces expected applications, and forgets those no longer expected and never heard. */
export class Expectations {
  readonly #options: ExpectationsOptions;
  readonly #before: ExpectedBefore;

  constructor(options: ExpectationsOptions) {
    this.#options = options;
    this.#before = new ExpectedBefore(options.keeper);
  }

  /**
   * Called at the start: every application gets its grace period. Returns those that found no room.
   */
  begin(expected: readonly HilbertIdentity[], now: number): string[] {
    this.#drop(expected, now);
    return this.#announce(expected, now);
  }

  /** Called while the host runs: only newly expected applications get a grace period. */
  replace(expected: readonly HilbertIdentity[], now: number): string[] {
    const wasExpected = this.#before.reader();
    this.#drop(expected, now);
    return this.#announce(expected.filter((identity) => !wasExpected(idOf(identity))), now);
  }

  #drop(expected: readonly HilbertIdentity[], now: number): void {
    const { roster } = this.#options;
    const wasExpected = this.#before.reader();
    const ids = new Set(expected.map(idOf));
    const isDropped = ({ beats, id }: Member) => beats === 0 && !ids.has(id) && wasExpected(id);
    // An application that was ever heard is a member like any other.
    for (const member of [...roster.values()].filter(isDropped)) {
      roster.forget(member, "setting", now);
    }
    this.#before.replace([...ids]);
    roster.expect(ids);
  }

  #announce(expected: readonly HilbertIdentity[], now: number): string[] {
    const { roster, graceMs, wake } = this.#options;
    const left: string[] = [];
    for (const identity of expected) {
      const id = idOf(identity);
      const member = roster.announce({ ...identity, id }, graceMs, now);
      if (typeof member === "string") left.push(id);
      else wake?.(roster.deadline(member));
    }
    return left;
  }
}

function idOf({ name, address }: HilbertIdentity): string {
  return formatIdentity(name, address);
}
