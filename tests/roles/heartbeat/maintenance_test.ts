import { strict as assert } from "node:assert";
import { stationAndService } from "./virtual_station.ts";

const TETRIS = { id: "tetris @ 127.0.0.1", name: "tetris", address: "127.0.0.1" };
const ZELDA = { id: "zelda @ 127.0.0.1", name: "zelda", address: "127.0.0.1" };
const OPEN_ENDED = { reason: "new carpet", until: Infinity };

Deno.test("Maintenance of an application keeps its status OK and its record", () => {
  const { station, service, ask } = stationAndService();
  ask("/hb_ping?3000&appid=tetris");
  service.roster.pause(TETRIS, OPEN_ENDED, 0);
  station.nowMs = 400_000;
  const line =
    "OK - maintenance of application [tetris @ 127.0.0.1]| od=100.00;3;5;0;6 delay=4000ms;;; ";
  assert.equal(ask("/status"), line);
  assert.equal(ask("/status?appid=tetris"), line);
  assert.equal(ask("/list"), "tetris @ 127.0.0.1\n");
  assert.equal(ask("/hb_ping?3000&appid=tetris"), "4000");
  assert(
    ask("/status").startsWith("OK - maintenance of application [tetris @ 127.0.0.1]| od=0.00"),
  );
});

Deno.test("Maintenance outlasts the application's goodbye", () => {
  const { service, ask } = stationAndService();
  ask("/hb_ping?3000&appid=tetris");
  service.roster.pause(TETRIS, OPEN_ENDED, 0);
  ask("/hb_done?0&appid=tetris");
  const line = "OK - maintenance, no application record for queried ID: [tetris @ 127.0.0.1]";
  assert.equal(ask("/list"), "");
  assert.equal(ask("/status?appid=tetris"), line);
  assert.equal(ask("/status"), line);
});

Deno.test("Maintenance ends by itself, and the silence begins anew", () => {
  const { station, service, ask } = stationAndService();
  ask("/hb_ping?3000&appid=tetris");
  service.roster.pause(TETRIS, { reason: "", until: 100_000 }, 0);
  station.nowMs = 100_000;
  assert(ask("/status").startsWith("OK - fine application [tetris @ 127.0.0.1]| od=0.00"));
  station.nowMs = 112_000;
  assert(ask("/status").startsWith("WARNING - somewhat late"));
});

Deno.test("Maintenance of one application does not hide another", () => {
  const { service, ask } = stationAndService();
  service.roster.pause(TETRIS, OPEN_ENDED, 0);
  ask("/hb_ping?3000&appid=zelda");
  assert(ask("/status").startsWith("OK - fine application [zelda @ 127.0.0.1]| "));
  ask("/hb_ping?3000&appid=tetris");
  assert.equal(
    ask("/status"),
    "WARNING - multiple (2) applications: [zelda @ 127.0.0.1,tetris @ 127.0.0.1]",
  );
  service.roster.pause(ZELDA, OPEN_ENDED, 0);
  assert.equal(
    ask("/status"),
    "OK - maintenance, multiple (2) applications: [zelda @ 127.0.0.1,tetris @ 127.0.0.1]",
  );
});

Deno.test("Maintenance of the host keeps every status OK", () => {
  const { station, ask } = stationAndService();
  station.members.pauseAll(OPEN_ENDED, 0);
  assert.equal(ask("/status"), "OK - maintenance, no heartbeat clients at the moment...");
  assert.equal(
    ask("/status?appid=tetris"),
    "OK - maintenance, no application record for queried ID: [tetris @ 127.0.0.1]",
  );
  ask("/hb_ping?3000&appid=tetris");
  station.nowMs = 30_000;
  assert(
    ask("/status").startsWith("OK - maintenance of application [tetris @ 127.0.0.1]| od=7.50"),
  );
  ask("/hb_ping?3000&appid=zelda");
  assert(ask("/status").startsWith("OK - maintenance, multiple (2) applications: ["));
});

