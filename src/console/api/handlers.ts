/**
 * The handlers of the API's operations.
 *
 * @module
 */

import type { Member, MemberState, Pause } from "../../core/member.ts";
import type { Roster } from "../../core/roster.ts";
import { viewEntry, writeCsv } from "../history_view.ts";
import { type Host, viewContext } from "../host.ts";
import { EVENT_STREAM_HEADERS } from "../live/event_stream.ts";
import type { LiveHub } from "../live/live_hub.ts";
import { viewMember, viewMemberDetail, viewPause } from "../member_view.ts";
import { viewOutages } from "../outages.ts";
import type { Listed } from "../overview.ts";
import { phonesOf } from "../panels.ts";
import type { Problem } from "../problem.ts";
import { viewUptime } from "../uptime.ts";
import { inTurns } from "../turns.ts";
import { viewLastRun } from "../telling_view.ts";
import { verdictOf } from "../verdict.ts";
import { badgeHandlers } from "./badge_handlers.ts";
import { careHandlers, toPause } from "./care_handlers.ts";
import { fleetHandlers, NO_FLEET } from "./fleet_handlers.ts";
import { findMember, parseMember } from "./member_lookup.ts";
import type { Handlers } from "./operations.ts";
import { operateAll, panelHandlers } from "./panel_handlers.ts";
import { isMeant, type MembersQuestion } from "./members_question.ts";
import { Refusal } from "./router.ts";

/** Makes the handlers of a host. */
export function createHandlers(host: Host, hub: LiveHub): Handlers {
  return {
    ...panelHandlers(host),
    ...badgeHandlers(host),
    ...careHandlers(host),
    ...fleetHandlers(host),
    operateAllGameClients: ({ body }) => operateAll(host, body.action),
    getVerdict: () => verdictOf(host),
    listMembers: ({ query }) => listMembers(host, query),
    getMember({ id }) {
      const found = current(host, id);
      return viewMemberDetail(found.roster, found.member, viewContext(host));
    },
    isMemberOk({ id }) {
      const { roster, member } = current(host, id);
      const isOk = isWell(roster.stateOf(member)) || isPaused(host, member.pause);
      return new Response(isOk ? "OK\n" : "NOT_OK\n", { status: isOk ? 200 : 503 });
    },
    getMemberUptime({ id, query }) {
      const { roster, member } = current(host, id);
      const { protocol } = roster.rules;
      return viewUptime(host.uptime.query({ protocol, id: member.id }), query.days);
    },
    listOutages({ query }) {
      host.members.advance(host.now());
      return viewOutages(host, query);
    },
    pauseMember({ id, body }) {
      const { roster, ref } = body.expect ? parseMember(host, id) : known(host, id);
      const member = roster.pause(ref, toPause(host, body), host.now());
      if (typeof member === "string") throw full(member);
      return viewMember(roster, member, viewContext(host));
    },
    resumeMember({ id }) {
      const { roster, member } = findMember(host, id);
      const before = viewMember(roster, member, viewContext(host));
      roster.resume(member, "operator", host.now());
      const after = roster.get(member.id);
      // The pause may have been the only reason to keep the member.
      return after === undefined
        ? { ...before, pause: null }
        : viewMember(roster, after, viewContext(host));
    },
    forgetMember({ id }) {
      const { roster, member } = current(host, id);
      const before = viewMember(roster, member, viewContext(host));
      roster.forget(member, "operator", host.now());
      host.tags.give(roster.ref(member), []);
      return before;
    },
    announceMember({ id, body }) {
      const { roster, ref } = parseMember(host, id);
      const member = roster.announce(ref, body.graceMs, host.now());
      if (typeof member === "string") throw full(member);
      return viewMember(roster, member, viewContext(host));
    },
    pauseHost({ body }) {
      host.members.pauseAll(toPause(host, body), host.now());
      return { pause: viewPause(host.members.pause, viewContext(host)) };
    },
    resumeHost() {
      host.members.resumeAll("operator", host.now());
      return { pause: null };
    },
    confirmWarnings() {
      host.confirmWarnings();
      return { warnings: host.warnings() };
    },
    getTelling: () => ({ ways: host.telling.ways, lastRun: viewLastRun(host) }),
    async testNotifications() {
      const trials = await host.telling.test();
      if (trials.length === 0) throw new Refusal(NOBODY_TOLD);
      return { ok: trials.every(({ ok }) => ok), trials };
    },
    listHistory: ({ query }) => ({ entries: historyOf(host, query) }),
    exportHistory: ({ query }) =>
      new Response(writeCsv(historyOf(host, query)), {
        headers: {
          "content-type": "text/csv; charset=utf-8; header=present",
          "content-disposition": 'attachment; filename="history.csv"',
        },
      }),
    streamEvents({ peerAddress, query, holds }) {
      const wishes = { beats: query.beats === "1", fleet: query.fleet === "1" };
      if (wishes.fleet && host.panels.fleet === undefined) throw new Refusal(NO_FLEET);
      const stream = hub.open(peerAddress, wishes, holds);
      if (stream === undefined) throw new Refusal(TOO_MANY_STREAMS);
      return new Response(stream.body, { headers: EVENT_STREAM_HEADERS });
    },
  };
}

