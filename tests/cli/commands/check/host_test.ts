import { strict as assert } from "node:assert";
import { judgeVerdict } from "../../../../src/cli/commands/check/host.ts";
import { type Condition, judgeHost, type Situation } from "../../../../src/core/verdict.ts";

function judge(states: readonly Condition[], more: Partial<Situation> = {}) {
  const members = states.map((state, index) => ({
    id: `hilbert/app${index} @ 127.0.0.1`,
    name: `app${index}`,
    station: null,
    state,
    forMs: 5,
    acknowledgedBy: null,
  }));
  return judgeVerdict(judgeHost({
    problems: [],
    warnings: [],
    alarms: [],
    phones: 0,
    isHostPaused: false,
    ...more,
    members,
  }));
}

const high = { alarms: [{ name: "APNEA", priority: "PRIORITY_HIGH" }] };
const medium = { alarms: [{ name: "APNEA", priority: "PRIORITY_MEDIUM" }] };
const problem = { problems: ["The heartbeat role is deaf"] };
const warning = { warnings: ["Nothing can be told"] };

const CASES: readonly [string, ReturnType<typeof judge>, number, RegExp][] = [
  ["three gone beside one ok", judge(["gone", "gone", "gone", "ok"]), 2, /3 of 4 .*app0 \(gone\)/],
  ["a lost one behind a warning", judge(["lost"], warning), 2, /app0 \(lost\)/],
  ["a lost one behind a problem", judge(["lost"], problem), 2, /deaf.*app0 \(lost\)/],
  ["an alarm behind a problem", judge(["ok"], { ...high, ...problem }), 2, /deaf.*alarm APNEA/],
  ["an alarm of high priority", judge(["ok"], high), 2, /APNEA/],
  ["an emergency behind a warning", judge(["emergency"], warning), 2, /app0 \(emergency\)/],
  ["a problem of a role", judge(["ok"], problem), 3, /deaf/],
  ["a problem beside a late one", judge(["late"], problem), 3, /deaf/],
  ["nobody", judge([]), 3, /Nobody has been heard yet/],
  ["a warning", judge(["ok"], warning), 1, /Nothing can be told/],
  ["a late one", judge(["late", "ok"]), 1, /app0 \(late\)/],
  ["an alarm of medium priority", judge(["ok"], medium), 1, /APNEA/],
  ["one that starts", judge(["starting", "ok"]), 0, /app0 \(starting\)/],
  ["the dead in maintenance", judge(["maintenance", "ok"]), 0, /in maintenance/],
  ["two that are well", judge(["ok", "ok"]), 0, /^OK - All is well \| members=2 /],
  ["only phones", judge([], { phones: 503 }), 0, /All is well: 503 phones are registered/],
];

for (const [name, { line, status }, expected, words] of CASES) {
  Deno.test(`check of a host with ${name} has status ${expected}`, () => {
    assert.equal(status, expected, line);
    assert.match(line, words);
    assert.match(line, / \| members=\d+( [a-z]+=\d+)+$/);
  });
}

Deno.test("check of a host names a few and counts the rest", () => {
  const { line } = judge(Array.from({ length: 25 }, () => "gone"));
  assert.match(line, /app9 \(gone\), and 15 more \|/);
});
