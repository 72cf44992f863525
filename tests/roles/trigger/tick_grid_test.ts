import { strict as assert } from "node:assert";
import { fc } from "../../packages/fast_check.ts";
import { LATE_MS_MAX, PHASES, TickGrid, TURN_MS } from "../../../src/roles/trigger/tick_grid.ts";

Deno.test("TickGrid has no drift in a year", () => {
  const grid = new TickGrid(1_000.4);
  const turns = 365 * 86_400 * PHASES;
  grid.pass(turns);
  assert.equal(grid.dueAt(), 1_000 + 365 * 86_400_000);
  assert.equal(grid.phase, 0);
});

Deno.test("TickGrid passes every turn due before a moment and none due at it", () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1e9, noNaN: true }), fc.nat(1e6), (start, turns) => {
      const grid = new TickGrid(start);
      const moment = grid.dueAt(turns);
      grid.passBefore(moment);
      assert.equal(grid.turn, turns);
      grid.passBefore(moment - 1_000);
      assert.equal(grid.turn, turns, "never goes back");
      grid.passBefore(moment + 0.001);
      assert.equal(grid.turn, turns + 1);
    }),
  );
});

Deno.test("TickGrid leaves out what is too late and nothing else", () => {
  const grid = new TickGrid(0);
  assert.equal(grid.skipMissed(LATE_MS_MAX), 0);
  assert.equal(grid.skipMissed(5_000), 5_000 / TURN_MS);
  assert.equal(grid.dueAt(), 5_000);
  assert.equal(grid.skipMissed(5_000), 0);
});
