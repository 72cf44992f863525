import { strict as assert } from "node:assert";
import { ReportAnswers } from "../../../src/roles/state/report_answers.ts";

/** The most clients that are remembered; `docs/limits.md` has it too. */
const REMEMBERED_MAX = 1_000;

Deno.test("ReportAnswers answers a client that repeats itself once a second", () => {
  const answers = new ReportAnswers();
  assert.equal(answers.isDue("a", 0), true);
  assert.equal(answers.isDue("a", 999), false);
  assert.equal(answers.isDue("b", 999), true, "another client is not in its way");
  assert.equal(answers.isDue("a", 1_000), true);
  assert.equal(answers.isDue("a", 1_500), false, "the second begins with the answer");
});

Deno.test("ReportAnswers tells each reason once", () => {
  const answers = new ReportAnswers();
  assert.equal(answers.isNews("a", "too early", 0), true);
  assert.equal(answers.isNews("a", "too early", 1_000_000), false);
  assert.equal(answers.isNews("a", "too late", 0), true);
  assert.equal(answers.isNews("b", "too early", 0), true);
});

Deno.test("ReportAnswers remembers a bounded number, those that were answered last", () => {
  const answers = new ReportAnswers();
  for (let client = 0; client < REMEMBERED_MAX; client++) answers.isDue(`client ${client}`, 0);
  assert.equal(answers.isDue("client 0", 500), false, "all of them have room");
  // It is answered again, and so the last to be forgotten.
  assert.equal(answers.isDue("client 0", 1_000), true);
  answers.isDue("one more", 1_000);
  assert.equal(answers.isDue("client 1", 1_000 - 1), true, "the oldest made room");
  assert.equal(answers.isDue("client 0", 1_500), false);
});
