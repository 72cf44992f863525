import { strict as assert } from "node:assert";
import { NONE } from "../../../src/core/slot_lists.ts";
import { Pinger } from "../../../src/roles/trigger/pinger.ts";
import { PHASES, TURN_MS } from "../../../src/roles/trigger/tick_grid.ts";

/** A world whose time passes only while the loop sleeps or a turn works. */
class VirtualWorld {
  now = 0;
  readonly phases = new Set<number>();
  readonly pings: { at: number; turn: number }[] = [];
  skipped = 0;
  alive = 0;
  /** What happens while the loop sleeps: until which time at the latest. */
  readonly interruptions: { at: number; act: () => void }[] = [];
  /** How long each turn works, and how late each timer is, in milliseconds. */
  workMs = 0;
  timerLateMs = 0;
  readonly #endAt: number;
  readonly pinger: Pinger;

  constructor(endAt: number) {
    this.#endAt = endAt;
    this.pinger = new Pinger({
      now: () => this.now,
      sleep: (ms) => this.#sleep(ms),
      wake: () => {},
      turnsToNextPhase: (phase) => this.#turnsTo(phase),
      runTurn: (turn) => this.#run(turn),
      onSkipped: (turns) => void (this.skipped += turns),
      onAlive: () => void this.alive++,
    });
  }

  pingsOf(phase: number): number[] {
    return this.pings.filter(({ turn }) => turn % PHASES === phase).map(({ at }) => at);
  }

  #sleep(ms: number): Promise<void> {
    const next = this.interruptions[0];
    if (next !== undefined && next.at <= this.now + ms) {
      this.interruptions.shift();
      this.now = next.at;
      next.act();
    } else {
      this.now += ms + this.timerLateMs;
    }
    if (this.now >= this.#endAt) this.pinger.stop();
    return Promise.resolve();
  }

  #turnsTo(phase: number): number {
    for (let ahead = 0; ahead < PHASES; ahead++) {
      if (this.phases.has((phase + ahead) % PHASES)) return ahead;
    }
    return NONE;
  }

  #run(turn: number): Promise<void> {
    this.pings.push({ at: this.now, turn });
    this.now += this.workMs;
    if (this.now >= this.#endAt) this.pinger.stop();
    return Promise.resolve();
  }
}

Deno.test("Pinger keeps the grid for an hour of late timers and slow turns", async () => {
  const world = new VirtualWorld(3_600_000);
  world.phases.add(3).add(17);
  world.timerLateMs = 1.3;
  world.workMs = 9;
  await world.pinger.run();
  for (const phase of [3, 17]) {
    const pings = world.pingsOf(phase);
    assert.equal(pings.length, 3_600);
    const drift = ((pings.at(-1) ?? 0) - (pings[0] ?? 0)) / (pings.length - 1) - 1_000;
    assert.ok(Math.abs(drift) < 0.01, `drift ${drift}`);
  }
  assert.equal(world.skipped, 0);
});

Deno.test("Pinger makes up for no tick after a stall of five seconds", async () => {
  const world = new VirtualWorld(12_000);
  for (let phase = 0; phase < PHASES; phase++) world.phases.add(phase);
  world.interruptions.push({ at: 3_010, act: () => void (world.now += 5_000) });
  await world.pinger.run();
  assert.ok(world.skipped > 0);
  for (const phase of world.phases) {
    const pings = world.pingsOf(phase);
    for (const [index, at] of pings.slice(1).entries()) {
      assert.ok(at - (pings[index] ?? 0) >= 500, `phase ${phase} twice within half a second`);
    }
    assert.equal(((pings.at(-1) ?? 0) - phase * TURN_MS) % 1_000, 0, "the grid is kept");
  }
});

Deno.test("Pinger makes up for a short stall without a lost tick", async () => {
  const world = new VirtualWorld(8_000);
  for (let phase = 0; phase < PHASES; phase++) world.phases.add(phase);
  world.interruptions.push({ at: 3_010, act: () => void (world.now += 400) });
  await world.pinger.run();
  assert.equal(world.skipped, 0);
  for (const phase of world.phases) assert.equal(world.pingsOf(phase).length, 8);
});

Deno.test("Pinger serves a client that comes while it sleeps within a second, not at once", async () => {
  const world = new VirtualWorld(2_000);
  const came = 300;
  world.interruptions.push({
    at: came,
    act: () => {
      // Its phase is just over: it must not look like a turn that is late.
      world.phases.add(8);
    },
  });
  await world.pinger.run();
  assert.deepEqual(world.pings.map(({ at }) => at), [1_000 + 8 * TURN_MS]);
});

Deno.test("Pinger shows that it is alive without clients, once a second", async () => {
  const world = new VirtualWorld(60_000);
  await world.pinger.run();
  assert.deepEqual(world.pings, []);
  assert.ok(world.alive >= 60 && world.alive <= 62, `${world.alive}`);
});
