/**
 * Warns about a certificate that clients refuse, or soon will, because of its dates.
 *
 * @module
 */

import { DAY_MS } from "../core/clock.ts";

/** What is known about a certificate. */
export interface CheckedCertificate {
  /** Its file. */
  readonly path: string;
  /** Start and end of its validity: unix time in milliseconds. */
  readonly fromMs: number;
  readonly toMs: number;
  /** A warning that does not depend on the time, if there is one. */
  readonly warning: string | undefined;
}

/** How long before the end a warning begins, in milliseconds: it includes a weekend. */
const ENDS_SOON_MS = 7 * DAY_MS;

/**
 * The warning that a certificate's dates cause: clients refuse it, or soon will.
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
