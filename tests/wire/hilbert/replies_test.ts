import { strict as assert } from "node:assert";
import {
  errorReply,
  expectedStatus,
  GOODBYE,
  listReply,
  missingStatus,
  multipleStatus,
  recordStatus,
  startingStatus,
  STATUS_NOBODY,
  STATUS_NOBODY_MAINTENANCE,
} from "../../../src/wire/hilbert/replies.ts";

const id = "tetris @ 127.0.0.1";
const both = [id, "zelda @ 127.0.0.1"];

/** Texts by name; the first ones are those of the reference server. */
const CASES: readonly [name: string, actual: string, expected: string][] = [
  ["goodbye", GOODBYE, "So Long, and Thanks for All the Fish!"],
  ["list of none", listReply([]), ""],
  ["list of one", listReply([id]), "tetris @ 127.0.0.1\n"],
  ["list of two", listReply(both), "tetris @ 127.0.0.1\nzelda @ 127.0.0.1\n"],
  [
    "fine",
    recordStatus({ id, silentMs: 1640, promiseMs: 4000 }, "watched"),
    "OK - fine application [tetris @ 127.0.0.1]| od=0.41;3;5;0;6 delay=4000ms;;; ",
  ],
  [
    "fine by a hair",
    recordStatus({ id, silentMs: 11_999.9, promiseMs: 4000 }, "watched"),
    "OK - fine application [tetris @ 127.0.0.1]| od=3.00;3;5;0;6 delay=4000ms;;; ",
  ],
  [
    "late",
    recordStatus({ id, silentMs: 14_400, promiseMs: 4000 }, "watched"),
    "WARNING - somewhat late application [tetris @ 127.0.0.1]| od=3.60;3;5;0;6 delay=4000ms;;; ",
  ],
  [
    "late from three times on",
    recordStatus({ id, silentMs: 12_000, promiseMs: 4000 }, "watched"),
    "WARNING - somewhat late application [tetris @ 127.0.0.1]| od=3.00;3;5;0;6 delay=4000ms;;; ",
  ],
  [
    "critical",
    recordStatus({ id, silentMs: 22_000, promiseMs: 4000 }, "watched"),
    "CRITICAL - quite late application [tetris @ 127.0.0.1]| od=5.50;3;5;0;6 delay=4000ms;;; ",
  ],
  [
    "critical from five times on",
    recordStatus({ id, silentMs: 20_000, promiseMs: 4000 }, "watched"),
    "CRITICAL - quite late application [tetris @ 127.0.0.1]| od=5.00;3;5;0;6 delay=4000ms;;; ",
  ],
  [
    "critical where that was chosen",
    recordStatus(
      { id, silentMs: 10_000, promiseMs: 4000, limits: { late: 1.5, lost: 2.5, gone: 6 } },
      "watched",
    ),
    "CRITICAL - quite late application [tetris @ 127.0.0.1]| od=2.50;1.5;2.5;0;6 delay=4000ms;;; ",
  ],
  [
    "late where a third was chosen",
    recordStatus(
      { id, silentMs: 8000, promiseMs: 4000, limits: { late: 4 / 3, lost: 20 / 9, gone: 6 } },
      "watched",
    ),
    "WARNING - somewhat late application [tetris @ 127.0.0.1]| od=2.00;1.33;2.22;0;6 " +
    "delay=4000ms;;; ",
  ],
  [
    "nobody of that name",
    missingStatus(id, "watched"),
    "CRITICAL - no application record for queried ID: [tetris @ 127.0.0.1]",
  ],
  ["nobody", STATUS_NOBODY, "UNKNOWN - no heartbeat clients at the moment..."],
  [
    "several",
    multipleStatus(both, "watched"),
    "WARNING - multiple (2) applications: [tetris @ 127.0.0.1,zelda @ 127.0.0.1]",
  ],
  [
    "target echoed undecoded",
    errorReply("/hb_ping/?5&appid=%C3%A4\xc3\xa4"),
    "ERROR: cannot process your request: [/hb_ping/?5&appid=%C3%A4ä]",
  ],
  [
    "maintenance",
    recordStatus({ id, silentMs: 40_000, promiseMs: 4000 }, "maintenance"),
    "OK - maintenance of application [tetris @ 127.0.0.1]| od=10.00;3;5;0;6 delay=4000ms;;; ",
  ],
  [
    "maintenance of one without a record",
    missingStatus(id, "maintenance"),
    "OK - maintenance, no application record for queried ID: [tetris @ 127.0.0.1]",
  ],
  [
    "maintenance of nobody",
    STATUS_NOBODY_MAINTENANCE,
    "OK - maintenance, no heartbeat clients at the moment...",
  ],
  [
    "maintenance of several",
    multipleStatus(both, "maintenance"),
    "OK - maintenance, multiple (2) applications: [tetris @ 127.0.0.1,zelda @ 127.0.0.1]",
  ],
  [
    "starting",
    startingStatus({ id, silentMs: 3000, promiseMs: 15_000 }),
    "OK - starting application [tetris @ 127.0.0.1]| od=0.20;3;5;0;6 delay=15000ms;;; ",
  ],
  [
    "expected in vain",
    expectedStatus([id]),
    "CRITICAL - no application record for expected ID: [tetris @ 127.0.0.1]",
  ],
];

for (const [name, actual, expected] of CASES) {
  Deno.test(`Hilbert reply is exact: ${name}`, () => assert.equal(actual, expected));
}

Deno.test("Hilbert maintenance replies begin with OK and hide nobody from the station script", () => {
  const text = recordStatus({ id, silentMs: 0, promiseMs: 1000 }, "maintenance");
  assert.equal(/ application \[([^ ]*) @/.exec(text)?.[1], "tetris");
  assert.equal(/ application \[/.exec(expectedStatus([id])), null);
});
