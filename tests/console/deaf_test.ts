/**
 * What a console shows of members that it does not hear: nobody of them is known to be well.
 */

import { strict as assert } from "node:assert";
import { type Operation, OPERATIONS } from "../../src/console/api/operations.ts";
import { MEMBER_STATES } from "../../src/core/member.ts";
import { type Bench, hear, setUp } from "./bench.ts";
import { EventReader } from "./event_reader.ts";

const ID = encodeURIComponent("hilbert/tetris @ 127.0.0.1");
const QUERIES: Readonly<Record<string, string>> = { "/fleet/members": "?q=a" };
const PAGES = ["/", "/?lang=de", "/?view=wall", "/metrics"];
/** What these tell is past: a member that is not heard now was well then. */
const PAST = /^\/(?:history|history\.csv|outages|members\/\{id\}\/uptime)$/;
/** The words that only a member that is well is shown with, unless they count nobody. */
const WELL = /\bok\b(?!"(?::|} )0)|\bOK\b|\brunning\b|\bläuft\b|verdict="well"} 1/;

/** A console with one member whose promise decides whether it is late. */
function present(promiseMs: number): Bench {
  const bench = setUp();
  hear(bench, "first", undefined, 60_000);
  hear(bench, "tetris", undefined, promiseMs);
  bench.advance(3_500);
  return bench;
}

/** The answers to all reads of what is so now, by address. */
async function answers(bench: Bench): Promise<Map<string, string>> {
  const paths = (Object.values(OPERATIONS) as Operation[])
    .filter(({ method, path, answer }) =>
      method === "get" && !PAST.test(path) && answer.type !== "text/event-stream"
    )
    .map(({ path }) => `/api/v1${path.replace("{id}", ID)}${QUERIES[path] ?? ""}`);
  const filtered = MEMBER_STATES.map((state) => `/api/v1/members?state=${state}`);
  const found = new Map<string, string>();
  for (const path of [...paths, ...filtered, "/api/v1/members?limit=1", ...PAGES]) {
    const reply = await bench.request(path);
    const text = (await reply.text()).replaceAll(/<script[^]*?<\/script>/g, "");
    // These tell of other roles, which have no part in this.
    if (/"title":"No (?:such role|fleet here)"/.test(text)) continue;
    assert.ok(reply.ok || path.endsWith("/ok"), `${path}: ${reply.status} ${text}`);
    found.set(path, text);
  }
  return found;
}

async function surfacesThatSayWell(bench: Bench): Promise<string[]> {
  return [...await answers(bench)].filter(([, text]) => WELL.test(text)).map(([path]) => path);
}

Deno.test("deaf: no surface calls a member well that is not heard", async () => {
  using bench = present(60_000);
  const before = await surfacesThatSayWell(bench);
  for (const path of ["/", "/metrics", "/api/v1/members", `/api/v1/members/${ID}/ok`]) {
    assert.ok(before.includes(path), `${path}: ${before}`);
  }
  bench.roster.setDeaf(true, bench.now());
  assert.deepEqual(await surfacesThatSayWell(bench), []);
  assert.equal((await bench.request(`/api/v1/members/${ID}/ok`)).status, 503);
  bench.roster.setDeaf(false, bench.now());
  assert.deepEqual(await surfacesThatSayWell(bench), before);
});

Deno.test("deaf: no surface tells a member that was well from one that was late", async () => {
  const shown = async (promiseMs: number, isDeaf: boolean) => {
    using bench = present(promiseMs);
    bench.roster.setDeaf(isDeaf, bench.now());
    const all = await answers(bench);
    const path = `/api/v1/members/${ID}/acknowledge`;
    const body = JSON.stringify({ by: "Anna" });
    all.set(path, await (await bench.request(path, { method: "POST", body })).text());
    for (const [each, text] of all) {
      all.set(each, text.replaceAll(/"strip":"[^"]*"/g, "").replaceAll(/[\d.]+/g, "#"));
    }
    return all;
  };
  assert.notDeepEqual(await shown(60_000, false), await shown(1_000, false));
  assert.deepEqual(await shown(60_000, true), await shown(1_000, true));
});

Deno.test("deaf: whoever was lost before stays lost, and maintenance is shown as such", async () => {
  using bench = setUp();
  hear(bench, "tetris");
  bench.advance(5_500);
  hear(bench, "chess");
  const chess = bench.roster.get("chess @ 127.0.0.1");
  assert.ok(chess !== undefined);
  bench.roster.pause(chess, { reason: "lamp", until: Infinity }, bench.now());
  bench.roster.setDeaf(true, bench.now());
  const { members, counts } = await (await bench.request("/api/v1/verdict")).json();
  assert.deepEqual(
    members.map(({ name, state }: { name: string; state: string }) => [name, state]),
    [
      ["tetris", "lost"],
    ],
  );
  assert.deepEqual([counts.maintenance, counts.unknown], [1, 0]);
});

Deno.test("deaf: listeners are told of each member when deafness begins and when it ends", async () => {
  using bench = present(60_000);
  await using events = new EventReader(await bench.request("/api/v1/events"));
  assert.equal((await events.next("snapshot")).data.members[1].state, "ok");
  for (
    const [isDeaf, type, state] of [
      [true, "deafness-began", "unknown"],
      [false, "deafness-ended", "ok"],
    ] as const
  ) {
    bench.roster.setDeaf(isDeaf, bench.now());
    assert.equal((await events.next("happened")).data.type, type);
    for (const name of ["first", "tetris"]) {
      const { data } = await events.next("member");
      assert.deepEqual([data.name, data.state], [name, state]);
    }
  }
});
