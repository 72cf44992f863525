/**
 * How much of a silence still counts if it was not the member's fault.
 *
 * @module
 */

import { type Member, type MemberState, silenceOfNextStageMs, type Stage } from "./member.ts";
import type { SilenceLimits } from "./silence_limits.ts";

/** The stage that belongs to a state. */
export function stageOfState(state: MemberState): Stage {
  switch (state) {
    case "unknown":
    case "starting":
    case "ok":
      return 0;
    case "late":
      return 2;
    case "lost":
      return 3;
    case "gone":
      return 4;
  }
}

/**
 * How much of a silence still counts after a time in which no member could be heard, in
 * milliseconds. It leaves the member at least one whole promise W before its next step. A member
 * that was well starts over; a gone one stays gone for as long as before.
 */
export function excusedSilenceMs(
  member: Pick<Member, "state" | "beats" | "promiseMs">,
  silentMs: number,
  limits: SilenceLimits,
): number {
  const { state, beats, promiseMs } = member;
  if (state === "gone") return silentMs;
  if (beats === 0 || stageOfState(state) === 0) return 0;
  const nextMs = silenceOfNextStageMs(stageOfState(state), promiseMs, limits);
  return Math.max(0, Math.min(silentMs, nextMs - promiseMs));
}
