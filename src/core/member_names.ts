/**
 * Resolves the names that people type to members; all tools and the API use it.
 *
 * @module
 */

/** What a member is known by. */
export interface Nameable {
  /** Identity within its protocol, for instance `tetris @ 127.0.0.1`. */
  readonly id: string;
  readonly name: string;
  /** Network address in text form. */
  readonly address: string;
}

/** Separates a name from its place. */
export const PLACE_MARK = " @ ";

/**
 * Finds all members that a text may mean. An identity or `NAME @ PLACE`, where the place is an
 * address or the name of a station, comes before a bare name, because a name may itself contain the
 * separator.
 *
 * @param stationOf What the operator calls the host at an address.
 * @return No member, one, or several from which the user has to choose.
 */
export function membersMeant<M extends Nameable>(
  text: string,
  members: Iterable<M>,
  stationOf: (member: M) => string | undefined,
): M[] {
  const inFull: M[] = [];
  const named: M[] = [];
  for (const member of members) {
    const { id, name, address } = member;
    const isPlaced = text.startsWith(`${name}${PLACE_MARK}`);
    const place = isPlaced ? text.slice(name.length + PLACE_MARK.length) : undefined;
    if (id === text || (isPlaced && (place === address || place === stationOf(member)))) {
      inFull.push(member);
    } else if (name === text) named.push(member);
  }
  return inFull.length > 0 ? inFull : named;
}

/** The most candidates that a sentence names. */
const CANDIDATES_MAX = 10;

/** The refusal of a text that means several members; it lists them. */
export function severalMeant(text: string, candidates: readonly string[]): string {
  const shown = candidates.slice(0, CANDIDATES_MAX).map((candidate) => `"${candidate}"`).join(", ");
  const left = candidates.length - CANDIDATES_MAX;
  return `"${text}" is the name of ${candidates.length} members: write one of ${shown}` +
    (left > 0 ? ` and ${left} more` : "");
}
