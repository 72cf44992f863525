import { strict as assert } from "node:assert";
import { type ExposureSettings, warnOfExposure } from "../../src/appliance/exposure.ts";
import { OPTIONS, roleKeys } from "../../src/appliance/settings/options.ts";
import { keepLog } from "./quiet_log.ts";

const OPEN: ExposureSettings = { allow: [], triggerAllow: [] };

function warningsOf(
  addresses: readonly (readonly [role: string, url: string])[],
  settings: Partial<ExposureSettings> = {},
): readonly string[] {
  using kept = keepLog();
  warnOfExposure(
    addresses.map(([role, url]) => ({ role, url })),
    { ...OPEN, ...settings },
    kept.log,
  );
  return [...kept.lines];
}

Deno.test("warnOfExposure() names the ports of a role and the options that restrict it, once", () => {
  const state = ["http://0.0.0.0:6969", "tcp://0.0.0.0:8765", "tcp://[::]:8765", "tcp://[::]:4321"];
  assert.deepEqual(warningsOf(state.map((url) => ["state", url])), [
    "warning TCP 6969, 8765 and 4321 are open on every interface; " +
    "restrict with --state-host or --allow",
  ]);
  assert.deepEqual(warningsOf([["heartbeat", "http://10.0.0.7:8888"]]), [
    "warning TCP 8888 is open on 10.0.0.7; restrict with --heartbeat-host or --allow",
  ]);
});

Deno.test("warnOfExposure() says nothing about loopback, or where the settings restrict it", () => {
  const loopback = ["http://127.0.0.1:1", "http://[::1]:1", "tcp://127.9.9.9:1"];
  assert.deepEqual(warningsOf(loopback.map((url) => ["state", url])), []);
  const allow = ["10.0.0.0/8"];
  assert.deepEqual(warningsOf([["hev", "tcp://0.0.0.0:1"]], { allow }), []);
  assert.deepEqual(warningsOf([["console", "http://0.0.0.0:1"]], { tokenFile: "tokens" }), []);
  assert.deepEqual(warningsOf([["trigger", "udp://0.0.0.0:1"]], { triggerAllow: allow }), []);
  assert.equal(warningsOf([["trigger", "udp://0.0.0.0:1"]], { allow }).length, 1);
});

Deno.test("warnOfExposure() names options that exist, for every role", () => {
  const flags = new Set(Object.values(OPTIONS).map((option) => `--${option.flag}`));
  for (const role of [...roleKeys(), "console"]) {
    const [warning = ""] = warningsOf([[role, "tcp://0.0.0.0:1"]]);
    const named = warning.match(/--[a-z-]+/g) ?? [];
    assert.ok(named.length >= 2, warning);
    for (const flag of named) assert.ok(flags.has(flag), flag);
  }
});
