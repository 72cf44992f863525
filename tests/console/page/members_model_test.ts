import { strict as assert } from "node:assert";
import type { MemberView } from "../../../src/console/member_view.ts";
import { type Known, MembersModel } from "../../../src/console/page/members_model.ts";

function view(name: string): MemberView {
  return {
    id: `hilbert/${name}`,
    protocol: "hilbert",
    name,
    address: "127.0.0.1",
    station: null,
    state: "ok",
    since: "2026-11-29T12:00:00Z",
    silentMs: 0,
    promiseMs: 1_000,
    lostAfterMs: 5_000,
    deadlineInMs: 3_000,
    beats: 1,
    failure: null,
    pause: null,
    flapping: false,
    acknowledgement: null,
    tags: [],
    strip: "o",
    uptime24h: 1,
    outages24h: 0,
  };
}

/** A model with some members, what its listener was told, and the next frame. */
function setUp(count: number) {
  const frames: (() => void)[] = [];
  const told: (readonly Known[])[] = [];
  const model = new MembersModel(() => 0, (show) => frames.push(show));
  model.listen({
    replaced() {},
    removed() {},
    changed: (known) => told.push(known),
  });
  const members = Array.from({ length: count }, (_, index) => view(`member-${index}`));
  model.replace(members, count);
  const frame = () => {
    for (const show of frames.splice(0)) show();
    return told.splice(0).map((known) => known.map(({ member }) => member.name));
  };
  return { model, members, frames, frame };
}

Deno.test("whatever changes before a frame is told once with it, each member once", () => {
  const { model, members, frames, frame } = setUp(1_000);
  model.setStrips(Object.fromEntries(members.map(({ id }) => [id, ["x", 0.5, 1]])));
  model.put(view("member-7"));
  model.put(view("new"));
  assert.equal(frames.length, 1, "one frame is asked for");
  const [names = [], ...more] = frame();
  assert.deepEqual(more, []);
  assert.deepEqual(names, [...members.map(({ name }) => name), "new"]);
  assert.equal(frames.length, 0, "at rest no frame is asked for");
  model.put(view("member-7"));
  assert.deepEqual(frame(), [["member-7"]]);
});

Deno.test("a member that is forgotten, or told with all others, before a frame is not told with it", () => {
  const { model, members, frame } = setUp(2);
  model.put(view("member-0"));
  model.put(view("member-1"));
  model.remove("hilbert/member-0");
  assert.deepEqual(frame(), [["member-1"]]);
  model.put(view("member-1"));
  model.replace(members, 2);
  assert.deepEqual(frame(), []);
  model.put(view("member-1"));
  assert.deepEqual(frame(), [["member-1"]]);
});

Deno.test("intervals that the host kept come before those that the page saw, each once", () => {
  let now = 0;
  const model = new MembersModel(() => now, () => {});
  const member = view("tetris");
  model.replace([member], 1);
  const beat = (count: number) => {
    now += 1_000;
    model.beat({ [member.id]: [count, 0, 3_000] });
  };
  const intervals = () => model.get(member.id)?.intervals;
  beat(2);
  // The host's answer is from before the page's last beat.
  beat(3);
  model.recall({ id: member.id, beats: 2, silentMs: 0, intervalsMs: [700, 800] });
  assert.deepEqual(intervals(), [700, 800, 1_000]);
  // It knows of a beat that no pulse has told yet.
  now += 1_000;
  model.recall({ id: member.id, beats: 4, silentMs: 100, intervalsMs: [700, 800, 1_000, 900] });
  assert.deepEqual(intervals(), [700, 800, 1_000, 900]);
  model.beat({ [member.id]: [4, 200, 3_000] });
  assert.deepEqual(intervals(), [700, 800, 1_000, 900], "the pulse tells no other beat");
  beat(5);
  assert.deepEqual(intervals()?.length, 5);
  model.recall({ id: member.id, beats: 5, silentMs: 0, intervalsMs: [] });
  assert.deepEqual(intervals()?.length, 5, "a host that keeps none takes none away");
  model.recall({
    id: member.id,
    beats: 5,
    silentMs: 0,
    intervalsMs: Array.from({ length: 60 }, () => 5),
  });
  beat(6);
  assert.equal(intervals()?.length, 60);
});
