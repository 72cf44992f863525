import { strict as assert } from "node:assert";
import { ACTIONS_AT_A_TIME, LostAction } from "../../src/appliance/lost_action.ts";
import { ACTION_SPACING_MS_MAX, ACTION_SPACING_MS_MIN } from "../../src/appliance/lost_runs.ts";
import { ACTION_STDERR_LENGTH_MAX } from "../../src/appliance/shell_command.ts";
import { Events, type PulseEvent } from "../../src/core/events.ts";
import { HandClock, temporaryDirectory, VirtualHost } from "../store/virtual_host.ts";
import { until, within } from "../support/tcp.ts";
import { keepLog } from "./quiet_log.ts";

const WALL_MS = Date.UTC(2026, 0, 1);

/** A host whose lost members make a command run. */
class Station implements AsyncDisposable {
  readonly events = new Events();
  readonly kept = keepLog();
  /** Names of who needs no run yet, and of who is well again. */
  readonly later = new Set<string>();
  readonly well = new Set<string>();
  readonly action: LostAction;
  now = 0;

  constructor(command: string) {
    this.action = new LostAction({
      command,
      events: this.events,
      log: this.kept.log,
      needOf: ({ name }) => this.well.has(name) ? "none" : this.later.has(name) ? "later" : "run",
      lostNow: () => [],
      now: () => this.now,
      wall: () => WALL_MS + this.now,
      stations: new Map([["10.0.0.7", "Entrance"]]),
    });
  }

  lose(name: string): void {
    this.events.publish({
      type: "member-state",
      at: this.now,
      member: { protocol: "hilbert", id: `${name} @ 10.0.0.7`, name, address: "10.0.0.7" },
      from: "late",
      to: "lost",
      cause: "silence",
      silentMs: 5_000.4,
      paused: false,
    });
  }

  counts(): Record<string, number> {
    return Object.fromEntries(
      Object.entries(this.action.metrics()).map(([name, count]) => [
        name.replace(/.*"(.*)".*/, "$1"),
        count,
      ]),
    );
  }

