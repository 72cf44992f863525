import { strict as assert } from "node:assert";
import { lostAfterChoice } from "../../../src/roles/heartbeat/lost_after_choice.ts";
import { stationAndService } from "./virtual_station.ts";

const THREE = { unit: "promises", value: 3 } as const;
const TWO = { unit: "promises", value: 2 } as const;
const MINUTE = { unit: "ms", value: 60_000 } as const;

Deno.test("lostAfterChoice knows a program by name, address and station, the place first", () => {
  const stations = new Map([["10.0.0.7", "Foyer"]]);
  const choice = lostAfterChoice([
    { program: undefined, lostAfter: MINUTE },
    { program: "tetris", lostAfter: THREE },
    { program: "tetris @ Foyer", lostAfter: TWO },
    { program: "clock @ 10.0.0.8", lostAfter: TWO },
  ], stations);
  const of = (name: string, address: string) =>
    choice.of({ id: `${name} @ ${address}`, name, address });
  assert.deepEqual(of("tetris", "10.0.0.7"), TWO);
  assert.deepEqual(of("tetris", "10.0.0.8"), THREE);
  assert.deepEqual(of("clock", "10.0.0.8"), TWO);
  assert.equal(of("clock", "10.0.0.7"), undefined);
  assert.deepEqual(choice.all, MINUTE);
  stations.set("10.0.0.8", "Foyer");
  assert.deepEqual(of("tetris", "10.0.0.8"), TWO, "a station may get its name later");
});

Deno.test("HeartbeatService takes the operator's choice, then the application's, then that for all", () => {
  const lostAfter = lostAfterChoice([
    { program: undefined, lostAfter: TWO },
    { program: "stubborn", lostAfter: THREE },
  ], new Map());
  const { station, service, ask } = stationAndService({}, { lostAfter });
  ask("/hb_ping?4000&appid=plain");
  ask("/hb_ping?4000&appid=eager&lost_after=1x");
  ask("/hb_ping?4000&appid=stubborn&lost_after=1x");
  const lostAt = new Map<string, number>();
  for (let wake = service.roster.nextWake(); wake !== undefined; wake = service.roster.nextWake()) {
    station.nowMs = wake;
    station.members.advance(wake);
    for (const event of station.takeEvents()) {
      if (event.type === "member-state" && event.to === "lost") {
        lostAt.set(event.member.name, event.at);
      }
    }
  }
  assert.deepEqual(
    lostAt,
    new Map([["eager", 5000], ["plain", 10_000], ["stubborn", 15_000]]),
  );
});

Deno.test("HeartbeatService answers status by what was chosen, and as the original without a choice", () => {
  const { station, ask } = stationAndService();
  ask("/hb_ping?4000&appid=a");
  ask("/hb_ping?4000&appid=b&lost_after=2x");
  ask("/heartbeat.html?container=c&next=4000&lost_after=7000");
  station.nowMs = 10_000;
  assert.deepEqual(["a", "b", "c"].map((name) => ask(`/status?appid=${name}`)), [
    "OK - fine application [a @ 127.0.0.1]| od=2.00;3;5;0;6 delay=5000ms;;; ",
    "CRITICAL - quite late application [b @ 127.0.0.1]| od=2.00;1.2;2;0;6 delay=5000ms;;; ",
    "CRITICAL - quite late application [c @ 127.0.0.1]| od=2.00;1;1.4;0;6 delay=5000ms;;; ",
  ]);
  assert.equal(ask("/hb_ping?4000&appid=a&lost_after=soon").startsWith("ERROR"), true);
});

Deno.test("HeartbeatService counts what an application said last, also after beats that came before", () => {
  const { service, ask } = stationAndService();
  const chosen = () => service.roster.get("a @ 127.0.0.1")?.lostAfter?.value;
  for (const [wish, value] of [["2x", 2], ["3x", 3], ["2x", 2]] as const) {
    ask(`/hb_ping?4000&appid=a&lost_after=${wish}`);
    ask("/hb_ping?4000&appid=a");
    ask("/hb_ping?4000&appid=a");
    assert.equal(chosen(), value);
  }
});

Deno.test("HeartbeatService reads the wish of a client that counts seconds in seconds", () => {
  const { service, ask } = stationAndService({ unit: "seconds" });
  ask("/hb_ping?4&appid=a&lost_after=20");
  assert.deepEqual(service.roster.get("a @ 127.0.0.1")?.lostAfter, { unit: "ms", value: 20_000 });
});
