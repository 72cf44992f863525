/**
 * The command for lost members, with the roster that knows them.
 */

import { strict as assert } from "node:assert";
import { FlapWatch } from "../../src/appliance/flap_watch.ts";
import { FleetVoice } from "../../src/appliance/fleet_voice.ts";
import { ACTION_SPACING_MS_MIN } from "../../src/appliance/lost_runs.ts";
import { Telling } from "../../src/appliance/telling.ts";
import { temporaryDirectory, VirtualHost } from "../store/virtual_host.ts";
import { keepLog, type KeptLog } from "./quiet_log.ts";

const LOST_MS = 7_000;

/** A host whose command writes down for whom it ran. */
class Station implements AsyncDisposable {
  readonly host = new VirtualHost(undefined);
  readonly directory = temporaryDirectory();
  readonly kept: KeptLog = keepLog();
  readonly telling: Telling;
  readonly #flaps: FlapWatch;

  constructor() {
    const { clock, events, members } = this.host;
    const now = () => clock.now();
    this.#flaps = new FlapWatch(events, now, Infinity);
    this.telling = new Telling({
      clock,
      events,
      flaps: this.#flaps,
      log: this.kept.log,
      members,
      now,
      secrets: {
        tokens: undefined,
        tls: undefined,
        certificate: undefined,
        webhookSecret: undefined,
        webhooks: [],
      },
      stations: new Map(),
      voice: new FleetVoice(false),
    });
  }

  async begin(): Promise<void> {
    await this.telling.apply({
      webhook: [],
      webhookEvent: [],
      webhookReminderMs: Infinity,
      onLost: `echo "$PULSEBOX_NAME" >> ${this.directory.path}/ran`,
    });
  }

  /** Lets time pass in which nobody is heard. */
  pass(ms: number): void {
    const { clock, members } = this.host;
    clock.pass(ms);
    members.advance(clock.now());
  }

  /** Waits until it ran so often; gives the names in order. */
  async ran(count: number): Promise<string[]> {
    for (let wait = 0;; wait++) {
      const names = (await this.#written()).split("\n").filter(Boolean);
      // The run is known to have ended only then.
      const done = this.telling.metrics()['pulsebox_actions_total{result="done"}'] ?? 0;
      if (names.length >= count && done >= count) return names;
      assert.ok(wait < 2_000, `${count} runs: ${names}`);
      await new Promise((done) => setTimeout(done, 5));
    }
  }

  async #written(): Promise<string> {
    try {
      return await Deno.readTextFile(`${this.directory.path}/ran`);
    } catch {
      return "";
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.telling[Symbol.asyncDispose]();
    this.#flaps[Symbol.dispose]();
    this.host[Symbol.dispose]();
    this.kept[Symbol.dispose]();
    this.directory[Symbol.dispose]();
  }
}

Deno.test("the command runs again for a member that is back and lost again within a minute", async () => {
  await using station = new Station();
  await station.begin();
  assert.equal(station.telling.lastRun, undefined);
  station.host.beat("tetris", 1_000);
  station.pass(LOST_MS);
  assert.deepEqual(await station.ran(1), ["tetris"]);
  const { member, exitStatus, problem } = station.telling.lastRun ?? assert.fail("no run");
  assert.deepEqual([exitStatus, problem], [0, null]);
  assert.match(member, /^hilbert\/tetris @ /);

  station.host.beat("tetris", 1_000);
  station.pass(LOST_MS);
  station.host.beat("well", 3_600_000);
  station.pass(ACTION_SPACING_MS_MIN);
  // Whoever is lost now wakes those whose turn has come.
  station.host.beat("pong", 1_000);
  station.pass(LOST_MS);
  assert.deepEqual((await station.ran(3)).slice(1).sort(), ["pong", "tetris"]);
});

Deno.test("no command is lost when more members are lost at once than events may wait", async () => {
  await using station = new Station();
  const { host } = station;
  host.beat("retired", 1_000);
  station.pass(LOST_MS);
  station.pass(1);
  await station.begin();
  host.beat("early", 1_000);
  station.pass(LOST_MS);
  assert.deepEqual(await station.ran(1), ["early"]);
  station.pass(ACTION_SPACING_MS_MIN);
  const names = Array.from({ length: 6_000 }, (_, index) => `program${index}`);
  for (const name of names) host.beat(name, 1_000);
  station.pass(LOST_MS);
  // All but the first are back before anybody could look; the events of the first are dropped.
  const stillLost = names.slice(0, 3);
  for (const name of names.slice(stillLost.length)) host.beat(name, 3_600_000);
  const ran = await station.ran(1 + stillLost.length);
  assert.deepEqual(
    ran.sort(),
    ["early", ...stillLost],
    "each once, and nobody who is gone for long",
  );
});
