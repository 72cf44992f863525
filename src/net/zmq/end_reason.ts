/**
 * Why a ZeroMQ connection ended, in words for people.
 *
 * @module
 */

import type { CloseReason } from "../tcp/connection_limits.ts";

/** The reason, worded to follow "PEER: ". */
export function endReason(reason: CloseReason | undefined): string {
  switch (reason) {
    case "opening-timeout":
      return "the handshake took too long";
    case "idle-timeout":
    case "busy-timeout":
      return "the peer was silent for too long";
    case "write-stalled":
    case "queue-full":
      return "the peer read nothing for too long";
    default:
      return "the peer ended it";
  }
}
