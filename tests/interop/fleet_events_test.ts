/**
 * A console's event stream over a real broker: what its readers are told of the fleet.
 */

import { strict as assert } from "node:assert";
import type { FleetNews } from "../../src/console/live/fleet_feed.ts";
import { runProcess } from "../cli/pulsebox_process.ts";
import { WholeHost } from "../cli/whole_host.ts";
import { EventReader } from "../console/event_reader.ts";
import { temporaryDirectory } from "../store/virtual_host.ts";
import { NATS_SERVER, NatsServer } from "../support/nats_server.ts";
import { requirement } from "../support/require.ts";

const TOKEN = "r".repeat(32);
const HEADERS = { authorization: `Bearer ${TOKEN}` };

/** Reads on until the fleet is as it should be. */
async function until(
  events: EventReader,
  isSo: (news: FleetNews) => boolean,
): Promise<FleetNews> {
  for (;;) {
    const news: FleetNews = (await events.next("fleet")).data;
    if (isSo(news)) return news;
  }
}

if (requirement("a fleet's events over a real broker", NATS_SERVER)) {
  Deno.test("a console's stream tells of the fleet's hosts, and at once that it hears none", async () => {
    using folder = temporaryDirectory();
    await using broker = await NatsServer.start({ folder: folder.path });
    const fleet = `--fleet=${broker.url}`;
    assert.equal((await runProcess(["fleet", "init", fleet])).status, 0);
    const tokens = `${folder.path}/tokens`;
    Deno.writeTextFileSync(tokens, `read ${TOKEN}\n`, { mode: 0o600 });
    await using foyer = new WholeHost(["--fleet-host=foyer"], {}, [
      "--heartbeat",
      "--heartbeat-port=0",
      "--console-port=0",
      fleet,
    ]);
    await using desk = new WholeHost(
      ["--fleet-host=desk", "--fleet-view", `--token-file=${tokens}`],
      {},
      ["--console-port=0", fleet],
    );
    const url = `http://${await desk.address("console")}/api/v1/events?fleet=1`;

    // Nobody but a reader of this console, and none of a host that is no console of the fleet.
    const stranger = await fetch(url);
    assert.equal(stranger.status, 401);
    await stranger.body?.cancel();
    const elsewhere = await fetch(
      `http://${await foyer.address("console")}/api/v1/events?fleet=1`,
    );
    assert.equal(elsewhere.status, 404);
    await elsewhere.body?.cancel();

    await using events = new EventReader(await fetch(url, { headers: HEADERS }));
    const [first] = [(await events.next("fleet")).data as FleetNews];
    assert.equal(first.all, true);
    const known = new Set(first.hosts.map(({ host }) => host));
    await until(events, ({ hosts }) => {
      for (const { host, state } of hosts) if (state === "ok") known.add(host);
      return known.has("foyer") && known.has("desk");
    });

    // A change on a host comes as that host, and nothing else does.
    const beats = `http://${await foyer.address("heartbeat")}`;
    await (await fetch(`${beats}/hb_ping?600000&appid=tetris`)).body?.cancel();
    const changed = await until(
      events,
      ({ hosts }) => hosts.some(({ host, counts }) => host === "foyer" && counts?.ok === 1),
    );
    assert.equal(changed.all, false);
    // Hosts that have just begun are starting.
    await until(events, ({ status }) => status.verdict === "well");

    await broker.kill();
    const deaf = await until(events, ({ status }) => status.deaf);
    assert.equal(deaf.status.verdict, "problem");
    assert.match(deaf.status.headline, /does not hear the fleet/);
    await broker.restart();
    const well = await until(events, ({ status }) => !status.deaf);
    assert.equal(well.status.hosts.lost, 0, "nobody is called lost for that");
  });
}
