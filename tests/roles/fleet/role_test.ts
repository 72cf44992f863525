import { strict as assert } from "node:assert";
import { Events } from "../../../src/core/events.ts";
import { Members } from "../../../src/core/members.ts";
import { type ConditionCounts, CONDITIONS } from "../../../src/core/verdict.ts";
import { fleetRules } from "../../../src/roles/fleet/options.ts";
import { FleetRole } from "../../../src/roles/fleet/role.ts";
import { runProcess } from "../../cli/pulsebox_process.ts";
import { temporaryDirectory } from "../../store/virtual_host.ts";
import { NATS_SERVER, NatsServer } from "../../support/nats_server.ts";
import { requirement } from "../../support/require.ts";
import { until } from "../../support/tcp.ts";

if (requirement("the fleet role with a broker", NATS_SERVER)) {
  Deno.test("FleetRole warns of brokers without memory, and no longer once they have one", async () => {
    using folder = temporaryDirectory();
    await using broker = await NatsServer.start({ folder: folder.path });
    const events = new Events();
    const members = new Members({ now: 0, events });
    const counts = Object.fromEntries(CONDITIONS.map((one) => [one, 0])) as ConditionCounts;
    await using role = FleetRole.start({
      link: {
        servers: [`127.0.0.1:${broker.port}`],
        tls: { required: false, caCerts: [] },
        nkeySeed: undefined,
      },
      fleet: "museum",
      host: "desk",
      label: null,
      version: "1",
      url: () => null,
      roster: members.open(fleetRules()),
      events,
      describe: () => ({ verdict: "well", headline: "", counts, members: [] }),
      now: () => performance.now(),
      wall: () => Date.now(),
      wake: () => {},
      onWarning: () => {},
    });
    await until(() => role.warnings().length > 0, "the missing memory is said");
    assert.match(role.warnings()[0] ?? "", /^The fleet has no memory: there is no stream /);
    const { status, stderr } = await runProcess(["fleet", "init", `--fleet=${broker.url}`]);
    assert.equal(status, 0, stderr);
    await until(() => role.warnings().length === 0, "the warning ends with the next beat");
  });
}
