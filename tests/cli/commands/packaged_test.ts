/**
 * The service of the Debian package, as far as it needs no package to be looked at.
 */

import { strict as assert } from "node:assert";
import {
  FLEET_KEY_FILE,
  packagedSettings,
  packagedUnit,
} from "../../../src/cli/commands/install/packaged.ts";
import { readFleetKey } from "../../../src/appliance/fleet_key.ts";
import { environmentName } from "../../../src/appliance/settings/option.ts";
import { OPTION_KEYS, optionOf } from "../../../src/appliance/settings/options.ts";
import { makeUserKey } from "../../../src/net/nats/keys.ts";
import { temporaryDirectory } from "../../store/virtual_host.ts";
import { requirement } from "../../support/require.ts";
import { isInstalled } from "../../support/tool.ts";
import { runHere } from "../fake_terminal.ts";

/** A setting that a fleet's host could have, for each option without a `true`. */
const EXAMPLES: Readonly<Record<string, string>> = {
  URL: "nats://pi1:4222,nats://pi2:4222",
  NAME: "foyer",
  TEXT: "Ground floor",
  FILE: "/etc/ssl/certs/museum.pem",
};

Deno.test("the package's settings name every option of a fleet, off and with its help", async () => {
  const text = packagedSettings();
  const keys = OPTION_KEYS.filter((key) => optionOf(key).group === "Fleet");
  assert.ok(keys.length > 5);
  const env: Record<string, string> = {};
  for (const key of keys) {
    const option = optionOf(key);
    // The unit names the key's file.
    if (key === "fleetKey") continue;
    const [, value = ""] =
      new RegExp(`^# ${RegExp.escape(option.help)}\n#${environmentName(option)}=(.+)$`, "m")
        .exec(text) ?? [];
    assert.notEqual(value, "", key);
    env[environmentName(option)] = EXAMPLES[value] ?? value;
  }
  assert.ok(text.includes(`sudo install -m 600 HOST.nk ${FLEET_KEY_FILE}\n`));
  assert.match(text, /^# If the host does not appear: sudo pulsebox doctor --fleet URL /m);
  const active = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  assert.deepEqual(active, ["PULSEBOX_HEARTBEAT=true", "PULSEBOX_DATA=/var/lib/pulsebox"]);
  // With values, it is what the program takes.
  const { status, stdout, stderr } = await runHere(["config", "--json"], { env });
  assert.equal(status, 0, stderr);
  const { fleet, fleetLabel, fleetView } = JSON.parse(stdout).settings;
  assert.deepEqual([fleetLabel.value, fleetView.value], ["Ground floor", true]);
  assert.deepEqual([fleet.value.length, fleet.source], [2, "environment"]);
});

Deno.test("the package's unit waits for the network, and starts with and without a fleet's key", () => {
  const unit = packagedUnit();
  for (
    const line of [
      "Documentation=man:pulsebox(1)",
      "Wants=network-online.target",
      "After=network-online.target",
      "EnvironmentFile=/etc/default/pulsebox",
      `LoadCredential=pulsebox_fleet_key:${FLEET_KEY_FILE}`,
      "SetCredential=pulsebox_fleet_key:none",
      "Environment=PULSEBOX_FLEET_KEY=%d/pulsebox_fleet_key",
    ]
  ) assert.ok(unit.split("\n").includes(line), line);
  assert.match(unit, /^# .*: pulsebox doctor --fleet URL$/m);

  // What systemd puts in place of a missing key is no key, and anything else is a fault.
  using directory = temporaryDirectory();
  const path = `${directory.path}/key`;
  const start = (text: string) => {
    Deno.writeTextFileSync(path, text, { mode: 0o600 });
    return readFleetKey(path);
  };
  assert.equal(start("none"), undefined);
  assert.throws(() => start("nothing"), /^Error: Cannot use ".*" of --fleet-key: it holds no nkey/);
  const { seed } = makeUserKey();
  assert.equal(start(`${seed}\n`), seed);
});

if (
  requirement("the package's unit", {
    name: "systemd-analyze",
    available: isInstalled("systemd-analyze"),
    howToGet: "apt-get install systemd",
  })
) {
  Deno.test("systemd has nothing to complain of in the package's unit", async () => {
    using directory = temporaryDirectory();
    const path = `${directory.path}/pulsebox.service`;
    // The program is not there.
    await Deno.writeTextFile(path, packagedUnit().replace("/usr/bin/pulsebox", "/bin/true"));
    const { success, stdout, stderr } = await new Deno.Command("systemd-analyze", {
      args: ["verify", "--man=no", path],
      env: { LC_ALL: "C.UTF-8" },
      stdin: "null",
    }).output();
    const said = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
    assert.ok(success, said);
    assert.equal(said, "");
  });
}
