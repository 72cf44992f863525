import { strict as assert } from "node:assert";
import { fc } from "../../packages/fast_check.ts";
import { PACKET_GAP_MS } from "../../../src/roles/hev/options.ts";
import { SeedStream } from "../../../src/roles/hev/seed_stream.ts";
import { type AlarmEntry, alarmEntry } from "../../../src/wire/hev/alarm_list.ts";
import { SeedView } from "../../../src/wire/hev/seed_view.ts";
import { alarmPayload, dataPayload } from "./station.ts";

interface Bench {
  readonly view: SeedView;
  readonly alarms: AlarmEntry[];
  readonly stream: SeedStream;
}

function bench(dataIntervalMs = PACKET_GAP_MS): Bench {
  const view = new SeedView();
  const alarms: AlarmEntry[] = [];
  const stream = new SeedStream({ view, alarms: () => alarms }, { dataIntervalMs });
  return { view, alarms, stream };
}

function parsed(packet: Uint8Array | undefined) {
  assert(packet !== undefined, "a packet is due");
  return JSON.parse(new TextDecoder().decode(packet));
}

Deno.test("SeedStream has nothing before the first data", () => {
  const { view, alarms, stream } = bench();
  alarms.push(alarmEntry(alarmPayload("APNEA")));
  stream.changed("alarms", 0);
  assert.equal(stream.nextWake(), undefined);
  assert.equal(stream.current(), undefined);
  view.update(dataPayload(1));
  stream.changed("values", 1);
  assert.deepEqual(parsed(stream.take(1)).alarms, ["APNEA"]);
});

Deno.test("SeedStream lets values wait for the interval and alarms only for the gap", () => {
  const { view, stream } = bench(1_000);
  view.update(dataPayload(1));
  stream.changed("values", 0);
  assert.equal(parsed(stream.take(0)).sensors.pressure_buffer, 1);
  view.update(dataPayload(2));
  stream.changed("values", 10);
  assert.equal(stream.nextWake(), 1_000);
  stream.changed("alarms", 20);
  assert.equal(stream.nextWake(), PACKET_GAP_MS);
  assert.equal(stream.take(PACKET_GAP_MS - 1), undefined);
  assert.equal(parsed(stream.take(PACKET_GAP_MS)).sensors.pressure_buffer, 2);
  assert.equal(stream.nextWake(), undefined);
});

Deno.test("SeedStream keeps the gap and shows every change, whatever happens when", () => {
  const step = fc.tuple(fc.integer({ min: 0, max: 120 }), fc.constantFrom("values", "alarms"));
  fc.assert(fc.property(fc.array(step, { minLength: 1, maxLength: 60 }), (steps) => {
    const { view, stream } = bench();
    let now = 0;
    let value = 0;
    let sentAt = -Infinity;
    let shown = 0;
    const runTo = (until: number) => {
      for (let wake = stream.nextWake(); wake !== undefined && wake <= until;) {
        assert.ok(wake - sentAt >= PACKET_GAP_MS, "the gap is kept");
        sentAt = wake;
        shown = parsed(stream.take(wake)).sensors.pressure_buffer;
        wake = stream.nextWake();
      }
    };
    for (const [delayMs, what] of steps) {
      now += delayMs;
      runTo(now - 1);
      view.update(dataPayload(++value));
      stream.changed(what as "values" | "alarms", now);
      runTo(now);
    }
    runTo(Infinity);
    assert.equal(shown, value, "the last packet has the last values");
  }));
});

Deno.test("SeedStream takes no interval below the gap", () => {
  assert.throws(() => bench(PACKET_GAP_MS - 1), RangeError);
  assert.throws(() => bench(NaN), RangeError);
});
