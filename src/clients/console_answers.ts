/**
 * What a console tells.
 *
 * @module
 */

/** Maintenance, as the console tells it. */
export interface PauseInfo {
  readonly reason: string;
  /** ISO 8601, or null if it does not end by itself. */
  readonly until: string | null;
}

/** A member, as the console tells it. */
export interface MemberInfo {
  /** `PROTOCOL/IDENTITY`. */
  readonly id: string;
  readonly name: string;
  readonly address: string;
  readonly station?: string | null;
  readonly state: string;
  readonly silentMs: number;
  readonly promiseMs: number;
  readonly deadlineInMs: number | null;
  readonly beats: number;
  readonly pause: PauseInfo | null;
}

/** Phones that are woken, as one line. */
export interface PhonesInfo {
  readonly count: number;
  readonly newest: { readonly address: string; readonly registeredMs: number } | null;
}

/** A phone that is woken. */
export interface PhoneInfo {
  readonly address: string;
  readonly port: number;
  readonly registeredMs: number;
  readonly leftMs: number;
}

/** All members of a host. */
export interface MemberListing {
  readonly members: readonly MemberInfo[];
  /** Null if the host wakes no phones. */
  readonly phones?: PhonesInfo | null;
  readonly total: number;
  readonly pause: PauseInfo | null;
}
