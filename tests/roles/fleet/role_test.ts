import { strict as assert } from "node:assert";
import { Events } from "../../../src/core/events.ts";
import { Members } from "../../../src/core/members.ts";
import { fleetRules, RIVAL_SILENCE_MS } from "../../../src/roles/fleet/options.ts";
import { runProcess } from "../../cli/pulsebox_process.ts";
import { temporaryDirectory } from "../../store/virtual_host.ts";
import { openLink } from "../../support/nats_link.ts";
import { NATS_SERVER, NatsServer } from "../../support/nats_server.ts";
import { requirement } from "../../support/require.ts";
import { until, within } from "../../support/tcp.ts";
import { startRole } from "./started_role.ts";

/** The way to a broker, which can be cut; it takes new connections at once. */
class Cable implements AsyncDisposable {
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #connections = new Set<Deno.TcpConn>();
  readonly #carrying: Promise<void>;

  constructor(readonly to: number) {
    this.#carrying = this.#carry();
  }

  get port(): number {
    return this.#listener.addr.port;
  }

  cut(): void {
    for (const connection of this.#connections) close(connection);
    this.#connections.clear();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    this.cut();
    await this.#carrying;
  }

  async #carry(): Promise<void> {
    const ways: Promise<void>[] = [];
    for await (const near of this.#listener) {
      const far = await Deno.connect({ hostname: "127.0.0.1", port: this.to });
      this.#connections.add(near).add(far);
      ways.push(copy(near, far), copy(far, near));
    }
    await Promise.all(ways);
  }
}

async function copy(from: Deno.TcpConn, to: Deno.TcpConn): Promise<void> {
  await from.readable.pipeTo(to.writable).catch(() => {});
  close(from);
  close(to);
}

function close(connection: Deno.TcpConn): void {
  try {
    connection.close();
  } catch {
    // The other way has closed it.
  }
}

Deno.test("FleetRole: a console that starts knows of nobody, although it remembers some", async () => {
  const events = new Events();
  const roster = new Members({ now: 0, events }).open(fleetRules());
  const hall = { id: "hall", name: "hall", address: "hall", promiseMs: 5_000 };
  const member = roster.hear({ ...hall, kind: "beat" }, 0);
  assert.ok(typeof member !== "string");
  await using role = startRole(1, { roster, events });
  assert.deepEqual([roster.stateOf(member), role.isDeaf], ["unknown", false]);
  assert.deepEqual(role.warnings(), [], "it is too early to complain");
});

