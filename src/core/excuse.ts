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
 * milliseconds: as much as it took to reach its state, which is certain. How long the member has
 * been silent since then cannot be told from the time in which nobody listened. It leaves the member
 * at least one whole promise W before its next step. A member that was well, or that is lost because
 * it said so, starts over; the silence of one that takes no further step is kept for display.
 *
 * @param silentMs All of the silence, in milliseconds.
 */
export function excusedSilenceMs(
  member: Pick<Member, "state" | "beats" | "promiseMs" | "failure">,
  silentMs: number,
  limits: SilenceLimits,
): number {
  const { state, beats, promiseMs, failure } = member;
  if (state === "gone") return silentMs;
  const stage = stageOfState(state);
  if (beats === 0 || stage === 0) return 0;
  const nextMs = silenceOfNextStageMs(stage, promiseMs, limits);
  if (nextMs === Infinity) return silentMs;
  if (failure !== undefined) return 0;
  const reachedMs = silenceOfNextStageMs((stage - 1) as Stage, promiseMs, limits);
  return Math.max(0, Math.min(silentMs, reachedMs, nextMs - promiseMs));
}
