import { strict as assert } from "node:assert";
import { type AlarmKeeper, AlarmLatch } from "../../../src/roles/hev/alarm_latch.ts";
import { type AlarmEntry, alarmEntry } from "../../../src/wire/hev/alarm_list.ts";
import { alarmPayload } from "./station.ts";

class Keeper implements AlarmKeeper {
  readonly texts = new Map<string, string>();
  writes = 0;

  get(key: string): string | undefined {
    return this.texts.get(key);
  }

  set(key: string, value: string | undefined): void {
    this.writes++;
    if (value === undefined) this.texts.delete(key);
    else this.texts.set(key, value);
  }
}

function entry(name: string, over: Partial<AlarmEntry> = {}): AlarmEntry {
  return { ...alarmEntry(alarmPayload(name)), ...over };
}

Deno.test("AlarmLatch lists what an earlier run left, in the old order and before what is new", () => {
  const keeper = new Keeper();
  const first = new AlarmLatch(keeper);
  const names = ["OCCLUSION", "APNEA", "HIGH_RR", "AIR_FAIL"];
  for (const name of names) first.raise(entry(name, { timestamp: 7, param: 0.5 }), 0);
  assert.equal(first.acknowledge("APNEA"), true);
  const second = new AlarmLatch(keeper);
  assert.deepEqual(second.entries(), first.entries());
  second.raise(entry("APNEA"), 0);
  const third = new AlarmLatch(keeper);
  assert.deepEqual(
    third.entries().map(({ alarm_code }) => alarm_code),
    ["OCCLUSION", "HIGH_RR", "AIR_FAIL", "APNEA"],
  );
});

Deno.test("AlarmLatch writes nothing when a listed alarm is raised again", () => {
  const keeper = new Keeper();
  const latch = new AlarmLatch(keeper);
  assert.equal(latch.raise(entry("APNEA"), 0), "listed");
  assert.equal(keeper.writes, 1);
  for (let time = 1; time < 100; time++) {
    assert.equal(latch.raise(entry("APNEA", { timestamp: time }), 0), "updated");
  }
  assert.equal(keeper.writes, 1);
  assert.equal(latch.entries()[0]?.timestamp, 99);
});

Deno.test("AlarmLatch forgets each priority of a name, or one entry", () => {
  const keeper = new Keeper();
  const latch = new AlarmLatch(keeper);
  latch.raise(entry("APNEA", { alarm_type: "PRIORITY_LOW" }), 0);
  latch.raise(entry("APNEA", { alarm_type: "PRIORITY_HIGH" }), 0);
  assert.equal(keeper.texts.size, 2);
  assert.equal(latch.acknowledgeEntry("PRIORITY_LOW", "APNEA"), true);
  assert.equal(latch.acknowledgeEntry("PRIORITY_LOW", "APNEA"), false);
  assert.equal(keeper.texts.size, 1);
  latch.raise(entry("APNEA", { alarm_type: "PRIORITY_MEDIUM" }), 0);
  assert.equal(latch.acknowledge("APNEA"), true);
  assert.equal(latch.acknowledge("APNEA"), false);
  assert.equal(keeper.texts.size, 0);
  assert.equal(latch.size, 0);
});

Deno.test("AlarmLatch lists an alarm whose text is damaged", () => {
  const keeper = new Keeper();
  new AlarmLatch(keeper).raise(entry("APNEA", { timestamp: 5 }), 0);
  for (const [key] of keeper.texts) {
    for (const text of ["", "nonsense", "null", '{"order":"x","timestamp":1e999}']) {
      keeper.texts.set(key, text);
      const [restored] = new AlarmLatch(keeper).entries();
      assert.equal(restored?.alarm_code, "APNEA");
      assert.equal(restored?.timestamp, 0);
    }
  }
});

Deno.test("AlarmLatch works without anybody who keeps", () => {
  const latch = new AlarmLatch();
  latch.raise(entry("APNEA"), 0);
  assert.equal(latch.acknowledge("APNEA"), true);
});
