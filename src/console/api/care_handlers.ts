/**
 * The operations with which people look after members.
 *
 * @module
 */

import { DAY_MS, SECOND_MS } from "../../core/clock.ts";
import type { Pause } from "../../core/member.ts";
import { TAGGED_MEMBERS_MAX } from "../../core/member_tags.ts";
import { type Host, viewContext } from "../host.ts";
import { type MemberView, viewMember } from "../member_view.ts";
import type { Problem } from "../problem.ts";
import type { CARE_OPERATIONS } from "./care_operations.ts";
import { findMember, type Found } from "./member_lookup.ts";
import type { Handlers } from "./operations.ts";
import { Refusal } from "./router.ts";
import { PAUSE_MS_MAX } from "./schemas.ts";

/** Makes the handlers of a host. */
export function careHandlers(host: Host): Pick<Handlers, keyof typeof CARE_OPERATIONS> {
  const acknowledge = (id: string, { by, note }: { by: string; note: string }) => {
    const found = findCurrent(host, id);
    if (!isTroubled(found)) throw nothingToHandle(found);
    const now = host.now();
    found.roster.acknowledge(found.member, { by, note, at: now }, now);
    return view(host, found);
  };
  return {
    acknowledgeMember: ({ id, body }) => acknowledge(id, body),
    withdrawAcknowledgement({ id }) {
      const found = findCurrent(host, id);
      found.roster.acknowledge(found.member, undefined, host.now());
      return view(host, found);
    },
    acknowledgeMembers: ({ body }) => eachOf(body.ids, (id) => acknowledge(id, body)),
    getMemberTags({ id }) {
      const { roster, member } = findCurrent(host, id);
      const ref = roster.ref(member);
      return { tags: host.tags.given(ref), configured: host.tags.configured(ref.name) };
    },
    setMemberTags({ id, body }) {
      const found = findCurrent(host, id);
      const ref = found.roster.ref(found.member);
      const tags = [...new Set(body.tags)];
      const outcome = host.tags.give(ref, tags);
      if (outcome === "full") throw new Refusal(TOO_MANY_TAGGED);
      if (outcome === "changed") {
        host.events.publish({ type: "member-tagged", at: host.now(), member: ref, tags });
      }
      return view(host, found);
    },
    pauseMembers({ body }) {
      const pause = toPause(host, body);
      return eachOf(body.ids, (id) => {
        const found = findCurrent(host, id);
        found.roster.pause(found.member, pause, host.now());
        return view(host, found);
      });
    },
  };
}

/**
 * The maintenance that a body asks for.
 *
 * @throws {Refusal} if its end is no moment to come.
 */
export function toPause(
  host: Host,
  { reason, forMs, until }: {
    reason: string;
    forMs?: number | undefined;
    until?: string | undefined;
  },
): Pause {
  if (until === undefined) {
    return { reason, until: forMs === undefined ? Infinity : host.now() + forMs };
  }
  if (forMs !== undefined) throw noEnd("Write forMs or until, not both");
  const leftMs = Date.parse(until) - host.clock.wall();
  if (leftMs >= SECOND_MS && leftMs <= PAUSE_MS_MAX) return { reason, until: host.now() + leftMs };
  throw noEnd(`until: ${until} is past, or more than ${PAUSE_MS_MAX / DAY_MS} days ahead`);
}

const TOO_MANY_TAGGED: Problem = {
  status: 503,
  title: "No room",
  detail:
    `${TAGGED_MEMBERS_MAX} members have tags of their own already: take those of another one ` +
    "away, or use --tag",
};

function noEnd(detail: string): Refusal {
  return new Refusal({ status: 422, title: "Invalid input", detail });
}

/** Applies an operation to each member; one that fails does not stop the others. */
function eachOf(
  ids: readonly string[],
  act: (id: string) => MemberView,
): { members: MemberView[]; refused: { id: string; detail: string }[] } {
  const members: MemberView[] = [];
  const refused: { id: string; detail: string }[] = [];
  for (const id of new Set(ids)) {
    try {
      members.push(act(id));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      refused.push({ id, detail: error.problem.detail });
    }
  }
  return { members, refused };
}

function findCurrent(host: Host, id: string): Found {
  host.members.advance(host.now());
  return findMember(host, id);
}

function view(host: Host, { roster, member }: Found): MemberView {
  return viewMember(roster, member, viewContext(host));
}

function isTroubled({ roster, member }: Found): boolean {
  const state = roster.stateOf(member);
  return state === "late" || state === "lost" || state === "gone";
}

function nothingToHandle({ roster, member }: Found): Refusal {
  const { name } = member;
  const state = roster.stateOf(member);
  return new Refusal({
    status: 409,
    title: "Nothing to look after",
    detail: `"${name}" is ${state}: only a member that is late, lost or gone can be acknowledged`,
  });
}
