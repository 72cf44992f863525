import { strict as assert } from "node:assert";
import {
  ACTION_SPACING_MS_MAX,
  ACTION_SPACING_MS_MIN,
  ACTIONS_AT_A_TIME,
  ACTIONS_WAITING_MAX,
  LostAction,
} from "../../src/appliance/lost_action.ts";
import { Events } from "../../src/core/events.ts";
import { temporaryDirectory } from "../store/virtual_host.ts";
import { within } from "../support/tcp.ts";
import { keepLog } from "./quiet_log.ts";

/** A host whose lost members make a command run. */
class Station implements AsyncDisposable {
  readonly events = new Events();
  readonly kept = keepLog();
  readonly flapping = new Set<string>();
  readonly action: LostAction;
  now = 0;

  constructor(command: string) {
    this.action = new LostAction({
      command,
      events: this.events,
      log: this.kept.log,
      isFlapping: (id) => this.flapping.has(id),
      now: () => this.now,
      stations: new Map([["10.0.0.7", "Entrance"]]),
    });
  }

  lose(name: string, paused = false): void {
    this.events.publish({
      type: "member-state",
      at: this.now,
      member: { protocol: "hilbert", id: `${name} @ 10.0.0.7`, name, address: "10.0.0.7" },
      from: "late",
      to: "lost",
      cause: "silence",
      silentMs: 5_000.4,
      paused,
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
  const clean = name.replace("\0", "\ufffd");
  assert.equal(
    await Deno.readTextFile(file),
    `${clean}|Entrance|hilbert/${clean} @ 10.0.0.7|5000|`,
  );
  assert.deepEqual([...Deno.readDirSync(directory.path)].map((entry) => entry.name), ["out"]);
});

Deno.test("LostAction does nothing in maintenance, nor for who flaps", async () => {
  await using station = new Station("true");
  station.lose("paused", true);
  station.flapping.add("hilbert/flaps @ 10.0.0.7");
  station.lose("flaps");
  station.lose("tetris");
  await station.reach("done", 1);
  assert.deepEqual(station.counts(), { done: 1, failed: 0, skipped: 1 });
});

Deno.test("LostAction backs off for who is lost again and again", async () => {
  await using station = new Station("true");
  let runs = 0;
  const lose = async (runsExpected: boolean) => {
    station.lose("tetris");
    await station.reach(runsExpected ? "done" : "skipped", runsExpected ? ++runs : 1);
  };
  await lose(true);
  station.now += ACTION_SPACING_MS_MIN - 1;
  await lose(false);
  station.now += 1;
  await lose(true);
  // The next distance is twice as long.
  station.now += ACTION_SPACING_MS_MIN;
  station.lose("tetris");
  await station.reach("skipped", 2);
  station.now += ACTION_SPACING_MS_MIN;
  await lose(true);
  // Well for a long time: as if it had never been lost.
  station.now += 2 * ACTION_SPACING_MS_MAX + ACTION_SPACING_MS_MIN * 8;
  await lose(true);
  station.now += ACTION_SPACING_MS_MIN;
  await lose(true);
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

Deno.test("LostAction runs few commands at a time, and lets a bounded number wait", async () => {
  using directory = temporaryDirectory();
  const station = new Station(`touch ${directory.path}/$$; sleep 60`);
  for (let count = 0; count < ACTIONS_AT_A_TIME + ACTIONS_WAITING_MAX + 10; count++) {
    station.lose(`program${count}`);
  }
  const running = () => [...Deno.readDirSync(directory.path)].length;
  for (let wait = 0; running() < ACTIONS_AT_A_TIME; wait++) {
    assert.ok(wait < 1_000, "they start");
    await new Promise((done) => setTimeout(done, 5));
  }
  assert.ok((station.counts()["skipped"] ?? 0) >= 10);
  const started = performance.now();
  await station[Symbol.asyncDispose]();
  assert.ok(performance.now() - started < 5_000, "its end ends them");
  assert.equal(running(), ACTIONS_AT_A_TIME, "and starts no other");
});
