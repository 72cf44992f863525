import { strict as assert } from "node:assert";
import { fc } from "../../packages/fast_check.ts";
import { payloadOfRow, readRowDump, writeRowDump } from "../../../src/wire/hev/dump_rows.ts";

Deno.test("readRowDump reads the first row from the header's line or from its own", () => {
  const header = "time [s],pressure [mbar],flow [mL/min],volume [mL]";
  const row = { time: 1, pressure: 2, flow: 3, volume: 4 };
  assert.deepEqual(readRowDump(`${header}1,2,3,4`).items, [row]);
  assert.deepEqual(readRowDump(`${header}\r\n1,2,3,4\r\n`).items, [row]);
  assert.deepEqual(readRowDump("1,2,3,4\n").items, [row]);
  assert.deepEqual(readRowDump("time,pressure,flow,volume\n1,2,3,4\n").items, [row]);
});

Deno.test("readRowDump skips and counts lines that are not four numbers", () => {
  const dump = readRowDump("1,2,3,4\n1,2,3\n1,2,3,x\n1,2,3,\n1,2,3,4,5\n1,2,3,Infinity\n");
  assert.equal(dump.items.length, 1);
  assert.equal(dump.skipped, 5);
  assert.equal(dump.firstFault, 'Cannot read recording: line 2 is "1,2,3", must be four numbers');
});

Deno.test("readRowDump reads back whatever writeRowDump writes", () => {
  const number = fc.integer({ min: -1e9, max: 1e9 }).map((micro) => micro / 1e6);
  const row = fc.record({ time: number, pressure: number, flow: number, volume: number }, {
    noNullPrototype: true,
  });
  fc.assert(
    fc.property(fc.array(row), (rows) => {
      assert.deepEqual(readRowDump(writeRowDump(rows)).items, rows);
    }),
  );
});

Deno.test("payloadOfRow plays a row as data of version 0xA0", () => {
  const { version, type, values } = payloadOfRow({ time: 1, pressure: 2, flow: 3, volume: 4 });
  assert.deepEqual([version, type, values.pressure_buffer], [0xa0, "DATA", 2]);
});
