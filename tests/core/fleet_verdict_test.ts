import { strict as assert } from "node:assert";
import { type JudgedHost, judgeFleet } from "../../src/core/fleet_verdict.ts";

const ok = (verdict: JudgedHost["verdict"] = "well"): JudgedHost => ({ state: "ok", verdict });

const CASES: readonly (readonly [hosts: JudgedHost[], verdict: string, headline: string])[] = [
  [[], "starting", "No host has been heard yet"],
  [[ok()], "well", "The one host is well"],
  [[ok(), ok()], "well", "All 2 hosts are well"],
  [[ok(), { state: "lost", verdict: "well" }], "lost", "Of 2 hosts: 1 lost"],
  [[ok(), { state: "late", verdict: "well" }], "late", "Of 2 hosts: 1 late"],
  [[ok("lost"), ok("late")], "lost", "Of 2 hosts: 1 with somebody lost, 1 with somebody late"],
  [
    [ok("problem"), { state: "lost", verdict: null }],
    "lost",
    "Of 2 hosts: 1 lost, 1 needs attention itself",
  ],
  [
    [ok("problem"), ok("late")],
    "problem",
    "Of 2 hosts: 1 needs attention itself, 1 with somebody late",
  ],
  [[ok("alarm"), { state: "lost", verdict: null }], "alarm", "Of 2 hosts: 1 in alarm, 1 lost"],
  // What a host said before it was lost says nothing now.
  [[{ state: "lost", verdict: "alarm" }], "lost", "Of 1 host: 1 lost"],
  // Its own maintenance covers what it says.
  [
    [{ state: "maintenance", verdict: "lost" }, ok()],
    "maintenance",
    "Of 2 hosts: 1 in maintenance",
  ],
  [[{ state: "starting", verdict: null }], "starting", "Of 1 host: 1 starting"],
  // A host's own state, and what it says of its members, are counted apart: figures count the former.
  [
    [{ state: "starting", verdict: null }, ok("starting")],
    "starting",
    "Of 2 hosts: 1 starting, 1 not complete yet",
  ],
  [
    [{ state: "maintenance", verdict: null }, ok("maintenance")],
    "maintenance",
    "Of 2 hosts: 1 in maintenance, 1 with somebody in maintenance",
  ],
];

for (const [hosts, verdict, headline] of CASES) {
  Deno.test(`judgeFleet: ${headline}`, () => {
    const { saying: _, ...told } = judgeFleet(hosts, false);
    assert.deepEqual(told, { verdict, headline });
    assert.equal(judgeFleet(hosts, true).verdict, "problem", "a deaf console knows nothing");
  });
}
