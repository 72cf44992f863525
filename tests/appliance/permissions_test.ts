import { strict as assert } from "node:assert";
import { planPermissions } from "../../src/appliance/permissions.ts";

const NOTHING = {
  hev: false,
  hevSource: undefined,
  inputFile: undefined,
  useDumpData: false,
  useDumpFile: false,
  demo: false,
  data: undefined,
  state: false,
  stateCalibration: undefined,
  tokenFile: undefined,
  tlsCert: undefined,
  webhookFile: undefined,
  webhookSecretFile: undefined,
  onLost: undefined,
};

Deno.test("planPermissions keeps the network only, if nothing else is asked for", () => {
  assert.deepEqual([...planPermissions(NOTHING, false).keys()], ["net"]);
});

Deno.test("planPermissions names every reason of a permission", () => {
  const plan = planPermissions({ ...NOTHING, hev: true, data: "/data" }, true);
  assert.equal(
    plan.get("read"),
    "the data folder, the service manager's socket",
  );
  assert.equal(plan.get("write"), "the data folder, the service manager's socket");
  assert.equal(plan.get("ffi"), "the serial port");
});

Deno.test("planPermissions knows a recording from a serial port, in all of their words", () => {
  const ffi = (change: Partial<typeof NOTHING> | { hevSource: string } | { inputFile: string }) =>
    planPermissions({ ...NOTHING, hev: true, ...change }, false).has("ffi");
  assert.equal(ffi({}), true);
  assert.equal(ffi({ hevSource: "serial:/dev/ttyACM0" }), true);
  assert.equal(ffi({ hevSource: "dump:sample.txt" }), false);
  assert.equal(ffi({ hevSource: "emulator" }), false);
  assert.equal(ffi({ useDumpData: true }), false);
  assert.equal(ffi({ inputFile: "sample.txt" }), false);
  assert.equal(ffi({ hev: false }), false);
});
