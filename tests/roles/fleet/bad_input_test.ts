/**
 * What a console says of brokers and messages that are not as they must be: each has its sentence.
 */

import { strict as assert } from "node:assert";
import { Events } from "../../../src/core/events.ts";
import { FLEET_HOSTS_MAX } from "../../../src/core/fleet_picture.ts";
import { Members } from "../../../src/core/members.ts";
import { makeUserKey } from "../../../src/net/nats/keys.ts";
import { fleetRules } from "../../../src/roles/fleet/options.ts";
import type { FleetRole, FleetRoleOptions } from "../../../src/roles/fleet/role.ts";
import { encodeBeat } from "../../../src/wire/fleet/beat.ts";
import { DOCUMENT_BYTES_MAX } from "../../../src/wire/fleet/host_document.ts";
import { fleetPermissions } from "../../../src/wire/fleet/permissions.ts";
import { runProcess } from "../../cli/pulsebox_process.ts";
import { temporaryDirectory } from "../../store/virtual_host.ts";
import { openLink } from "../../support/nats_link.ts";
import { NATS_SERVER, NatsServer } from "../../support/nats_server.ts";
import { requirement } from "../../support/require.ts";
import { until } from "../../support/tcp.ts";
import { NO_COUNTS, startRole } from "./started_role.ts";

const YEAR_MS = 31_536_000_000;

function startConsole(port: number, options: Partial<FleetRoleOptions> = {}): FleetRole {
  const events = new Events();
  const members = new Members({ now: 0, events });
  return startRole(port, { roster: members.open(fleetRules()), events, ...options });
}

async function says(role: FleetRole, pattern: RegExp): Promise<void> {
  await until(
    () => role.warnings().some((warning) => pattern.test(warning)),
    `${pattern} in ${JSON.stringify(role.warnings())}`,
  );
}

const beat = (n: number) =>
  encodeBeat({ epoch: 1, n, seq: 0, ageMs: 0, verdict: "well", counts: NO_COUNTS, tells: false });

/** Brokers that are none, and what the console says of each. */
const NO_BROKERS: Readonly<Record<string, readonly [answer: string, sentence: RegExp]>> = {
  "says nothing": ["", /^This host has not heard the fleet yet: .*(timeout|not answer)/i],
  "answers with errors": [
    'INFO {"server_id":"x","version":"2.9.10","max_payload":1000}\r\n-ERR \'Authorization Violation\'\r\n',
    /^This host has not heard the fleet yet: .*authorization/i,
  ],
  "greets without a version": [
    'INFO {"server_id":"x","max_payload":1000}\r\n',
    /^This host has not heard the fleet yet: the server is not a NATS server$/,
  ],
  "speaks something else": [
    "SSH-2.0-OpenSSH_9.2\r\n",
    /^This host has not heard the fleet yet: .+/,
  ],
};

for (const [what, [answer, sentence]] of Object.entries(NO_BROKERS)) {
  Deno.test(`a console says why it hears nothing of a broker that ${what}`, async () => {
    const connections: Deno.Conn[] = [];
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const accepting = (async () => {
      for await (const connection of listener) {
        connections.push(connection);
        await connection.write(new TextEncoder().encode(answer)).catch(() => {});
      }
    })();
    {
      await using role = startConsole(listener.addr.port);
      await says(role, sentence);
      assert.equal(role.isDeaf, true);
      assert.ok(connections.length < 20, `${connections.length} attempts to connect`);
    }
    listener.close();
    await accepting;
    for (const connection of connections) {
      try {
        connection.close();
      } catch {
        // The role has closed it.
      }
    }
  });
}

