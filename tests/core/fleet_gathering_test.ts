import { strict as assert } from "node:assert";
import {
  FleetGathering,
  type FleetOutlook,
  GATHER_MS_MAX,
} from "../../src/core/fleet_gathering.ts";
import type { NoticeKind } from "../../src/core/notices.ts";
import { Museum } from "./fleet_museum.ts";

const CALM: FleetOutlook = {
  isSomebodyLate: false,
  isSomebodyLost: false,
  isClaimWaiting: false,
  isEndWaiting: false,
};

Deno.test("FleetGathering: what is alone waits for nobody", () => {
  for (const kind of ["lost", "recovered", "ended", "reminder"] satisfies NoticeKind[]) {
    const gathering = new FleetGathering<{ kind: NoticeKind }>();
    gathering.add({ kind }, 0);
    assert.deepEqual(gathering.due(0, CALM), [[{ kind }]], kind);
    assert.deepEqual(gathering.due(GATHER_MS_MAX, CALM), [], kind);
  }
});

Deno.test("FleetGathering: a loss waits for hosts that are late, and no longer than its time", () => {
  const gathering = new FleetGathering<{ kind: NoticeKind; host: string }>();
  const late = { ...CALM, isSomebodyLate: true };
  gathering.add({ kind: "lost", host: "a" }, 0);
  assert.deepEqual(gathering.due(0, late), []);
  gathering.add({ kind: "lost", host: "b" }, 4_000);
  assert.deepEqual(gathering.due(GATHER_MS_MAX - 1, late), []);
  const group = gathering.due(GATHER_MS_MAX, late);
  assert.deepEqual(group.map((items) => items.map(({ host }) => host)), [["a", "b"]]);
  // A host that is lost later is told by itself.
  gathering.add({ kind: "lost", host: "c" }, GATHER_MS_MAX + 1);
  assert.deepEqual(gathering.due(2 * GATHER_MS_MAX, late), []);
  assert.equal(gathering.due(2 * GATHER_MS_MAX + 1, late).length, 1);
});

Deno.test("FleetGathering: a return waits for others whose ends are not in the log yet", () => {
  const gathering = new FleetGathering<{ kind: NoticeKind; host: string }>();
  gathering.add({ kind: "recovered", host: "a" }, 0);
  assert.deepEqual(gathering.due(10, { ...CALM, isEndWaiting: true }), []);
  gathering.add({ kind: "recovered", host: "b" }, 20);
  assert.equal(gathering.due(20, CALM)[0]?.length, 2);
});

/** Seeds of {@linkcode lookAtSwitches}. */
const SEEDS = Number(Deno.env.get("PULSEBOX_GATHERING_SEEDS") ?? 40);
const HOSTS = 60;
const DEAD_MS = 120_000;

for (const stewards of [1, 3]) {
  Deno.test(`a dead switch is one message of ${stewards} stewards, and so is its return`, () => {
    for (let seed = 1; seed <= SEEDS; seed++) {
      const museum = new Museum(seed, stewards, HOSTS);
      for (const host of museum.hosts) host.changeAt = Infinity;
      const runFor = (ms: number) => {
        for (const end = museum.now + ms; museum.now < end;) museum.step(false);
      };
      runFor(30_000 + Math.floor(museum.random() * 20) * 1_000);
      const behind = museum.hosts.filter(() => museum.random() < 0.5);
      const [other] = museum.hosts.filter((host) => !behind.includes(host));
      assert.ok(other !== undefined && behind.length > 5);
      for (const host of behind) museum.change(host);
      // Another host dies somewhat later: it must not be told as one of them, or not at all.
      runFor(12_000 + Math.floor(museum.random() * 30) * 1_000);
      museum.change(other);
      runFor(DEAD_MS);
      for (const host of behind) museum.change(host);
      runFor(DEAD_MS);
      museum.change(other);
      runFor(DEAD_MS);

      const groups = (kind: string) =>
        [...Map.groupBy(museum.told.filter((each) => each.kind === kind), ({ message }) => message)]
          .map(([, items]) => items.map(({ host }) => host).sort());
      const names = behind.map(({ name }) => name).sort();
      for (const kind of ["lost", "recovered"]) {
        assert.deepEqual(groups(kind), [names, [other.name]], `seed ${seed}: ${kind}`);
      }
    }
  });
}
