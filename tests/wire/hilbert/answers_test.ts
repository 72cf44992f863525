import { strict as assert } from "node:assert";
import { parseList, parseStatus, parseWait } from "../../../src/wire/hilbert/answers.ts";
import { listReply, recordStatus } from "../../../src/wire/hilbert/replies.ts";

Deno.test("parseWait takes bare positive digits only", () => {
  assert.equal(parseWait("4000"), 4000);
  assert.equal(parseWait("86401000"), 86_401_000);
  for (const text of ["", "0", "-1", "4000\n", "4e3", "4.5", "dead", "9".repeat(16)]) {
    assert.equal(parseWait(text), undefined, text);
  }
});

Deno.test("parseList undoes listReply", () => {
  assert.deepEqual(parseList(listReply([])), []);
  assert.deepEqual(parseList(listReply(["a @ b @ 10.0.0.1", " @ ::1"])), [
    { name: "a @ b", address: "10.0.0.1" },
    { name: "", address: "::1" },
  ]);
});

Deno.test("parseList keeps a line without an address", () => {
  assert.deepEqual(parseList("tetris\n"), [{ name: "tetris", address: "" }]);
});

Deno.test("parseStatus takes a line apart", () => {
  const record = { id: "a|b @ 127.0.0.1", silentMs: 14_400, promiseMs: 4000 };
  assert.deepEqual(parseStatus(recordStatus(record, "watched")), {
    word: "WARNING",
    text: "WARNING - somewhat late application [a|b @ 127.0.0.1]",
    performanceData: "od=3.60;3;5;0;6 delay=4000ms;;;",
    overdueRatio: 3.6,
  });
});

Deno.test("parseStatus takes anything else for UNKNOWN", () => {
  for (const text of ["", "okay", "ERROR: x", "OKAY - x"]) {
    assert.deepEqual(parseStatus(text), {
      word: "UNKNOWN",
      text,
      performanceData: "",
      overdueRatio: undefined,
    });
  }
});

Deno.test("parseStatus reads only the first line", () => {
  const status = parseStatus("CRITICAL - x | y=1\nOK");
  assert.deepEqual([status.word, status.text, status.performanceData], [
    "CRITICAL",
    "CRITICAL - x",
    "y=1",
  ]);
});