if (requirement("the fleet role with a broker", NATS_SERVER)) {
  Deno.test("FleetRole: the first message that comes back ends the deafness of a start", async () => {
    using folder = temporaryDirectory();
    await using broker = await NatsServer.start({ folder: folder.path });
    const events = new Events();
    const told = events.subscribe();
    const roster = new Members({ now: 0, events }).open(fleetRules());
    await using _role = startRole(broker.port, { roster, events });
    await until(() => !roster.isDeaf, "the console hears");
    const types = [];
    for (let event = told.take(); event; event = told.take()) types.push(event.type);
    assert.deepEqual(types.filter((type) => type.startsWith("deafness")), [
      "deafness-began",
      "deafness-ended",
    ]);
  });

  Deno.test("FleetRole warns of brokers without memory while they have none, and tells listeners what changes", async () => {
    using folder = temporaryDirectory();
    await using broker = await NatsServer.start({ folder: folder.path });
    const events = new Events();
    const members = new Members({ now: 0, events });
    await using role = startRole(broker.port, { roster: members.open(fleetRules()), events });
    await until(() => role.warnings().length > 0, "the missing memory is said");
    assert.match(role.warnings()[0] ?? "", /^The fleet has no memory: there is no stream /);
    const { status, stderr } = await runProcess(["fleet", "init", `--fleet=${broker.url}`]);
    assert.equal(status, 0, stderr);
    await until(() => role.warnings().length === 0, "the warning ends with the next beat");

    // Whoever listens is told of a host's news, and that the console is deaf.
    let isDeaf = false;
    const heard = Promise.withResolvers<void>();
    using _listening = role.listen(() => {
      if (role.viewer?.get("hall") !== undefined) heard.resolve();
      isDeaf ||= role.isDeaf;
    });
    await using _hall = startRole(broker.port, { host: "hall" });
    await within(heard.promise, "a host has told");
    await broker.kill();
    await until(() => isDeaf, "listeners are told that nothing is heard");
  });

  Deno.test("FleetRole: a host that is connected again tells at once, whatever the memory does", async () => {
    using folder = temporaryDirectory();
    await using broker = await NatsServer.start({ folder: folder.path, jetstream: false });
    const said: string[] = [];
    await using observer = openLink(broker.port, "observer");
    // Brokers that choose a leader take questions and do not answer.
    for (const subject of ["$JS.API.>", "pulsebox.museum.>"]) {
      observer.listen(subject, (from) => void said.push(from));
    }
    await until(() => observer.isUp, "somebody listens");
    await using cable = new Cable(broker.port);
    await using _host = startRole(cable.port, { host: "hall" });
    await until(() => said.includes("pulsebox.museum.host.hall"), "the host tells");
    said.length = 0;
    cable.cut();
    await until(() => said.length > 0, "the host tells again");
    assert.equal(said[0], "pulsebox.museum.host.hall");
  });

  Deno.test("FleetRole: a host is seen again after another one with its name, which was seen instead, has gone", async () => {
    using folder = temporaryDirectory();
    await using broker = await NatsServer.start({ folder: folder.path, jetstream: false });
    const events = new Events();
    const members = new Members({ now: 0, events });
    await using desk = startRole(broker.port, { roster: members.open(fleetRules()), events });
    let passedMs = 0;
    const now = () => performance.now() + passedMs;
    await using own = startRole(broker.port, { host: "hall", wall: () => 1_000, now });
    const epoch = () => desk.viewer?.get("hall")?.beat?.epoch;
    await until(() => epoch() === 1_000, "the console hears the host");
    const other = startRole(broker.port, { host: "hall", wall: () => 2_000 });
    await until(() => own.warnings().length > 0, "the host hears the other one");
    assert.match(own.warnings()[0] ?? "", /^Another host in fleet museum is also named hall/);
    await until(() => epoch() === 2_000, "the console hears the other one");
    await other.stop();
    passedMs = RIVAL_SILENCE_MS;
    await until(() => epoch() === 2_001, "the console hears the host again");
    assert.equal(desk.viewer?.get("hall")?.document?.epoch, 2_001);
  });

  /** What a broker of three said of a stream in which it kept nothing, for two minutes (nats-server 2.9.10). */
  const LEADERLESS = {
    type: "io.nats.jetstream.api.v1.stream_info_response",
    config: hostsConfig(),
    state: { messages: 0, bytes: 0, first_seq: 0, last_seq: 0, consumer_count: 0 },
    cluster: {
      name: "pulsebox-museum",
      replicas: [
        { name: "pi1", current: true, active: 0, peer: "aWpxmrD9" },
        { name: "pi2", current: false, active: 28_565_823_955, peer: "MPEmcSVb" },
        { name: "pi3", current: true, active: 0, peer: "Kol01jHv" },
      ],
    },
  };
  const LED = { ...LEADERLESS, cluster: { ...LEADERLESS.cluster, leader: "pi1" } };
  for (
    const [what, description, sentence] of [
      ["they have no leader", LEADERLESS, /no memory: the brokers have no leader for stream PULS/],
      ["they look well", LED, /no memory: the brokers do not keep what this host reports: timeout/],
    ] as const
  ) {
    Deno.test(`FleetRole: a console warns of brokers that keep nothing: ${what}`, async () => {
      using folder = temporaryDirectory();
      await using broker = await NatsServer.start({ folder: folder.path, jetstream: false });
      await using brokers = openLink(broker.port, "brokers");
      await until(() => brokers.isUp, "somebody answers for the brokers");
      const connection = brokers.connected();
      connection.subscribe("$JS.API.STREAM.INFO.*", {
        callback: (_, question) => {
          question.respond(JSON.stringify(description));
        },
      });
      // They take questions and reports, and do not answer.
      connection.subscribe("$JS.API.CONSUMER.>", { callback: () => {} });
      let keeps = false;
      connection.subscribe("pulsebox.museum.host.*", {
        callback: (_, report) => {
          if (keeps) report.respond('{"stream":"S","seq":1}');
        },
      });
      await connection.flush();
      const members = new Members({ now: 0, events: new Events() });
      await using role = startRole(broker.port, { roster: members.open(fleetRules()) });
      await until(() => role.warnings().some((one) => sentence.test(one)), "it warns");
      if (description === LEADERLESS) return;
      keeps = true;
      await until(() => !role.warnings().some((one) => sentence.test(one)), "it does not any more");
    });
  }
}

function hostsConfig(): Record<string, unknown> {
  return {
    name: "PULSEBOX_museum_HOSTS",
    subjects: ["pulsebox.museum.host.*"],
    retention: "limits",
    max_bytes: 33_554_432,
    max_msgs_per_subject: 1,
    discard: "old",
    storage: "memory",
    num_replicas: 3,
    allow_direct: true,
    deny_delete: true,
    deny_purge: true,
    allow_rollup_hdrs: false,
  };
}
