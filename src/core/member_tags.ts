/**
 * The tags by which an operator filters members.
 *
 * A member has the tags that the settings give its name, and those that were set for it alone
 * through the API. Neither replaces the other: what is written in the settings can only be taken
 * away there.
 *
 * @module
 */

import type { MemberRef } from "./member.ts";
import { Overruled } from "./overruled.ts";

/** The most tags of one member in the settings, and again through the API. */
export const TAGS_PER_MEMBER_MAX = 20;
/** Characters of a tag. */
export const TAG_LENGTH_MAX = 40;
/** The most members whose tags are set through the API. */
export const TAGGED_MEMBERS_MAX = 1_000;

/** What a tag consists of: letters of any script, digits and hyphens. */
export const TAG_PATTERN: RegExp = /^[\p{L}\p{N}-]{1,40}$/u;

/** Tags of everybody with a name. */
export interface TaggedName {
  readonly name: string;
  readonly tags: readonly string[];
}

/** Who has which tags. */
export class MemberTags {
  readonly #byName = new Map<string, readonly string[]>();
  readonly #given = new Map<string, readonly string[]>();
  readonly #changed = new Set<string>();
  #rewrite = false;
  readonly #overruled = new Overruled<true>();

  /** Replaces the tags of the settings; several entries for one name add up. */
  configure(entries: Iterable<TaggedName>): void {
    this.#byName.clear();
    for (const { name, tags } of entries) {
      this.#byName.set(name, [...new Set([...this.configured(name), ...tags])]);
    }
  }

  /** All tags of a member: those of the settings first. */
  of({ protocol, id, name }: Pick<MemberRef, "protocol" | "id" | "name">): readonly string[] {
    const configured = this.configured(name);
    if (this.#given.size === 0) return configured;
    const given = this.given({ protocol, id });
    if (given.length === 0) return configured;
    return configured.length === 0 ? given : [...new Set([...configured, ...given])];
  }

  /** The tags that the settings give to everybody with this name. */
  configured(name: string): readonly string[] {
    return this.#byName.get(name) ?? NONE;
  }

  /** The tags that were set for one member through the API. */
  given(member: Pick<MemberRef, "protocol" | "id">): readonly string[] {
    return this.#given.get(keyOf(member)) ?? NONE;
  }

  /**
   * Replaces the tags that were set for one member; none are kept if the list is empty.
   *
   * @return `full`, without any effect, if as many members as are allowed have tags; `same` if it
   * had these tags already.
   */
  give(
    member: Pick<MemberRef, "protocol" | "id">,
    tags: readonly string[],
  ): "changed" | "same" | "full" {
    const key = keyOf(member);
    const before = this.#given.get(key) ?? NONE;
    if (before.length === tags.length && before.every((tag, index) => tag === tags[index])) {
      // An earlier run may have set others, which are not restored yet.
      this.#overruled.note(key, true);
      return "same";
    }
    if (tags.length === 0) this.#given.delete(key);
    else if (before.length === 0 && this.#given.size >= TAGGED_MEMBERS_MAX) return "full";
    else this.#given.set(key, tags);
    this.#changed.add(key);
    this.#overruled.note(key, true);
    // Members that come and go while the disk is away must not accumulate.
    if (this.#changed.size > 2 * TAGGED_MEMBERS_MAX) this.rewrite();
    return "changed";
  }

  /** Whether a store has something to write. */
  get changed(): boolean {
    return this.#rewrite || this.#changed.size > 0;
  }

  /** What a store has to write: everything, or only what has changed since it settled. */
  changes(): { all: boolean; members: Map<string, readonly string[]> } {
    const keys = this.#rewrite ? this.#given.keys() : this.#changed;
    const members = new Map([...keys].map((key) => [key, this.#given.get(key) ?? NONE]));
    return { all: this.#rewrite, members };
  }

  /** Takes over the tags of an earlier run, unless this run has set others. */
  restore(member: Pick<MemberRef, "protocol" | "id">, tags: readonly string[]): void {
    const key = keyOf(member);
    if (this.#overruled.get(key) || this.#given.size >= TAGGED_MEMBERS_MAX) return;
    this.#given.set(key, tags);
  }

  /** Records that everything of an earlier run is restored. */
  endRestoring(): void {
    this.#overruled.end();
  }

  /** Records that the changes are on disk. */
  settle(): void {
    this.#changed.clear();
    this.#rewrite = false;
  }

  /** Marks everything to be rewritten, for a database that may have lost it. */
  rewrite(): void {
    this.#rewrite = true;
    this.#changed.clear();
  }
}

const NONE: readonly string[] = [];

function keyOf({ protocol, id }: Pick<MemberRef, "protocol" | "id">): string {
  return `${protocol}/${id}`;
}
