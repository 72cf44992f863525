/**
 * What a console makes of documents, which say nothing of whether their host still lives.
 */

import { strict as assert } from "node:assert";
import { Events } from "../../../src/core/events.ts";
import { recordOf } from "../../../src/core/member_record.ts";
import { Members } from "../../../src/core/members.ts";
import { fleetRules } from "../../../src/roles/fleet/options.ts";
import { Viewer } from "../../../src/roles/fleet/viewer.ts";
import { encodeBeat } from "../../../src/wire/fleet/beat.ts";
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

Deno.test("Viewer: a forgotten host stays away although the brokers keep its document", () => {
  const roster = new Members({ now: 0, events: new Events() }).open(fleetRules());
  const forgotten = new Set<string>();
  const viewer = new Viewer({
    ...{ roster, now: () => 0, wake: () => {}, onRefused: () => {}, forgotten },
  });
  const beat = { epoch: 1, seq: 1, ageMs: 0, counts: NO_COUNTS, tells: false } as const;
  const ways = [
    () => assert.ok(viewer.forget("foyer")),
    // As any member is forgotten, without a word to the viewer.
    () => roster.forget(roster.get("foyer") ?? assert.fail(), "operator", 0),
  ];
  for (const [n, forget] of ways.entries()) {
    viewer.document(SUBJECT, DOCUMENT);
    forget();
    forgotten.add("foyer");
    viewer.document(SUBJECT, DOCUMENT);
    assert.equal(roster.get("foyer"), undefined);
    assert.equal(viewer.get("foyer"), undefined);

    const alive = encodeBeat({ ...beat, n: n + 1, verdict: "well" });
    viewer.beat(fleetSubject("museum", "beat", "foyer"), alive);
    assert.equal(roster.get("foyer")?.state, "ok", "it is heard again");
    viewer.document(SUBJECT, DOCUMENT);
    assert.equal(viewer.get("foyer")?.document?.seq, 1);
    forgotten.clear();
  }
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

/** A viewer whose time stands still unless it is set. */
function openViewer() {
  const clock = { at: 0 };
  const roster = new Members({ now: 0, events: new Events() }).open(fleetRules());
  const viewer = new Viewer({ roster, now: () => clock.at, wake: () => {}, onRefused: () => {} });
  const beat = (host: string, n: number) =>
    viewer.beat(
      fleetSubject("museum", "beat", host),
      encodeBeat({
        epoch: 1,
        n,
        seq: 0,
        ageMs: 0,
        verdict: "well",
        counts: NO_COUNTS,
        tells: false,
      }),
    );
  return { clock, viewer, beat };
}

Deno.test("Viewer reads few messages of a host that floods, and those of the others", () => {
  const { clock, viewer, beat } = openViewer();
  const brackets = new TextEncoder().encode("[".repeat(65_000));
  const read = () => viewer.refused["not JSON"];
  for (let sent = 0; sent < 10_000; sent++) viewer.document(SUBJECT, brackets);
  assert.equal(read(), 20);
  assert.equal(viewer.refused["too many"], 9_980);
  assert.match(viewer.lastRefusal?.detail ?? "", /^more than 10 messages a second$/);
  for (let second = 1; second <= 30; second++) {
    clock.at = second * 1_000;
    for (let sent = 0; sent < 100; sent++) viewer.document(SUBJECT, brackets);
    beat("hall", second);
    assert.equal(viewer.get("hall")?.beat?.n, second);
  }
  assert.ok(read() <= 50, `${read()} were read`);
  const before = viewer.refused["too many"];
  for (let n = 1; n <= 1_000; n++) beat("cellar", n);
  assert.equal(viewer.get("cellar")?.beat?.n, 200);
  assert.equal(viewer.refused["too many"] - before, 800);
});

Deno.test("Viewer reads all that a host sends which changes all the time", () => {
  const { clock, viewer, beat } = openViewer();
  // What a broker that stood still for a minute delivers at once, then the most that a host sends.
  for (let n = 1; n <= 120; n++) beat("foyer", n);
  for (let n = 121; n < 4_000; n++) {
    clock.at += 1_000 / 6;
    beat("foyer", n);
    assert.equal(viewer.get("foyer")?.beat?.n, n);
  }
});

Deno.test("Viewer keeps one sentence of messages that are alike", () => {
  const { viewer } = openViewer();
  for (const text of ["x", "xx"]) viewer.document(SUBJECT, new TextEncoder().encode(text));
  assert.equal(viewer.lastRefusal?.detail, "1 bytes");
});

Deno.test("Viewer: a silence that does not count is not taken for a beat", () => {
  const { clock, viewer, beat } = openViewer();
  beat("foyer", 1);
  viewer.roster.setDeaf(true, clock.at);
  clock.at = 600_000;
  viewer.roster.setDeaf(false, clock.at);
  assert.deepEqual(
    [viewer.hears("foyer")?.isThere, viewer.hears("foyer")?.at],
    [true, 0],
  );
  beat("foyer", 2);
  assert.equal(viewer.hears("foyer")?.at, 600_000);
});
