import { strict as assert } from "node:assert";
import {
  type Condition,
  CONDITIONS,
  isNamed,
  type JudgedMember,
  judgeHost,
  noConditions,
  type Situation,
  VERDICT_MEMBERS_MAX,
  VERDICT_WORDS,
} from "../../src/core/verdict.ts";

function member(state: Condition, acknowledgedBy: string | null = null, name: string = state) {
  return { id: `hilbert/${name}`, name, station: null, state, forMs: 5, acknowledgedBy };
}

function situation(states: readonly Condition[], more: Partial<Situation> = {}): Situation {
  return {
    problems: [],
    warnings: [],
    alarms: [],
    phones: 0,
    isHostPaused: false,
    members: states.map((state) => member(state)),
    ...more,
  };
}

const alarm = (priority: string) => [{ name: "APNEA", priority }];

/** Each thing that a host can suffer, and the verdict if there is nothing worse. */
const SUFFERINGS: readonly [Situation, ReturnType<typeof judgeHost>["verdict"], string][] = [
  [situation([], { problems: ["it is deaf"] }), "problem", "it is deaf"],
  [situation([], { warnings: ["disk full"] }), "problem", "disk full"],
  [situation(["emergency", "emergency"]), "alarm", "2 in EMERGENCY"],
  [situation(["ok"], { alarms: alarm("PRIORITY_HIGH") }), "alarm", "Alarm APNEA"],
  [situation(["lost", "ok"]), "lost", "1 of 2 is lost"],
  [situation(["gone", "gone"]), "lost", "2 of 2 are lost"],
  [situation(["late"]), "late", "1 of 1 is late"],
  [situation(["ok"], { alarms: alarm("PRIORITY_MEDIUM") }), "late", "Alarm APNEA"],
  [situation(["starting"]), "starting", "1 of 1 is starting"],
  [situation(["unknown"]), "starting", "1 of 1 is starting"],
  [situation([]), "starting", "Nobody has been heard yet"],
  [situation(["maintenance", "ok"]), "maintenance", "1 of 2 is in maintenance"],
  [situation(["maintenance"], { isHostPaused: true }), "maintenance", "In maintenance"],
  [situation(["ok"], { alarms: alarm("PRIORITY_LOW") }), "well", "All is well"],
  [situation([], { phones: 1 }), "well", "All is well: 1 phone is registered"],
  [situation(["ok"]), "well", "All is well"],
];

Deno.test("the verdict names each kind of trouble", () => {
  for (const [suffering, verdict, words] of SUFFERINGS) {
    const judged = judgeHost(suffering);
    assert.equal(judged.verdict, verdict, words);
    assert.ok(judged.headline.includes(words), `"${judged.headline}" says "${words}"`);
  }
  const seen = new Set(SUFFERINGS.map(([, verdict]) => verdict));
  assert.deepEqual([...VERDICT_WORDS].filter((word) => !seen.has(word)), []);
});

Deno.test("of any two troubles the verdict is the worse one", () => {
  for (const [a, first] of SUFFERINGS) {
    for (const [b, second] of SUFFERINGS) {
      const members = [...a.members, ...b.members];
      const both: Situation = {
        problems: [...a.problems, ...b.problems],
        warnings: [...a.warnings, ...b.warnings],
        alarms: [...a.alarms, ...b.alarms],
        members,
        phones: a.phones + b.phones,
        isHostPaused: a.isHostPaused || b.isHostPaused,
      };
      // That nobody was heard is said of an empty host only.
      const words = [first, second].filter((word, index) =>
        word !== "starting" || [...([a, b][index]?.members ?? [])].length > 0 ||
        members.length + both.phones === 0
      );
      const worst = VERDICT_WORDS.find((word) => words.includes(word));
      assert.equal(judgeHost(both).verdict, worst, `${first} and ${second}`);
    }
  }
});

Deno.test("the troubled members are named, the worst first, acknowledged ones after the others", () => {
  const members = [
    member("ok"),
    member("starting"),
    member("lost", "Kim", "a"),
    member("lost", null, "b"),
    member("maintenance"),
    member("emergency"),
  ];
  const judged = judgeHost(situation([], { members }));
  assert.deepEqual(judged.members.map(({ name }) => name), ["emergency", "b", "a", "starting"]);
  assert.equal(judged.counts.lost, 2, "acknowledging changes no verdict");
});

Deno.test("the headline says how many of the lost somebody looks after", () => {
  const lost = [member("lost", "Kim", "a"), member("gone", "Ann", "b"), member("lost", null, "c")];
  const headlineOf = (members: JudgedMember[]) => judgeHost(situation([], { members })).headline;
  assert.equal(headlineOf(lost), "3 of 3 are lost, 2 being handled");
  assert.equal(
    headlineOf([member("late", "Kim"), member("ok")]),
    "1 of 2 is late, 1 being handled",
  );
});

Deno.test("a verdict names a bounded number of members and counts all", () => {
  const many = Array.from({ length: VERDICT_MEMBERS_MAX + 5 }, () => member("gone"));
  const judged = judgeHost(situation([], { members: [...many, member("lost")] }));
  assert.equal(judged.members.length, VERDICT_MEMBERS_MAX);
  assert.equal(judged.members[0]?.state, "lost");
  assert.equal(judged.counts.gone, many.length);
});

Deno.test("judgeHost judges members that are only counted as if all were given", () => {
  for (const [judged] of SUFFERINGS) {
    const members: JudgedMember[] = [];
    const unnamed = noConditions();
    for (const each of judged.members) {
      if (isNamed(each.state, members.length)) members.push(each);
      else unnamed[each.state]++;
    }
    assert.deepEqual(judgeHost({ ...judged, members, unnamed }), judgeHost(judged));
  }
});

Deno.test("isNamed names what is troubled, up to a limit", () => {
  const named = CONDITIONS.filter((condition) => isNamed(condition, VERDICT_MEMBERS_MAX - 1));
  assert.deepEqual(named, CONDITIONS.filter((each) => each !== "maintenance" && each !== "ok"));
  assert.deepEqual(CONDITIONS.filter((each) => isNamed(each, VERDICT_MEMBERS_MAX)), []);
});

Deno.test("judgeHost: a problem of Pulsebox hides nobody who is lost, late or in alarm", () => {
  const own = { warnings: ["disk full"] };
  const cases: readonly (readonly [Parameters<typeof judgeHost>[0], string])[] = [
    [situation(["lost", "ok"], own), "1 of 2 is lost. Pulsebox itself needs attention: disk full"],
    [situation(["late"], own), "1 of 1 is late. Pulsebox itself needs attention: disk full"],
    [situation(["ok"], own), "Pulsebox itself needs attention: disk full"],
    [situation(["starting"], own), "Pulsebox itself needs attention: disk full"],
  ];
  for (const [judged, headline] of cases) {
    const found = judgeHost(judged);
    assert.equal(found.verdict, "problem");
    assert.equal(found.headline, headline);
  }
});
