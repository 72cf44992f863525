/**
 * What a console makes of documents, which say nothing of whether their host still lives.
 */

import { strict as assert } from "node:assert";
import { Events } from "../../../src/core/events.ts";
import { recordOf } from "../../../src/core/member_record.ts";
import { Members } from "../../../src/core/members.ts";
import { fleetRules } from "../../../src/roles/fleet/options.ts";
import { Viewer } from "../../../src/roles/fleet/viewer.ts";
import { encodeDocument } from "../../../src/wire/fleet/host_document.ts";
import { fleetSubject } from "../../../src/wire/fleet/subjects.ts";
import { NO_COUNTS } from "./started_role.ts";

const SUBJECT = fleetSubject("museum", "host", "foyer");
const DOCUMENT = encodeDocument({
  epoch: 1,
  seq: 1,
  version: "1",
  url: null,
  label: null,
  verdict: "well",
  headline: "well",
  counts: NO_COUNTS,
  members: [],
});
const LOST_MS = 20_000;

Deno.test("Viewer: a host that is lost stays lost when a new run reads its document again", () => {
  let at = 0;
  const open = () => {
    const roster = new Members({ now: at, events: new Events() }).open(fleetRules());
    return new Viewer({ roster, now: () => at, wake: () => {}, onRefused: () => {} });
  };
  const first = open();
  first.document(SUBJECT, DOCUMENT);
  const { roster } = first;
  assert.equal(roster.get("foyer")?.state, "starting");
  at += LOST_MS;
  roster.advance(at);
  const member = roster.get("foyer");
  assert.equal(member?.state, "lost");
  assert.ok(member !== undefined);

  const second = open();
  second.roster.restore(recordOf(member, at), at);
  second.document(SUBJECT, DOCUMENT);
  assert.equal(second.roster.get("foyer")?.state, "lost");
});

Deno.test("Viewer tells for a minute of a message that it cannot use, and counts it for good", () => {
  let at = 0;
  const roster = new Members({ now: at, events: new Events() }).open(fleetRules());
  const refused: unknown[] = [];
  const viewer = new Viewer({
    ...{ roster, now: () => at, wake: () => {} },
    onRefused: (refusal) => refused.push(refusal),
  });
  const from = () => viewer.lastRefusal?.host;
  assert.equal(from(), undefined);
  viewer.document(SUBJECT, new TextEncoder().encode("no JSON"));
  assert.equal(refused.length, 1);
  assert.equal(from(), "foyer");
  at = 59_999;
  assert.equal(from(), "foyer");
  at = 60_000;
  assert.equal(from(), undefined);
  assert.equal(Object.values(viewer.refused).reduce((sum, count) => sum + count, 0), 1);
  assert.equal(roster.size, 0, "nobody became a member by it");
});
