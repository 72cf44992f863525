/**
 * What scripts, badges and spreadsheets get.
 */

import { strict as assert } from "node:assert";
import { drawBadge } from "../../src/console/badge.ts";
import { writeCsv } from "../../src/console/history_view.ts";
import { escapeMarkup } from "../../src/console/markup.ts";
import { hear, idPath, setUp } from "./bench.ts";

Deno.test("GET …/ok says OK or NOT_OK with a status that scripts understand", async () => {
  using bench = setUp();
  hear(bench, "tetris");
  const ask = async () => {
    const response = await bench.request(`${idPath("tetris")}/ok`);
    return [response.status, await response.text()];
  };
  assert.deepEqual(await ask(), [200, "OK\n"]);
  bench.advance(3_500);
  assert.deepEqual(await ask(), [503, "NOT_OK\n"]);
  await bench.request(`${idPath("tetris")}/pause`, { method: "POST" });
  assert.deepEqual(await ask(), [200, "OK\n"], "nothing in maintenance alarms");
  await bench.request(`${idPath("tetris")}/resume`, { method: "POST" });
  await bench.request("/api/v1/pause", { method: "POST" });
  assert.deepEqual(await ask(), [200, "OK\n"], "nor does a host in maintenance");
});

Deno.test("a member is found by its name alone while nobody else has it", async () => {
  using bench = setUp();
  hear(bench, "tetris");
  assert.equal((await bench.request("/api/v1/members/tetris/ok")).status, 200);
  hear(bench, "tetris", "10.0.0.7");
  const response = await bench.request("/api/v1/members/tetris/ok");
  assert.equal(response.status, 409);
  assert.match(
    (await response.json()).detail,
    /write one of "hilbert\/tetris @ 127\.0\.0\.1", "hilbert\//,
  );
});

Deno.test("badges say the state in words and colours", async () => {
  using bench = setUp();
  hear(bench, "tetris");
  const badge = async () => await (await bench.request(`${idPath("tetris")}/badge.json`)).json();
  assert.deepEqual(await badge(), {
    schemaVersion: 1,
    label: "tetris",
    message: "ok",
    color: "#1a7f37",
  });
  bench.advance(5_500);
  assert.equal((await badge()).message, "lost");
  const svg = await bench.request(`${idPath("tetris")}/badge.svg`);
  assert.equal(svg.headers.get("content-type"), "image/svg+xml");
  assert.match(await svg.text(), /aria-label="tetris: lost"/);
  await bench.request(`${idPath("tetris")}/pause`, { method: "POST" });
  assert.equal((await badge()).message, "maintenance");
});

Deno.test("a badge's picture holds any name, escaped and cut", () => {
  const draw = (label: string) =>
    drawBadge({ schemaVersion: 1, label, message: "ok", color: "#000" });
  assert.match(draw(`<script>"&'</script>`), /&lt;script&gt;&quot;&amp;&#39;&lt;\/script&gt;/);
  assert.doesNotMatch(draw("<script>alert(1)</script>"), /<script/);
  assert.match(draw("x".repeat(100)), new RegExp(`>${"x".repeat(59)}…<`));
  assert.equal(escapeMarkup("a\u0000b\ud800c\uffff"), "a\\x00b\\ud800c\ufffd");
});

Deno.test("the history tells what happened, of all or of one member, newest first", async () => {
  using bench = setUp();
  hear(bench, "tetris");
  hear(bench, "pong");
  bench.advance(5_500);
  const all = (await (await bench.request("/api/v1/history")).json()).entries;
  assert.equal(all[0].type, "member-state");
  assert.deepEqual(new Set(all.map(({ member }: { member: string }) => member)).size, 2);
  const query = `member=${encodeURIComponent("hilbert/pong @ 127.0.0.1")}&limit=2`;
  const { entries } = await (await bench.request(`/api/v1/history?${query}`)).json();
  assert.deepEqual(entries.map((entry: { detail: { to: string } }) => entry.detail.to), [
    "lost",
    "late",
  ]);
  assert.equal(entries[0].at, "2026-01-01T00:00:05.500Z");
  const since = await bench.request("/api/v1/history?since=2026-01-01T00:00:05Z");
  assert.equal((await since.json()).entries.length, 4);
});

Deno.test("CSV quotes what it must, and runs no formula", () => {
  const entry = (member: string, detail = {}) => ({
    at: "2026-01-01T00:00:00.000Z",
    type: "member-state",
    member,
    detail,
  });
  const csv = writeCsv([
    entry('hilbert/a,"b"\r\nc @ ::1', { from: "ok", to: "lost", cause: "silence", silentMs: -5 }),
    entry("=cmd|' /C calc'!A0", { reason: "lamp", more: null }),
  ]);
  assert.equal(
    csv,
    "at,type,member,from,to,cause,silentMs,detail\r\n" +
      '2026-01-01T00:00:00.000Z,member-state,"hilbert/a,""b""\r\nc @ ::1",ok,lost,silence,-5,\r\n' +
      "2026-01-01T00:00:00.000Z,member-state,'=cmd|' /C calc'!A0,,,,,reason=lamp; more=\r\n",
  );
});
