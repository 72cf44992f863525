import { strict as assert } from "node:assert";
import { configure, getLogger, type LogRecord, reset } from "@logtape/logtape";
import { EventLog } from "../../src/appliance/event_log.ts";
import { Events, type PulseEvent } from "../../src/core/events.ts";

const member = {
  protocol: "hilbert",
  id: "tetris @ 127.0.0.1",
  name: "tetris",
  address: "127.0.0.1",
} as const;

async function logged(events: readonly PulseEvent[]): Promise<string[]> {
  const lines: string[] = [];
  const sink = (record: LogRecord) => {
    lines.push(`${record.level} ${record.message.map(String).join("")}`);
  };
  await configure({
    sinks: { sink },
    loggers: [
      { category: "pulsebox", sinks: ["sink"], lowestLevel: "debug" },
      { category: ["logtape", "meta"], sinks: [], lowestLevel: "fatal" },
    ],
  });
  try {
    const bus = new Events();
    const log = new EventLog(bus, getLogger(["pulsebox", "members"]));
    for (const event of events) bus.publish(event);
    log[Symbol.dispose]();
    assert.equal(bus.listeners, 0);
  } finally {
    await reset();
  }
  return lines;
}

function stateEvent(to: "late" | "ok", paused: "paused" | "watched"): PulseEvent {
  return {
    type: "member-state",
    at: 0,
    member,
    from: "starting",
    to,
    cause: "silence",
    silentMs: 3_000,
    paused: paused === "paused",
  };
}

Deno.test("EventLog warns of a bad state, but not in maintenance", async () => {
  assert.deepEqual(
    await logged([
      stateEvent("late", "watched"),
      stateEvent("late", "paused"),
      stateEvent("ok", "watched"),
    ]),
    [
      "warning Member hilbert/tetris @ 127.0.0.1 is late",
      "info Member hilbert/tetris @ 127.0.0.1 is late",
      "info Member hilbert/tetris @ 127.0.0.1 is ok",
    ],
  );
});

Deno.test("EventLog has one line for every kind of event", async () => {
  const pause = { reason: "cleaning", until: Infinity };
  const lines = await logged([
    { type: "member-registered", at: 0, member },
    { type: "member-missed", at: 0, member, silentMs: 1_000 },
    { type: "member-paused", at: 0, member: undefined, pause },
    { type: "member-resumed", at: 0, member, cause: "time" },
    { type: "member-forgotten", at: 0, member, cause: "done" },
    { type: "absence", at: 0, absentMs: 5_000 },
  ]);
  assert.equal(lines.length, 6);
  assert.equal(lines[2], "info Maintenance of this host begins");
});
