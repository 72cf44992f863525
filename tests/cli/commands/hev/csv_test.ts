import { strict as assert } from "node:assert";
import { CsvLines } from "../../../../src/cli/commands/hev/csv.ts";

Deno.test("CsvLines writes a head with units, then a line for each packet with the same columns", () => {
  const lines = new CsvLines();
  const packet = (values: Record<string, unknown>, ...codes: string[]) => ({
    dialect: "nul" as const,
    text: "",
    type: "DATA",
    values,
    alarms: codes.map((alarm_code) => ({ alarm_type: "PRIORITY_LOW", alarm_code })),
  });
  assert.equal(
    lines.add(
      packet({ timestamp: 7, fiO2_percent: 21.5, note: 'a "b", c' }, "APNEA", "HIGH_RR"),
      500,
    ),
    "time [s],timestamp [ms],fiO2_percent [%],note,alarms\n" +
      '0.000,7,21.5,"a ""b"", c",APNEA HIGH_RR\n',
  );
  assert.equal(lines.add({ ...packet({ mode: 1 }), type: "TARGET" }, 600), "");
  assert.equal(lines.add(packet({ fiO2_percent: 22, more: 1 }), 1_750), "1.250,,22,,\n");
});

Deno.test("CsvLines takes packets of the older dialect", () => {
  const lines = new CsvLines();
  const packet = {
    dialect: "seed" as const,
    text: "",
    values: { version: 160 },
    alarms: ["APNEA"],
  };
  assert.equal(lines.add(packet, 0), "time [s],version,alarms\n0.000,160,APNEA\n");
});
