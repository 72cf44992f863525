import { strict as assert } from "node:assert";
import {
  judge,
  pluginLine,
  type Threshold,
  type Thresholds,
} from "../../../../src/cli/commands/check/verdict.ts";
import { parseNagiosRange } from "../../../../src/cli/commands/check/nagios_range.ts";

function threshold(text: string): Threshold {
  const range = parseNagiosRange(text);
  assert(range !== undefined);
  return { text, range };
}

const FINE = "OK - fine application [tetris @ 127.0.0.1]| od=0.41;3;5;0;6 delay=4000ms;;; ";
const LATE = "WARNING - somewhat late application [tetris @ 127.0.0.1]| " +
  "od=3.60;3;5;0;6 delay=4000ms;;; ";

interface Case {
  answer: string;
  thresholds?: Thresholds;
  line: string;
  status: number;
}

const PASSED_ON: Record<string, [string, number]> = {
  "OK": [FINE, 0],
  "WARNING": [LATE, 1],
  "CRITICAL": ["CRITICAL - no application record for queried ID: [x @ 127.0.0.1]", 2],
  "UNKNOWN": ["UNKNOWN - no heartbeat clients at the moment...", 3],
};

for (const [word, [answer, status]] of Object.entries(PASSED_ON)) {
  Deno.test(`judge passes ${word} on untouched`, () => {
    assert.deepEqual(judge(answer, {}), { line: answer, status });
  });
}

const ONE_BAR: Record<string, string> = {
  "a name": "CRITICAL - no application record for queried ID: [a¦b @ ::1]\n",
  "figures too": "OK - fine application [a¦ od=9;1 @ ::1]| od=0.41;3;5;0;6 delay=4000ms;;; \n",
  "a name that looks like figures": "CRITICAL - no application record: [x¦ od=1]\n",
};

for (const [name, expected] of Object.entries(ONE_BAR)) {
  Deno.test(`pluginLine leaves no bar but that of the figures, with ${name}`, () => {
    assert.equal(
      pluginLine(expected.trimEnd().replaceAll("¦", "|") + (name === "figures too" ? " " : "")),
      expected,
    );
  });
}

const CASES: Record<string, Case> = {
  "is OK within both": {
    answer: LATE,
    thresholds: { warning: threshold("4"), critical: threshold("5") },
    line: "OK - application [tetris @ 127.0.0.1] is silent for 3.60 times what it promised" +
      "| od=3.60;4;5;0;6 delay=4000ms;;; ",
    status: 0,
  },
  "warns beyond the first": {
    answer: FINE,
    thresholds: { warning: threshold("0.4"), critical: threshold("5") },
    line: "WARNING - application [tetris @ 127.0.0.1] is silent for 0.41 times what it promised" +
      "| od=0.41;0.4;5;0;6 delay=4000ms;;; ",
    status: 1,
  },
  "is critical beyond the second, whatever the first": {
    answer: FINE,
    thresholds: { warning: threshold("10"), critical: threshold("@0:1") },
    line: "CRITICAL - application [tetris @ 127.0.0.1] is silent for 0.41 times what it promised" +
      "| od=0.41;10;@0:1;0;6 delay=4000ms;;; ",
    status: 2,
  },
  "has the server's word where there is no ratio": {
    answer: "WARNING - multiple (2) applications: [a @ 127.0.0.1,b @ 127.0.0.1]",
    thresholds: { critical: threshold("1") },
    line: "WARNING - multiple (2) applications: [a @ 127.0.0.1,b @ 127.0.0.1]",
    status: 1,
  },
  "does not disturb maintenance": {
    answer: "OK - maintenance of application [a @ 127.0.0.1]| od=9.00;3;5;0;6 delay=4000ms;;; ",
    thresholds: { critical: threshold("1") },
    line: "OK - maintenance of application [a @ 127.0.0.1]| od=9.00;3;5;0;6 delay=4000ms;;; ",
    status: 0,
  },
  "takes only the first line": { answer: "OK - a\nsecond", line: "OK - a", status: 0 },
  "lets no control character through": {
    answer: "OK - \x1b[2Ja",
    line: "OK - \\x1b[2Ja",
    status: 0,
  },
  "does not believe another server": {
    answer: "<html>hello</html>",
    line: 'UNKNOWN - the server answers "<html>hello</html>", which is no status',
    status: 3,
  },
  "does not believe silence": {
    answer: "",
    line: 'UNKNOWN - the server answers "", which is no status',
    status: 3,
  },
  "does not take OKAY for OK": {
    answer: "OKAY",
    line: 'UNKNOWN - the server answers "OKAY", which is no status',
    status: 3,
  },
};

for (const [name, { answer, thresholds, line, status }] of Object.entries(CASES)) {
  Deno.test(`judge ${name}`, () => {
    assert.deepEqual(judge(answer, thresholds ?? {}), { line, status });
  });
}
