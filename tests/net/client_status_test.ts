import { strict as assert } from "node:assert";
import { ClientError } from "../../src/core/client_error.ts";
import { type ClientStatus, StatusReports } from "../../src/net/client_status.ts";

const fault = (kind: string) => new ClientError(kind, kind);

Deno.test("StatusReports reports each change once and each failure once", () => {
  const told: string[] = [];
  const status = new StatusReports((report: ClientStatus) => {
    told.push(`${report.type} ${report.type === "up" ? report.peer : report.error.kind}`);
  });
  assert.equal(status.isUp, false);
  status.down(fault("refused"));
  status.down(fault("still refused"));
  status.up("here");
  status.up("here again");
  status.failed(fault("odd"));
  assert.equal(status.isUp, true);
  status.down(fault("silent"));
  assert.equal(status.isUp, false);
  assert.deepEqual(told, [
    "down refused",
    "failed still refused",
    "up here",
    "failed odd",
    "down silent",
  ]);
});

Deno.test("StatusReports knows how it is though nobody is told", () => {
  const status = new StatusReports(undefined);
  status.up("here");
  assert.equal(status.isUp, true);
});