Deno.test("An expected application may take its grace to start, and is missed after it", () => {
  const expected = [{ name: "tetris", address: "127.0.0.1" }];
  const { station, service, ask } = stationAndService({ expected });
  assert.deepEqual(service.expect(), []);
  assert.deepEqual(station.wakes, [15_000]);
  station.nowMs = 3_000;
  const line = "OK - starting application [tetris @ 127.0.0.1]| od=0.20;3;5;0;6 delay=15000ms;;; ";
  assert.equal(ask("/status"), line);
  assert.equal(ask("/status?appid=tetris"), line);
  assert.equal(ask("/list"), "");
  station.nowMs = 15_000;
  assert.equal(
    ask("/status"),
    "CRITICAL - no application record for expected ID: [tetris @ 127.0.0.1]",
  );
  assert.equal(
    ask("/status?appid=tetris"),
    "CRITICAL - no application record for queried ID: [tetris @ 127.0.0.1]",
  );
  assert.equal(ask("/hb_ping?0&appid=tetris"), "1000");
  assert(ask("/status").startsWith("OK - fine application [tetris @ 127.0.0.1]| "));
  station.nowMs = 21_000;
  assert.equal(ask("/status"), "UNKNOWN - no heartbeat clients at the moment...");
});

Deno.test("An expected application is missed though another one is heard", () => {
  const expected = [{ name: "tetris", address: "127.0.0.1" }];
  const { station, service, ask } = stationAndService({ expected });
  service.expect();
  ask("/hb_ping?60000&appid=zelda");
  station.nowMs = 14_999;
  assert(ask("/status").startsWith("OK - fine application [zelda @ 127.0.0.1]| "));
  station.nowMs = 15_000;
  const missing = "CRITICAL - no application record for expected ID: [tetris @ 127.0.0.1]";
  assert.equal(ask("/status"), missing);
  assert(ask("/status?appid=zelda").startsWith("OK - fine application [zelda @ 127.0.0.1]| "));
  service.roster.pause(TETRIS, OPEN_ENDED, station.nowMs);
  assert(ask("/status").startsWith("OK - fine application [zelda @ 127.0.0.1]| "));
});

Deno.test("An expected application in maintenance is not missed", () => {
  const expected = [{ name: "tetris", address: "127.0.0.1" }, {
    name: "zelda",
    address: "127.0.0.1",
  }];
  const { station, service, ask } = stationAndService({ expected });
  service.expect();
  service.roster.pause(TETRIS, OPEN_ENDED, 0);
  assert(ask("/status").startsWith("OK - starting, multiple (2) applications: ["));
  service.roster.pause(ZELDA, { reason: "", until: 10_000 }, 0);
  assert(ask("/status").startsWith("OK - maintenance, multiple (2) applications: ["));
  station.nowMs = 10_000;
  assert(ask("/status").startsWith("OK - starting, multiple (2) applications: ["));
  station.nowMs = 25_000;
  assert.equal(
    ask("/status"),
    "CRITICAL - no application record for expected ID: [zelda @ 127.0.0.1]",
  );
});

Deno.test("An expected application for which there is no room is told", () => {
  const expected = [{ name: "a", address: "10.0.0.1" }, { name: "b", address: "10.0.0.1" }];
  const { service } = stationAndService({ expected }, { applicationsMax: 1 });
  assert.deepEqual(service.expect(), ["b @ 10.0.0.1"]);
});

Deno.test("A ping or an init of an announced application is no misuse", () => {
  const expected = ["a", "b"].map((name) => ({ name, address: "127.0.0.1" }));
  const { station, service, ask } = stationAndService({ expected });
  service.expect();
  ask("/hb_ping?5000&appid=a");
  ask("/hb_init?5000&appid=b");
  assert.deepEqual(station.misuses, []);
  ask("/hb_init?5000&appid=a");
  assert.deepEqual(station.misuses, [["init-of-known", "a @ 127.0.0.1"]]);
});

Deno.test("What a setting made a host expect ends with the setting, over a restart too", () => {
  const keeper = new Map<string, string | undefined>();
  const expected = ["a", "b", "c"].map((name) => ({ name, address: "127.0.0.1" }));
  const first = stationAndService({ expected, keeper });
  first.service.expect();
  first.ask("/hb_ping?5000&appid=c");
  first.station.nowMs = 15_000;
  first.ask("/status");
  // SIGHUP: b goes, d comes, and a keeps the state that it has.
  const now = ["a", "c", "d"].map((name) => ({ name, address: "127.0.0.1" }));
  assert.deepEqual(first.service.expectInstead(now), []);
  const states = [...first.service.roster.values()].map(({ name, state }) => `${name} ${state}`);
  assert.deepEqual(states, ["a lost", "c ok", "d starting"]);

  const second = stationAndService({ expected: [], keeper });
  const { roster } = second.service;
  for (const name of ["a", "d", "announced"]) {
    roster.announce({ id: `${name} @ 127.0.0.1`, name, address: "127.0.0.1" }, 15_000, 0);
  }
  second.service.expect();
  assert.deepEqual([...roster.values()].map(({ name }) => name), ["announced"]);
});
