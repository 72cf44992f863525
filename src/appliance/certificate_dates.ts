/**
 * When a certificate is valid: what its clients will make of that.
 *
 * @module
 */

import { DAY_MS } from "../core/clock.ts";

/** What was found out about a certificate. */
export interface CheckedCertificate {
  /** Its file. */
  readonly path: string;
  /** When it begins and ends to be valid: unix time in milliseconds. */
  readonly fromMs: number;
  readonly toMs: number;
  /** What is worth a warning whatever the time is, if anything is. */
  readonly warning: string | undefined;
}

/** A certificate that ends sooner is warned of, in milliseconds: there is a weekend in between. */
const ENDS_SOON_MS = 7 * DAY_MS;

/**
 * What a certificate's dates are a reason for: clients refuse it, or soon will.
 *
 * @param wallMs Unix time in milliseconds.
 */
export function dateWarning(
  certificate: CheckedCertificate | undefined,
  wallMs: number,
): string | undefined {
  if (certificate === undefined) return undefined;
  const { path, fromMs, toMs } = certificate;
  if (wallMs < fromMs) {
    return `Clients refuse the certificate "${path}": it is valid from ${dayOf(fromMs)} on, ` +
      "or the clock of this machine is wrong";
  }
  if (wallMs >= toMs) {
    return `Clients refuse the certificate "${path}": it expired on ${dayOf(toMs)}, ` +
      "or the clock of this machine is wrong";
  }
  if (wallMs < toMs - ENDS_SOON_MS) return undefined;
  return `The certificate "${path}" expires on ${dayOf(toMs)}: replace it, then send SIGHUP`;
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
