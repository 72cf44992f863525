/**
 * The laws that figures obey at any moment, and each time that one of them was looked at.
 *
 * @module
 */

/** What a figure must be at one moment. */
export interface Claim {
  /** The law as a sentence; it is the name of the law. */
  readonly law: string;
  readonly value: number;
  readonly atLeast?: number;
  readonly atMost?: number;
  /** What more there is to say if it does not hold. */
  readonly detail?: string;
}

/** What became of a law. */
export interface LawRow {
  readonly law: string;
  readonly checks: number;
  readonly broken: number;
  /** The first time that it was broken, in a sentence. */
  readonly breach: string | undefined;
}

/** Keeps count of claims. */
export class LawBook {
  readonly #rows = new Map<string, LawRow>();

  /** Looks at claims; gives a sentence for each that does not hold. */
  check(claims: readonly Claim[]): string[] {
    return claims.flatMap((claim) => {
      const breach = breachOf(claim);
      const { law } = claim;
      const row = this.#rows.get(law) ?? { law, checks: 0, broken: 0, breach: undefined };
      this.#rows.set(law, {
        law,
        checks: row.checks + 1,
        broken: row.broken + (breach === undefined ? 0 : 1),
        breach: row.breach ?? breach,
      });
      return breach === undefined ? [] : [breach];
    });
  }

  /** All laws that were looked at. */
  get rows(): readonly LawRow[] {
    return [...this.#rows.values()];
  }
}

/** A figure that is no number breaks every law. */
function breachOf(
  { law, value, atLeast = -Infinity, atMost = Infinity, detail = "" }: Claim,
): string | undefined {
  if (value >= atLeast && value <= atMost) return undefined;
  const limits = [
    ...(atLeast === -Infinity ? [] : [`>= ${atLeast}`]),
    ...(atMost === Infinity ? [] : [`<= ${atMost}`]),
  ];
  const more = detail === "" ? "" : ` (${detail})`;
  return `${law}: ${value}, must be ${limits.join(" and ")}${more}`;
}
