import { strict as assert } from "node:assert";
import {
  type BeatFlagValues,
  type BeatPlan,
  planBeat,
  variablesOf,
} from "../../../../src/cli/commands/beat/plan.ts";

const NO_FLAGS: BeatFlagValues = {
  init: undefined,
  interval: undefined,
  lostAfter: undefined,
  noInit: undefined,
  noPing: undefined,
  noDone: undefined,
};
const DEFAULT: BeatPlan = {
  sendInit: true,
  initMs: 10_000,
  sendPing: true,
  intervalMs: 9_000,
  lostAfter: undefined,
  sendDone: true,
  doneMs: 0,
};

interface Case {
  flags?: Partial<BeatFlagValues>;
  env?: Record<string, string>;
  plan?: Partial<BeatPlan>;
  problems?: string[];
  warnings?: string[];
}

const CASES: Record<string, Case> = {
  "the defaults": {},
  "all variables": {
    env: {
      HB_SEND_INIT: "false",
      HB_INIT_TIMEOUT: "1",
      HB_SEND_PING: "false",
      HB_PING_INTERVAL: "2",
      HB_SEND_DONE: "false",
      HB_DONE_TIMEOUT: "3",
    },
    plan: {
      sendInit: false,
      initMs: 1,
      sendPing: false,
      intervalMs: 2,
      sendDone: false,
      doneMs: 3,
    },
  },
  "only the exact words": {
    env: { HB_SEND_INIT: "yes", HB_SEND_PING: "no", HB_SEND_DONE: "TRUE" },
    plan: { sendInit: false, sendPing: true, sendDone: false },
  },
  "empty variables as not set": { env: { HB_SEND_INIT: "", HB_INIT_TIMEOUT: "" } },
  "flags before variables": {
    flags: { init: "30s", interval: "500ms" },
    env: { HB_INIT_TIMEOUT: "1", HB_PING_INTERVAL: "nonsense" },
    plan: { initMs: 30_000, intervalMs: 500 },
  },
  "switches": {
    flags: { noInit: true, noPing: true, noDone: true },
    plan: { sendInit: false, sendPing: false, sendDone: false },
  },
  "a wrong flag as a problem": {
    flags: { init: "30" },
    problems: ['--init is "30": must be a duration such as 500ms, 15s, 2h or 7d'],
  },
  "a wrong variable as a warning": {
    env: { HB_PING_INTERVAL: "6s" },
    warnings: ['HB_PING_INTERVAL is "6s": must be milliseconds in digits, taking 9000'],
  },
};

for (const [name, { flags, env, plan, problems, warnings }] of Object.entries(CASES)) {
  Deno.test(`planBeat takes ${name}`, () => {
    const planned = planBeat({ ...NO_FLAGS, ...flags }, { get: (key) => env?.[key] });
    assert.deepEqual(planned.plan, { ...DEFAULT, ...plan });
    assert.deepEqual(planned.problems, problems ?? []);
    assert.deepEqual(planned.warnings, warnings ?? []);
  });
}

Deno.test("variablesOf writes what planBeat reads", () => {
  const plan: BeatPlan = { ...DEFAULT, sendPing: false, sendDone: false, initMs: 7 };
  const variables = variablesOf(plan);
  assert.equal(Object.keys(variables).length, 6);
  assert.deepEqual(planBeat(NO_FLAGS, { get: (name) => variables[name] }).plan, plan);
});
