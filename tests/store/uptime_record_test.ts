import { strict as assert } from "node:assert";
import { Calendar } from "../../src/core/calendar.ts";
import { newOutage } from "../../src/core/uptime_account.ts";
import { Cells } from "../../src/core/uptime_cells.ts";
import { Database } from "../../src/store/database.ts";
import { UptimeRecord } from "../../src/store/uptime_record.ts";

const MEMBER = { protocol: "hilbert", id: "tetris @ ::1" } as const;

Deno.test("UptimeRecord shows what waits in memory, and says why, while the database cannot be read", () => {
  const database = Database.open();
  database[Symbol.dispose]();
  const failures: unknown[] = [];
  const calendar = new Calendar("UTC");
  const wallMs = Date.UTC(2026, 4, 20, 12);
  const today = calendar.dayOf(wallMs);
  const waiting = new Cells();
  Object.assign(waiting.day(today.name), { knownMs: 1_000, downMs: 250 });
  const record = new UptimeRecord({
    member: MEMBER,
    calendar,
    database,
    onFailure: (error) => void failures.push(error),
    wallMs,
    waiting: [waiting],
    waitingOutages: [newOutage(1, MEMBER, "silence", false)],
    preview: undefined,
  });
  const { knownMs, downMs } = record.figuresOf(today);
  assert.deepEqual([knownMs, downMs], [1_000, 250]);
  assert.equal(failures.length, 1);
  assert.deepEqual(record.outages().map(({ cause }) => cause), ["silence"]);
  assert.equal(failures.length, 2);
});
