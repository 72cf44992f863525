/**
 * Explains why nothing answers at a place.
 *
 * @module
 */

import { isLoopback } from "../net/address.ts";
import { dialReason } from "../net/dial_reason.ts";
import { ExchangeError } from "../net/http/client.ts";

/**
 * Why a server cannot be reached. If nothing listens, it also says what to check: some ports can
 * only be reached from their own machine unless an option opens them to others.
 *
 * @param error The error of the attempt to connect.
 * @param hostname The host that was tried.
 * @param option The option with which Pulsebox listens for other machines.
 */
export function unreachableReason(error: unknown, hostname: string, option: string): string {
  const isRefused = error instanceof Deno.errors.ConnectionRefused ||
    (error instanceof ExchangeError && error.kind === "refused");
  return isRefused ? nobodyThere(hostname, option) : dialReason(error);
}

/** What to check if nothing listens; see {@linkcode unreachableReason}. */
export function nobodyThere(hostname: string, option: string): string {
  return isLoopback(hostname)
    ? "nothing listens there; is pulsebox running?"
    : `nothing listens there; is pulsebox running, with ${option} for other machines?`;
}
