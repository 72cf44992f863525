/** What a person reads who has taken the wrong key of a fleet. */

import { strict as assert } from "node:assert";
import { readFleetKey } from "../../src/appliance/fleet_key.ts";
import { runProcess } from "../cli/pulsebox_process.ts";
import { startRole } from "../roles/fleet/started_role.ts";
import { temporaryDirectory } from "../store/virtual_host.ts";
import { NATS_SERVER, NatsServer } from "../support/nats_server.ts";
import { requirement } from "../support/require.ts";
import { until } from "../support/tcp.ts";

if (requirement("the wrong key of a fleet", NATS_SERVER)) {
  Deno.test("a fleet key of another name is named as the reason by host, doctor and init", async () => {
    using folder = temporaryDirectory();
    const out = `${folder.path}/fleet`;
    const names = ["--brokers=pi1", "--hosts=foyer,hall", `--out=${out}`];
    const plan = await runProcess(["fleet", "plan", ...names]);
    assert.equal(plan.status, 0, plan.stderr);
    const written = await Deno.readTextFile(`${out}/nats-pi1.conf`);
    const config = written.slice(written.indexOf("authorization {"));
    await using broker = await NatsServer.start({ folder: folder.path, config });
    const keyOf = (name: string) => `${out}/keys/${name}.nk`;

    // Of many files, the one that somebody has damaged is named.
    const damaged = `${folder.path}/damaged`;
    const again = ["fleet", "plan", "--brokers=pi1", "--hosts=foyer,hall", `--out=${damaged}`];
    assert.equal((await runProcess(again)).status, 0);
    Deno.writeTextFileSync(`${damaged}/keys/hall.nk`, "garbage\n");
    const refused = await runProcess(again);
    assert.equal(refused.status, 1);
    assert.match(refused.stderr, /Cannot use ".*hall\.nk": it holds no key/);

    const init = await runProcess([
      ...["fleet", "init", `--fleet=${broker.url}`, `--fleet-key=${keyOf("foyer")}`],
    ]);
    assert.equal(init.status, 1);
    assert.match(init.stderr, /^pulsebox: Only the operator's key may do this: --fleet-key /m);

    const doctor = await runProcess([
      ...["doctor", `--fleet=${broker.url}`, "--fleet-host=foyer"],
      `--fleet-key=${keyOf("hall")}`,
    ]);
    const memory = /^FAIL +fleet memory .*$/m.exec(doctor.stdout)?.[0] ?? "";
    assert.match(memory, /does the key belong to the name foyer\?$/, doctor.stdout);

    const lines: string[] = [];
    const link = { servers: [`127.0.0.1:${broker.port}`], tls: { required: false, caCerts: [] } };
    const start = (nkeySeed: string | undefined) =>
      startRole(broker.port, {
        host: "foyer",
        link: { ...link, nkeySeed },
        onWarning: (line) => void lines.push(line),
      });
    {
      await using role = start(readFleetKey(keyOf("hall")));
      await until(() => role.warnings().length > 0, "it does not hear itself");
      assert.match(role.warnings()[0] ?? "", /does --fleet-key belong to the name foyer\?$/);
      const denials = lines.filter((line) => line.includes("deny permission"));
      assert.equal(denials.length, 1, denials.join("\n"));
    }
    await using role = start(undefined);
    await until(() => role.warnings().length > 0, "it is refused");
    assert.match(role.warnings()[0] ?? "", /: the broker refuses the key \(--fleet-key\)/);
  });
}
