/**
 * What a fleet's consoles cannot use.
 *
 * @module
 */

const BEAT = { v: 1, epoch: 9, n: 9, seq: 0, ageMs: 0, verdict: "well", counts: {} };
const DOCUMENT = {
  v: 1,
  epoch: 9,
  seq: 9,
  version: "9",
  verdict: "well",
  headline: "",
  counts: {},
  members: [],
};

/** On which channel it is said, what, and why nobody can use it: as the console's metrics name it. */
export const NONSENSE: readonly (readonly ["beat" | "host", unknown, string])[] = [
  ["beat", "", "not_JSON"],
  ["beat", '{"v":1', "not_JSON"],
  ["beat", "\u0000\u0001", "not_JSON"],
  ["beat", [], "malformed"],
  ["beat", { ...BEAT, n: -1 }, "malformed"],
  ["beat", { ...BEAT, epoch: 1e300 }, "malformed"],
  ["beat", { ...BEAT, verdict: "splendid" }, "malformed"],
  ["beat", { ...BEAT, counts: { ok: "many" } }, "malformed"],
  ["beat", { ...BEAT, v: 2, epoch: "next" }, "newer_version"],
  ["beat", { ...BEAT, more: "x".repeat(512) }, "too_large"],
  ["host", "[", "not_JSON"],
  ["host", { ...DOCUMENT, members: 7 }, "malformed"],
  ["host", { ...DOCUMENT, headline: "x".repeat(513) }, "malformed"],
  ["host", { ...DOCUMENT, v: 9 }, "newer_version"],
  ["host", { ...DOCUMENT, headline: "x".repeat(70_000) }, "too_large"],
  ["beat", BEAT, "wrong_subject"],
];
