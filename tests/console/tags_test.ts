import { strict as assert } from "node:assert";
import { MemberTags, TAGGED_MEMBERS_MAX } from "../../src/core/member_tags.ts";
import { FaultyDisk } from "../store/faulty_disk.ts";
import { HandClock, idOf, temporaryDirectory, VirtualHost } from "../store/virtual_host.ts";
import { type Bench, hear, idPath, setUp } from "./bench.ts";

const PONG = { protocol: "hilbert", id: idOf("pong") } as const;
/** Retries come after a minute at the most, give or take a quarter. */
const RETRY_PASSED_MS = 80_000;
const TETRIS = { protocol: "hilbert", id: idOf("tetris"), name: "tetris" } as const;

async function setTags(bench: Bench, name: string, tags: unknown): Promise<Response> {
  const body = JSON.stringify({ tags });
  return await bench.request(`${idPath(name)}/tags`, { method: "POST", body });
}

Deno.test("tags set through the API add to those of the settings, and are told", async () => {
  using bench = setUp();
  hear(bench, "tetris");
  const told = bench.events.subscribe();
  const set = await (await setTags(bench, "tetris", ["loud", " Küche ", "loud", "kiosk"])).json();
  assert.deepEqual(set.tags, ["kiosk", "loud", "Küche"], "those of the settings first, each once");
  const event = told.take();
  assert.equal(event?.type, "member-tagged");
  const source = await (await bench.request(`${idPath("tetris")}/tags`)).json();
  assert.deepEqual(source, { tags: ["loud", "Küche", "kiosk"], configured: ["kiosk"] });
  const { members } = await (await bench.request("/api/v1/members?tag=loud")).json();
  assert.equal(members.length, 1);
  await setTags(bench, "tetris", ["loud", "Küche", "kiosk"]);
  assert.equal(told.take(), undefined, "nothing has changed");
  const cleared = await (await setTags(bench, "tetris", [])).json();
  assert.deepEqual(cleared.tags, ["kiosk"], "the settings' own stay");
  const { entries } = await (await bench.request("/api/v1/history")).json();
  const details = entries.filter(({ type }: { type: string }) => type === "member-tagged")
    .map(({ detail }: { detail: object }) => detail);
  assert.deepEqual(details, [{ tags: "" }, { tags: "loud, Küche, kiosk" }]);
});

Deno.test("a refused tag is named with the rule that it breaks", async () => {
  using bench = setUp();
  hear(bench, "tetris");
  for (
    const [tags, detail] of [
      [["good", "two words"], /^tags\.1: a tag is 1 to 40 letters, digits and hyphens$/],
      [["x".repeat(41)], /^tags\.0: a tag is 1 to 40 /],
      [["a,b"], /^tags\.0: /],
      [["<b>"], /^tags\.0: /],
      [["u\u200bv"], /^tags\.0: /],
      [[7], /^tags\.0: /],
      ["kiosk", /^tags: /],
      [Array.from({ length: 21 }, (_, index) => `t${index}`), /^tags: .*20/],
    ] as const
  ) {
    const reply = await setTags(bench, "tetris", tags);
    assert.equal(reply.status, 422, JSON.stringify(tags));
    assert.match((await reply.json()).detail, detail);
  }
  const { tags } = await (await bench.request(idPath("tetris"))).json();
  assert.deepEqual(tags, ["kiosk"]);
});

Deno.test("only so many members have tags; the others keep theirs", () => {
  const tags = new MemberTags();
  const member = (index: number) => ({ protocol: "hilbert", id: `${index} @ ::1` }) as const;
  for (let index = 0; index < TAGGED_MEMBERS_MAX; index++) {
    assert.equal(tags.give(member(index), ["a"]), "changed");
  }
  assert.equal(tags.give(member(TAGGED_MEMBERS_MAX), ["a"]), "full");
  assert.equal(tags.give(member(0), ["b"]), "changed", "who has tags may get others");
  assert.equal(tags.give(member(1), []), "changed");
  assert.equal(tags.give(member(TAGGED_MEMBERS_MAX), ["a"]), "changed");
  assert.deepEqual(tags.given(member(2)), ["a"]);
});

Deno.test("set tags outlive a goodbye and a restart; a forgotten member loses them", async () => {
  using directory = temporaryDirectory();
  const clock = new HandClock();
  {
    const tags = new MemberTags();
    using host = new VirtualHost(directory.path, clock, { tags });
    host.store.load();
    tags.give(TETRIS, ["loud", "Küche"]);
    tags.give({ protocol: "tix", id: "other" }, ["x"]);
    host.store.commitDue();
    tags.give({ protocol: "tix", id: "other" }, []);
    host.beat("tetris");
    host.hilbert.leave(TETRIS.id, clock.now());
  }
  const tags = new MemberTags();
  tags.configure([{ name: "tetris", tags: ["kiosk"] }]);
  using host = new VirtualHost(directory.path, clock, { tags });
  host.store.load();
  assert.deepEqual(tags.of(TETRIS), ["kiosk", "loud", "Küche"]);
  assert.deepEqual(tags.given({ protocol: "tix", id: "other" }), []);
  assert.equal(host.store.commitDue(), false);
  assert.equal(tags.changed, false, "what was loaded is on disk");

  using bench = setUp();
  hear(bench, "pong");
  await setTags(bench, "pong", ["loud"]);
  await bench.request(idPath("pong"), { method: "DELETE" });
  hear(bench, "pong");
  assert.deepEqual((await (await bench.request(idPath("pong"))).json()).tags, []);
});

for (const fault of ["fill", "remove"] as const) {
  Deno.test(`after ${fault}, the disk gets all tags: those of before and those set meanwhile`, () => {
    using directory = temporaryDirectory();
    const clock = new HandClock();
    const disk = new FaultyDisk();
    const tags = new MemberTags();
    {
      using host = new VirtualHost(directory.path, clock, { tags, openDatabase: disk.open });
      host.store.load();
      tags.give(TETRIS, ["before"]);
      host.store.flush();
      disk[fault]();
      tags.give(PONG, ["meanwhile"]);
      // A full disk has room for little.
      for (let index = 0; index < 500; index++) host.beat(`app${index}`);
      host.store.flush();
      assert.equal(host.store.health().ok, false);
      disk.repair();
      clock.pass(RETRY_PASSED_MS);
      host.store.commitDue();
      assert.equal(host.store.health().ok, true);
    }
    const again = new MemberTags();
    using host = new VirtualHost(directory.path, clock, { tags: again });
    host.store.load();
    assert.deepEqual([again.given(TETRIS), again.given(PONG)], [["before"], ["meanwhile"]]);
  });
}