if (requirement("a fleet's bad input with a broker", NATS_SERVER)) {
  Deno.test("a console says which messages of hosts it cannot use", async () => {
    using folder = temporaryDirectory();
    await using broker = await NatsServer.start({ folder: folder.path });
    await using role = startConsole(broker.port);
    const viewer = role.viewer ?? assert.fail();
    const subject = (host: string) => `pulsebox.museum.host.${host}`;
    const cases: readonly (readonly [Uint8Array, RegExp])[] = [
      [new Uint8Array(DOCUMENT_BYTES_MAX + 1), /^A message from hall .* too large: 65537 bytes/],
      [new TextEncoder().encode("<b>"), /^A message from hall .* not JSON: 3 bytes/],
      [new TextEncoder().encode("[]"), /^A message from hall .* malformed: no object/],
      [new TextEncoder().encode('{"v":2}'), /^1 host of the fleet runs a newer Pulsebox/],
    ];
    for (const [bytes, sentence] of cases) {
      viewer.document(subject("hall"), bytes);
      assert.ok(role.warnings().some((warning) => sentence.test(warning)), `${role.warnings()}`);
    }
    viewer.beat("pulsebox.museum.beat.a b", beat(1));
    assert.match(
      `${role.warnings()}`,
      /an unknown host to the fleet cannot be used, wrong subject/,
    );
    // A resumed broker delivers old beats: they prove nothing.
    viewer.beat("pulsebox.museum.beat.hall", beat(9));
    const heardAt = viewer.roster.get("hall")?.heardAt;
    // What a console may write about the host, read out onto the channel of beats, is no beat of it.
    viewer.beat("pulsebox.museum.told.hall", beat(10));
    assert.equal(viewer.picture.get("hall")?.beat?.n, 9);
    viewer.beat("pulsebox.museum.beat.hall", beat(8));
    assert.equal(viewer.roster.get("hall")?.heardAt, heardAt);
    // Ten thousand hosts.
    for (let index = 0; index < 10_000; index++) {
      viewer.beat(`pulsebox.museum.beat.h${index}`, beat(1));
    }
    assert.equal(viewer.picture.size, FLEET_HOSTS_MAX);
    assert.ok(viewer.roster.size <= FLEET_HOSTS_MAX);
    assert.match(`${role.warnings()}`, /The fleet has more than 1000 hosts: the others are not/);
  });

  Deno.test("a record that a console reads out onto the beats of a host is no beat of it", async () => {
    using folder = temporaryDirectory();
    await using broker = await NatsServer.start({ folder: folder.path });
    const { status, stderr } = await runProcess([
      "fleet",
      "init",
      `--fleet=${broker.url}`,
      "--fleet-name=museum",
    ]);
    assert.equal(status, 0, stderr);
    await using role = startConsole(broker.port);
    const { viewer } = role;
    const { promise, resolve } = Promise.withResolvers<void>();
    await using thief = openLink(broker.port, "thief", { onUp: resolve });
    await promise;
    await until(() => !role.isDeaf, "the console hears the fleet");
    const stream = "PULSEBOX_museum_TOLD";
    const ask = (subject: string, question: unknown) =>
      thief.request(subject, new TextEncoder().encode(JSON.stringify(question)));
    await thief.request("pulsebox.museum.told.hall", beat(5));
    const config = { name: "c", deliver_policy: "all", ack_policy: "none" };
    await ask(`$JS.API.CONSUMER.CREATE.${stream}.c`, { stream_name: stream, config });
    thief.connected().publish(
      `$JS.API.CONSUMER.MSG.NEXT.${stream}.c`,
      new TextEncoder().encode("1"),
      { reply: "pulsebox.museum.beat.hall" },
    );
    await until(() => viewer?.refused["wrong subject"] === 1, "the console refuses it");
    assert.equal(viewer?.get("hall"), undefined);
  });

  Deno.test("a console says that brokers have no JetStream, and how the memory differs", async () => {
    using folder = temporaryDirectory();
    await using without = await NatsServer.start({ folder: folder.path, jetstream: false });
    await using role = startConsole(without.port);
    await says(
      role,
      /^The fleet has no memory: the brokers have no JetStream, or it is not ready$/,
    );
    assert.equal(role.isDeaf, false, "the picture lives all the same");

    using other = temporaryDirectory();
    await using small = await NatsServer.start({
      folder: other.path,
      config: "jetstream { max_mem: 1048576, max_file: 1048576 }",
      jetstream: false,
    });
    const init = await runProcess(["fleet", "init", `--fleet=${small.url}`]);
    assert.equal(init.status, 1);
    assert.match(init.stderr, /insufficient (storage|memory) resources/);
  });

  Deno.test("a console whose key is taken away says so, and hears again when it gets it back", async () => {
    using folder = temporaryDirectory();
    const { publicKey, seed } = makeUserKey();
    const users = (key: string) => `authorization { users: [ { nkey: ${key} } ] }`;
    await using broker = await NatsServer.start({ folder: folder.path, config: users(publicKey) });
    const logged: string[] = [];
    await using role = startConsole(broker.port, {
      onWarning: (line) => void logged.push(line),
      link: {
        servers: [`127.0.0.1:${broker.port}`],
        tls: { required: false, caCerts: [] },
        nkeySeed: seed,
      },
    });
    await until(() => role.heardAt !== undefined, "it hears itself");
    const path = `${folder.path}/nats.conf`;
    const config = Deno.readTextFileSync(path);
    Deno.writeTextFileSync(path, config.replace(publicKey, makeUserKey().publicKey));
    broker.signal("SIGHUP");
    await says(role, /^This host does not hear the fleet any more: .*authorization/i);
    assert.match(`${logged}`, /This host does not hear the fleet: ./, "the log has a reason");
    Deno.writeTextFileSync(path, config);
    broker.signal("SIGHUP");
    await until(() => !role.isDeaf && role.server !== undefined, "it hears again");
  });

  Deno.test("a console with the key of a host says what the key lacks, in one line of the log, and so does doctor", async () => {
    using folder = temporaryDirectory();
    const { publicKey, seed } = makeUserKey();
    const { publish, subscribe } = fleetPermissions("museum", "host", "desk");
    const permissions = `publish: { allow: ${JSON.stringify(publish)} }
      subscribe: { allow: ${JSON.stringify(subscribe)} }`;
    await using broker = await NatsServer.start({
      folder: folder.path,
      config:
        `authorization { users: [ { nkey: ${publicKey}, permissions: { ${permissions} } } ] }`,
    });
    const logged = new Set<string>();
    await using role = startConsole(broker.port, {
      link: {
        servers: [`127.0.0.1:${broker.port}`],
        tls: { required: false, caCerts: [] },
        nkeySeed: seed,
      },
      onWarning: (text, kind = text) => void logged.add(kind),
    });
    const sentence =
      "The key of this host may not watch the fleet: name desk in --consoles of pulsebox fleet plan";
    await until(() => role.warnings().includes(sentence), "it says so");
    await until(() => role.heardAt !== undefined, "it hears itself");
    assert.deepEqual(role.warnings(), [sentence]);
    assert.deepEqual([...logged], ["permission"]);
    const key = `${folder.path}/desk.nk`;
    Deno.writeTextFileSync(key, seed, { mode: 0o600 });
    const doctor = await runProcess([
      "doctor",
      `--fleet=${broker.url}`,
      "--fleet-name=museum",
      "--fleet-host=desk",
      "--fleet-view",
      `--fleet-key=${key}`,
    ]);
    assert.match(doctor.stdout, /Violation.*beat\.\*/);
    assert.match(doctor.stdout, /name desk in --consoles of pulsebox fleet plan/);
  });

  Deno.test("a host says that its report is longer than the brokers take", async () => {
    using folder = temporaryDirectory();
    await using broker = await NatsServer.start({
      folder: folder.path,
      jetstream: false,
      config: "max_payload: 512",
    });
    await using host = startRole(broker.port, {
      describe: () => ({
        verdict: "well",
        headline: "",
        counts: { ...NO_COUNTS, lost: 20 },
        members: Array.from({ length: 20 }, (_, index) => ({
          id: `hilbert/tetris${index} @ ::1`,
          name: `tetris${index}`,
          station: null,
          state: "lost" as const,
          forMs: 1_000,
        })),
      }),
    });
    await says(host, /^The fleet has no memory: the brokers do not keep .*max_payload/);
  });

  Deno.test("a link that is refused again and again comes back as one", async () => {
    using folder = temporaryDirectory();
    const { publicKey, seed } = makeUserKey();
    await using broker = await NatsServer.start({
      folder: folder.path,
      config: `authorization { users: [ { nkey: ${publicKey} } ] }`,
    });
    let ups = 0;
    const reasons: string[] = [];
    await using _link = openLink(broker.port, "desk", {
      nkeySeed: seed,
      onUp: () => ups++,
      onDown: (reason) => void reasons.push(reason),
    });
    await until(() => ups === 1, "it is taken");
    const path = `${folder.path}/nats.conf`;
    const config = Deno.readTextFileSync(path);
    Deno.writeTextFileSync(path, config.replace(publicKey, makeUserKey().publicKey));
    broker.signal("SIGHUP");
    const refusals = () => reasons.filter((reason) => /authorization/i.test(reason)).length;
    await until(() => refusals() >= 4, "it is refused");
    Deno.writeTextFileSync(path, config);
    broker.signal("SIGHUP");
    await until(() => ups > 1, "it is taken again");
    const ended = reasons.length;
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.deepEqual([ups, reasons.length], [2, ended], "nothing else connects");
  });

  Deno.test("a host whose clock was set back by a year is still believed", async () => {
    using folder = temporaryDirectory();
    await using broker = await NatsServer.start({ folder: folder.path });
    assert.equal((await runProcess(["fleet", "init", `--fleet=${broker.url}`])).status, 0);
    const console = startConsole(broker.port);
    await using _ = console;
    const epochs: number[] = [];
    for (const wall of [Date.now(), Date.now() - YEAR_MS, Date.now() + YEAR_MS]) {
      const before = console.viewer?.picture.get("hall")?.document?.epoch ?? 0;
      await using _host = startConsole(broker.port, {
        host: "hall",
        roster: undefined,
        wall: () => wall,
      });
      const now = () => console.viewer?.picture.get("hall")?.document?.epoch ?? 0;
      await until(() => now() > before, "its document is newer");
      epochs.push(now());
    }
    assert.deepEqual([...epochs].sort((one, other) => one - other), epochs);
  });
}