const TOO_MANY_STREAMS: Problem = {
  status: 503,
  title: "Too many event streams",
  detail: "As many pages and programs listen already as are allowed",
};

const NOBODY_TOLD: Problem = {
  status: 404,
  title: "Nobody is told",
  detail: "This host tells nobody: start it with --webhook-file, --webhook or --on-lost",
};

function current(host: Host, id: string): ReturnType<typeof findMember> {
  host.members.advance(host.now());
  return findMember(host, id);
}

function known(host: Host, id: string): { roster: Roster; ref: Member } {
  const { roster, member } = findMember(host, id);
  return { roster, ref: member };
}

function isWell(state: MemberState): boolean {
  return state === "ok" || state === "starting";
}

function isPaused(host: Host, pause: Pause | undefined): boolean {
  return pause !== undefined || host.members.pause !== undefined;
}

/** A page of the members of all protocols that match a query. */
async function listMembers(host: Host, query: MembersQuestion) {
  const { offset, limit } = query;
  host.members.advance(host.now());
  const listed: Listed[] = [];
  let total = 0;
  for (const roster of host.members.rosters()) {
    for (const member of roster.values()) {
      if (!isMeant(host, roster, member, query)) continue;
      if (total++ < offset || listed.length === limit) continue;
      listed.push([roster, member]);
    }
  }
  const members = await inTurns(
    listed,
    ([roster, member]) => viewMember(roster, member, viewContext(host)),
  );
  const { verdict, headline } = verdictOf(host);
  const pause = viewPause(host.members.pause, viewContext(host));
  const phones = phonesOf(host.panels);
  return { members, total, verdict, headline, phones, pause };
}

function historyOf(
  host: Host,
  query: { member?: string | undefined; since?: string | undefined; limit: number },
) {
  const { member, since, limit } = query;
  return host.history.query({
    limit,
    ...(since === undefined ? {} : { since: Date.parse(since) }),
    ...(member === undefined ? {} : { member: historyMember(host, member) }),
  }).map(viewEntry);
}

/** A member in the history may have been forgotten since. */
function historyMember(host: Host, id: string) {
  for (const { rules: { protocol } } of host.members.rosters()) {
    const prefix = `${protocol}/`;
    if (id.startsWith(prefix)) return { protocol, id: id.slice(prefix.length) };
  }
  const { roster, member } = findMember(host, id);
  return { protocol: roster.rules.protocol, id: member.id };
}

function full(refusal: "full" | "address-full"): Refusal {
  return new Refusal({
    status: 503,
    title: "No room",
    detail: refusal === "full"
      ? "The table of members is full"
      : "This address has as many members as are allowed",
  });
}
