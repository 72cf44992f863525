import { strict as assert } from "node:assert";
import {
  ALARM_ENTRIES_MAX,
  alarmEntry,
  AlarmList,
  controllerFailure,
} from "../../../src/wire/hev/alarm_list.ts";
import { B6_ALARMS, PRIORITIES } from "../../../src/wire/hev/alarms.ts";
import type { Payload } from "../../../src/wire/hev/payload.ts";

function alarm(version: number, values: Record<string, number>): Payload {
  return { version, type: "ALARM", values };
}

function aa(alarm_type: number, alarm_code: number, timestamp = 0, param = 0): Payload {
  return alarm(0xaa, { alarm_type, alarm_code, timestamp, param });
}

Deno.test("alarmEntry names priority and alarm, in the order of packets", () => {
  assert.equal(
    JSON.stringify(alarmEntry(aa(3, 1, 17, -500))),
    '{"version":170,"timestamp":17,"payload_type":"ALARM","alarm_type":"PRIORITY_HIGH",' +
      '"alarm_code":"APNEA","param":-500}',
  );
});

Deno.test("alarmEntry fills in what version 0xA0 did not send", () => {
  const entry = alarmEntry(alarm(0xa0, { alarm_code: 6, param: 0 }));
  assert.equal(entry.alarm_type, "PRIORITY_MEDIUM");
  assert.equal(entry.timestamp, 0);
});

Deno.test("alarmEntry makes ARDUINO_FAIL of a code that its version does not have", () => {
  for (const payload of [aa(1, 26), aa(9, 99), alarm(0xa0, { alarm_code: 0 }), alarm(0x11, {})]) {
    assert.equal(alarmEntry(payload).alarm_code, "ARDUINO_FAIL");
  }
  assert.equal(alarmEntry(aa(9, 99)).alarm_type, "PRIORITY_HIGH");
});

Deno.test("controllerFailure is the alarm of a controller that is silent", () => {
  assert.deepEqual(controllerFailure(0xaa, 17), {
    version: 0xaa,
    timestamp: 17,
    payload_type: "ALARM",
    alarm_type: "PRIORITY_HIGH",
    alarm_code: "ARDUINO_FAIL",
    param: 0,
  });
});

Deno.test("AlarmList keeps alarms in order of first arrival until they are acknowledged", () => {
  const list = new AlarmList();
  assert.equal(list.raise(alarmEntry(aa(3, 18))), "listed");
  assert.equal(list.raise(alarmEntry(aa(2, 10))), "listed");
  assert.deepEqual(list.names(), ["LOW_PEEP", "LOW_VTE"]);
  assert.equal(list.acknowledge("LOW_PEEP"), true);
  assert.equal(list.acknowledge("LOW_PEEP"), false);
  assert.equal(list.acknowledge("NO_SUCH"), false);
  assert.equal(list.raise(alarmEntry(aa(3, 18))), "listed", "raised again, listed again");
  assert.deepEqual(list.names(), ["LOW_VTE", "LOW_PEEP"]);
});

Deno.test("AlarmList updates a repeated alarm in place", () => {
  const list = new AlarmList();
  list.raise(alarmEntry(aa(3, 18, 1, 5)));
  list.raise(alarmEntry(aa(2, 10, 2)));
  assert.equal(list.raise(alarmEntry(aa(3, 18, 3, 6))), "updated");
  assert.deepEqual(
    list.entries().map((entry) => [entry.alarm_code, entry.timestamp, entry.param]),
    [["LOW_PEEP", 3, 6], ["LOW_VTE", 2, 0]],
  );
});

Deno.test("AlarmList tells entries apart by priority and name, names by name", () => {
  const list = new AlarmList();
  list.raise(alarmEntry(aa(1, 18)));
  list.raise(alarmEntry(aa(3, 18)));
  assert.equal(list.size, 2);
  assert.deepEqual(list.names(), ["LOW_PEEP"]);
  assert.equal(list.acknowledgeEntry("PRIORITY_MEDIUM", "LOW_PEEP"), false);
  assert.equal(list.acknowledgeEntry("PRIORITY_LOW", "LOW_PEEP"), true);
  assert.equal(list.size, 1);
  list.raise(alarmEntry(aa(1, 18)));
  assert.equal(list.acknowledge("LOW_PEEP"), true);
  assert.equal(list.size, 0, "by name, every priority goes");
});

Deno.test("AlarmList accepts the old spelling in acknowledgements", () => {
  const list = new AlarmList();
  list.raise(alarmEntry(aa(2, 5)));
  assert.deepEqual(list.names(), ["EXPIRATION_VALVE_LEAK"]);
  assert.equal(list.acknowledge("EXPIRATION_VALVE_Leak"), true);
});

Deno.test("AlarmList holds a silent controller's failure like any other alarm", () => {
  const list = new AlarmList();
  assert.equal(list.raise(controllerFailure(0xa0, 5)), "listed");
  assert.equal(list.raise(controllerFailure(0xa0, 6)), "updated");
  assert.deepEqual(list.names(), ["ARDUINO_FAIL"]);
});

Deno.test("AlarmList is bounded by the alarms that exist", () => {
  const list = new AlarmList();
  for (const alarm_type of PRIORITIES.names) {
    for (const alarm_code of B6_ALARMS.names) {
      list.raise({ ...controllerFailure(0xb6, 0), alarm_type, alarm_code });
    }
  }
  assert.equal(list.size, ALARM_ENTRIES_MAX);
  list.raise({ ...controllerFailure(0xb6, 0), alarm_code: "ONE_MORE" });
  assert.equal(list.size, ALARM_ENTRIES_MAX);
});