  async reach(result: string, count: number): Promise<void> {
    for (let wait = 0; (this.counts()[result] ?? 0) < count; wait++) {
      assert.ok(wait < 1_000, `${count} ${result}: ${JSON.stringify(this.counts())}`);
      await new Promise((done) => setTimeout(done, 5));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.action[Symbol.asyncDispose]();
    this.kept[Symbol.dispose]();
  }
}

Deno.test("LostAction runs the command with the member in its variables, never in its text", async () => {
  using directory = temporaryDirectory();
  const file = `${directory.path}/out`;
  await using station = new Station(
    `printf '%s|' "$PULSEBOX_NAME" "$PULSEBOX_STATION" "$PULSEBOX_MEMBER" "$PULSEBOX_SILENT_MS" > ${file}`,
  );
  const name = `$(touch ${directory.path}/injected); "\0\n`;
  station.lose(name);
  await station.reach("done", 1);
  const clean = name.replace("\0", "\\x00").replace("\n", "\\n");
  assert.equal(
    await Deno.readTextFile(file),
    `${clean}|Entrance|hilbert/${clean} @ 10.0.0.7|5000|`,
  );
  assert.deepEqual([...Deno.readDirSync(directory.path)].map((entry) => entry.name), ["out"]);
});

Deno.test("LostAction postpones runs in maintenance and of who flaps, and drops none", async () => {
  await using station = new Station("true");
  station.later.add("paused");
  station.lose("paused");
  station.lose("tetris");
  await station.reach("done", 1);
  station.later.clear();
  station.now += ACTION_SPACING_MS_MIN;
  station.action.wake();
  await station.reach("done", 2);
});

Deno.test("LostAction runs again for who is back and lost again within a minute", async () => {
  await using station = new Station("true");
  station.lose("tetris");
  await station.reach("done", 1);
  station.now += 1_000;
  station.lose("tetris");
  await station.reach("postponed", 1);
  station.now += ACTION_SPACING_MS_MIN - 1_001;
  station.action.wake();
  assert.equal(station.counts()["done"], 1);
  station.now += 1;
  station.action.wake();
  await station.reach("done", 2);
  // The next distance is twice as long, and nobody runs for who is well when the turn comes.
  station.lose("tetris");
  await station.reach("postponed", 2);
  station.well.add("tetris");
  station.now += 2 * ACTION_SPACING_MS_MIN;
  station.action.wake();
  station.lose("pong");
  await station.reach("done", 3);
  station.well.clear();
  station.now += ACTION_SPACING_MS_MAX;
  station.action.wake();
  station.lose("chess");
  await station.reach("done", 4);
});

Deno.test("LostAction tries a failed command again with growing pauses, and warns until it works", async () => {
  using directory = temporaryDirectory();
  const file = `${directory.path}/repaired`;
  await using station = new Station(
    `[ -e ${file} ] || { printf 'no \\033[1mroute %01000d' 0 >&2; exit 3; }`,
  );
  station.lose("tetris");
  await station.reach("failed", 1);
  const [warning = ""] = station.action.warnings();
  assert.match(
    warning,
    /^The command for hilbert\/tetris @ 10\.0\.0\.7 failed: its exit status was 3/,
  );
  assert.match(warning, /: no \\x1b\[1mroute 0+…$/);
  assert.ok(warning.length < ACTION_STDERR_LENGTH_MAX + 100);
  const { at, member, exitStatus, problem } = station.action.lastRun ?? assert.fail("no run");
  assert.deepEqual([at, member, exitStatus], [WALL_MS, "hilbert/tetris @ 10.0.0.7", 3]);
  assert.ok(problem !== null && warning.endsWith(`failed: ${problem}`));
  assert.ok(station.kept.lines.some((line) => line.includes("no \\x1b[1mroute")));
  station.now += ACTION_SPACING_MS_MIN;
  station.action.wake();
  await station.reach("failed", 2);
  station.now += ACTION_SPACING_MS_MIN;
  station.action.wake();
  assert.equal(station.counts()["failed"], 2, "the second pause is longer");
  await Deno.writeTextFile(file, "");
  station.now += ACTION_SPACING_MS_MIN;
  station.action.wake();
  await station.reach("done", 1);
  assert.deepEqual(station.action.warnings(), []);
  assert.deepEqual(station.action.lastRun, {
    at: WALL_MS + station.now,
    member: "hilbert/tetris @ 10.0.0.7",
    exitStatus: 0,
    problem: null,
  });
});

Deno.test("LostAction makes an event of each failure, with what the command said, and of its end", async () => {
  using directory = temporaryDirectory();
  const file = `${directory.path}/repaired`;
  await using station = new Station(`[ -e ${file} ] || { echo 'no route' >&2; exit 3; }`);
  const listener = station.events.subscribe();
  const told = () => {
    const found: PulseEvent[] = [];
    for (let event = listener.take(); event; event = listener.take()) found.push(event);
    return found.filter(({ type }) => type.startsWith("telling-"));
  };
  station.lose("tetris");
  await station.reach("failed", 1);
  const member = { protocol: "hilbert", id: "tetris @ 10.0.0.7", name: "tetris" };
  const failed = { type: "telling-failed", at: 0, way: "command" };
  const reason = "its exit status was 3: no route";
  assert.deepEqual(told(), [{ ...failed, reason, member: { ...member, address: "10.0.0.7" } }]);
  const trial = { way: "command", target: "--on-lost" };
  assert.deepEqual(await station.action.test(), { ...trial, ok: false, detail: reason });
  await Deno.writeTextFile(file, "");
  assert.deepEqual(await station.action.test(), { ...trial, ok: true, detail: "exit status 0" });
  assert.deepEqual(told(), [{ type: "telling-recovered", at: 0, way: "command" }]);
  assert.deepEqual(station.action.warnings(), []);
});

Deno.test("LostAction tells a command that it is a test, and lets none outlive it", async () => {
  using directory = temporaryDirectory();
  const file = `${directory.path}/out`;
  const station = new Station(
    `echo "$PULSEBOX_TEST $PULSEBOX_NAME" > ${file}.new; mv ${file}.new ${file}; exec sleep 60`,
  );
  const trial = station.action.test();
  for (let wait = 0; !(await Deno.stat(file).then(() => true, () => false)); wait++) {
    assert.ok(wait < 1_000, "it starts");
    await new Promise((done) => setTimeout(done, 5));
  }
  assert.equal(await Deno.readTextFile(file), "1 Test of notifications\n");
  await within(station[Symbol.asyncDispose](), "its end");
  assert.equal((await trial).ok, false);
});

Deno.test("LostAction tells of a command that fails, and of one that cannot run", async () => {
  await using station = new Station("exit 3");
  station.lose("tetris");
  await station.reach("failed", 1);
  assert.match(
    station.kept.lines.join("\n"),
    /error The command for hilbert\/tetris @ 10\.0\.0\.7 failed: its exit status was 3/,
  );
});

Deno.test("LostAction makes a command end that does not want to", async () => {
  using directory = temporaryDirectory();
  const file = `${directory.path}/started`;
  const station = new Station(`trap '' TERM; touch ${file}; while :; do sleep 0.1; done`);
  station.lose("tetris");
  for (let wait = 0; !(await Deno.stat(file).then(() => true, () => false)); wait++) {
    assert.ok(wait < 1_000, "it starts");
    await new Promise((done) => setTimeout(done, 5));
  }
  await within(station[Symbol.asyncDispose](), "its end");
});

Deno.test("LostAction runs few commands at a time, and all in the end", async () => {
  using directory = temporaryDirectory();
  const go = `${directory.path}/go`;
  await using station = new Station(
    `touch ${directory.path}/$$; while ! [ -e ${go} ]; do sleep 0.05; done`,
  );
  const count = 30;
  for (let index = 0; index < count; index++) station.lose(`program${index}`);
  const started = () => [...Deno.readDirSync(directory.path)].length;
  for (let wait = 0; started() < ACTIONS_AT_A_TIME; wait++) {
    assert.ok(wait < 1_000, "they start");
    await new Promise((done) => setTimeout(done, 5));
  }
  assert.equal(started(), ACTIONS_AT_A_TIME);
  await Deno.writeTextFile(go, "");
  await station.reach("done", count);
});

Deno.test("LostAction ends commands that run at its own end, and starts no other", async () => {
  using directory = temporaryDirectory();
  const station = new Station(`touch ${directory.path}/$$; sleep 60`);
  for (let index = 0; index < 10; index++) station.lose(`program${index}`);
  const started = () => [...Deno.readDirSync(directory.path)].length;
  for (let wait = 0; started() < ACTIONS_AT_A_TIME; wait++) {
    assert.ok(wait < 1_000, "they start");
    await new Promise((done) => setTimeout(done, 5));
  }
  await within(station[Symbol.asyncDispose](), "its end");
  assert.equal(started(), ACTIONS_AT_A_TIME);
});

Deno.test("LostAction begins with no run for who was lost before a restart, as the documentation says", async () => {
  using directory = temporaryDirectory();
  const clock = new HandClock();
  using kept = keepLog();
  const asked: string[] = [];
  const follow = (host: VirtualHost) =>
    new LostAction({
      command: "true",
      events: host.events,
      log: kept.log,
      needOf: ({ name }) => (asked.push(name), "run"),
      lostNow: () => [],
      now: () => clock.now(),
      wall: () => clock.wall(),
      stations: new Map(),
    });
  const lose = (host: VirtualHost, name: string) => {
    host.beat(name, 1_000);
    clock.pass(5_500);
    host.members.advance(clock.now());
  };
  {
    using host = new VirtualHost(directory.path, clock);
    host.store.load();
    lose(host, "before");
  }
  using host = new VirtualHost(directory.path, clock);
  await using action = follow(host);
  host.store.load();
  assert.equal(host.stateOf("before"), "lost");
  lose(host, "after");
  await until(() => action.lastRun !== undefined, "a run");
  assert.deepEqual(asked, ["after"]);
});
