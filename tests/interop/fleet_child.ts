/**
 * Runs in a network of its own: three brokers as `pulsebox fleet plan` configures them, two hosts and a
 * console, and what happens to brokers and hosts in a museum.
 *
 * @module
 */

import { strict as assert } from "node:assert";
import { fleetPermissions, inboxPrefix } from "../../src/wire/fleet/permissions.ts";
import { PulseboxProcess, runProcess } from "../cli/pulsebox_process.ts";
import { openLink } from "../support/nats_link.ts";
import { parseSnippets } from "../support/snippets.ts";
import { within } from "../support/tcp.ts";

const BROKERS: ReadonlyMap<string, string> = new Map([
  ["pi1", "127.0.0.1"],
  ["pi2", "127.0.0.2"],
  ["pi3", "127.0.0.3"],
]);
const FLEET = [...BROKERS.keys()].map((broker) => `--fleet=nats://${broker}:4222`);
const folder = await Deno.makeTempDir();
Deno.chdir(folder);
// The names of the guide, on this machine.
const PAGER = "127.0.0.9";
const names = [...BROKERS, ["pager", PAGER] as const].map(([name, address]) =>
  `${address} ${name}\n`
).join("");
Deno.writeTextFileSync("/etc/hosts", names, { append: true });

/**
 * The commands of the guide that were not run yet; those that start Debian's brokers are run by
 * debian_broker_test.ts.
 */
const guide = parseSnippets(Deno.readTextFileSync(new URL("../../docs/fleet.md", import.meta.url)))
  .filter(({ language }) => language === "sh").flatMap(({ text }) => text.trim().split("\n"))
  .filter((command) => command.startsWith("pulsebox "));

/** The next command of the guide that begins so, as arguments of the program. */
function fromGuide(beginning: string): string[] {
  const index = guide.findIndex((command) => command.startsWith(`pulsebox ${beginning}`));
  assert.ok(index >= 0, `the guide has a command "pulsebox ${beginning}…"`);
  const [command = ""] = guide.splice(index, 1);
  return command.split(" ").slice(1);
}
/** What the plan tells the operator to do is what the guide says. */
function assertAsInGuide(printed: string): void {
  const text = Deno.readTextFileSync(new URL("../../docs/fleet.md", import.meta.url));
  const steps = printed.split("\n").filter((line) => line.startsWith("  ")).map((line) =>
    line.trim().replaceAll("BROKER", "pi1").replaceAll("HOST", "foyer")
  );
  const asRoot = steps.filter((step) => step.startsWith("sudo "));
  assert.equal(asRoot.length, 4, printed);
  for (const step of asRoot) assert.ok(text.includes(`\n${step}\n`), step);
  const init = steps.find((step) => step.startsWith("pulsebox fleet init "));
  assert.ok(init !== undefined && text.includes(`\n${init}\n`), init);
}

const started = performance.now();

function log(text: string): void {
  console.log(`${((performance.now() - started) / 1000).toFixed(1)} s: ${text}`);
}

/** One of the planned brokers, on an address of its own. */
class Broker {
  #child: Deno.ChildProcess | undefined;

  constructor(readonly name: string, readonly address: string) {}

  start(): void {
    // One machine plays three: each broker has an address and a folder of its own.
    const text = Deno.readTextFileSync(`fleet/nats-${this.name}.conf`);
    const own = text.replaceAll("0.0.0.0", this.address)
      .replace("/var/lib/nats/pulsebox", `${folder}/${this.name}`);
    assert.notEqual(own, text);
    Deno.writeTextFileSync(`${folder}/${this.name}.conf`, own);
    this.#child = new Deno.Command("nats-server", {
      args: ["-c", `${folder}/${this.name}.conf`],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
  }

  signal(signal: Deno.Signal): void {
    this.#child?.kill(signal);
  }

  async kill(): Promise<void> {
    try {
      this.#child?.kill("SIGKILL");
    } catch {
      // It has ended already.
    }
    await this.#child?.status;
  }
}

async function until<T>(
  look: () => Promise<T | undefined>,
  what: string,
  waitMs = 60_000,
): Promise<T> {
  const deadline = performance.now() + waitMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > deadline) throw new Error(`Waited ${waitMs} ms in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

// deno-lint-ignore no-explicit-any
async function api(path: string, init?: RequestInit): Promise<any> {
  const response = await fetch(`${desk.console}/api/v1/${path}`, init);
  return await response.json();
}

async function hostIs(name: string, state: string, waitMs?: number): Promise<void> {
  await until(
    async () => {
      const found = await api(`fleet/hosts/${name}`);
      return found.state === state ? true : undefined;
    },
    `${name} is ${state}`,
    waitMs,
  );
}

interface RunningHost {
  readonly process: PulseboxProcess;
  readonly heartbeat: string;
  readonly console: string;
}

/** @param args As the guide says; all three brokers are named. */
async function startHost(args: readonly string[], ...more: string[]): Promise<RunningHost> {
  const process = new PulseboxProcess([
    ...args,
    "--heartbeat",
    "--heartbeat-port=0",
    "--console-port=0",
    ...FLEET,
    ...more,
  ]);
  const [, heartbeat = ""] = await process.stderrHas(/Listening on (\S+) role=heartbeat/);
  const [, console = ""] = await process.stderrHas(/Listening on (\S+) role=console/);
  return { process, heartbeat, console };
}

async function beat(host: RunningHost, app: string): Promise<void> {
  await (await fetch(`${host.heartbeat}/hb_ping?60000&appid=${app}`)).body?.cancel();
}

// The plan with one broker, as the guide begins.
const planned = await runProcess(fromGuide("fleet plan"));
assert.equal(planned.status, 0, planned.stderr);
assertAsInGuide(planned.stdout);
for (const file of ["keys/foyer.nk", "keys/operator.nk", "nats-pi1.conf"]) {
  assert.equal((Deno.statSync(`fleet/${file}`).mode ?? 0) & 0o777, 0o600, file);
}
const key = Deno.readTextFileSync("fleet/keys/foyer.nk");
// The guide copies it to that host.
Deno.writeTextFileSync("foyer.nk", key, { mode: 0o600 });

const brokers = [...BROKERS].map(([name, address]) => new Broker(name, address));
let desk: RunningHost;
const paged: { type: string; items: { id: string; member?: { id: string } }[] }[] = [];
await using _pager = Deno.serve(
  { hostname: PAGER, port: 80, onListen: () => {} },
  async (request) => {
    paged.push(await request.json());
    return new Response();
  },
);

/** What people were told of the foyer. */
function toldOfFoyer(): string[] {
  return paged.flatMap(({ type, items }) =>
    items.filter(({ member }) => member?.id === "fleet/foyer").map(({ id }) => `${type} ${id}`)
  );
}
const hosts: RunningHost[] = [];
try {
  const [single] = brokers;
  single?.start();
  const once = fromGuide("fleet init");
  const alone = await until(async () => {
    const result = await runProcess(once);
    return result.status === 0 ? result : undefined;
  }, "the broker makes the streams");
  assert.match(alone.stdout, /PULSEBOX_museum_HOSTS: made, kept by 1 broker\n/);
  await single?.kill();
  await Deno.remove(`${folder}/pi1`, { recursive: true });

  // Three brokers: keys that are there stay.
  const plannedAgain = await runProcess(fromGuide("fleet plan"));
  assert.equal(plannedAgain.status, 0, plannedAgain.stderr);
  assertAsInGuide(plannedAgain.stdout);
  assert.equal(Deno.readTextFileSync("fleet/keys/foyer.nk"), key);
  for (const broker of brokers) broker.start();
  const three = fromGuide("fleet init");
  const init = () => runProcess(three);
  const made = await until(
    async () => {
      const result = await init();
      return result.status === 0 ? result : undefined;
    },
    "the brokers agree on streams",
    30_000,
  );
  assert.match(made.stdout, /PULSEBOX_museum_HOSTS: (made|as planned), kept by 3 brokers/);
  const again = await init();
  assert.match(again.stdout, /HOSTS: as planned.*\n.*TOLD: as planned/, again.stderr);
  log("planned and made");

  // The doctor connects as the host will.
  const doctor = await runProcess([...fromGuide("doctor"), "--json"]);
  const { findings } = JSON.parse(doctor.stdout) as {
    findings: { topic: string; verdict: string; text: string }[];
  };
  const fleetFindings = findings.filter(({ topic }) => topic.startsWith("fleet "));
  assert.deepEqual(fleetFindings.map(({ topic, verdict }) => [topic, verdict]), [
    ["fleet brokers", "WARN"],
    ["fleet memory", "OK"],
    ["fleet voice", "OK"],
  ], JSON.stringify(fleetFindings));
  // A key of another host.
  const wrong = await runProcess([
    "doctor",
    ...FLEET,
    "--fleet-host=hall",
    "--fleet-key=fleet/keys/foyer.nk",
  ]);
  assert.match(
    wrong.stdout,
    /^FAIL +fleet voice +.*permission.*does the key belong to the name hall/im,
  );

  const asFoyer = fromGuide("--heartbeat");
  const asDesk = fromGuide("--fleet");
  const asSteward = fromGuide("--fleet");
  assert.deepEqual(asSteward.slice(0, asDesk.length), asDesk);
  desk = await startHost(asSteward);
  const foyer = await startHost(asFoyer, "--fleet-label=Ground floor");
  hosts.push(desk, foyer);
  await hostIs("foyer", "ok");
  await hostIs("desk", "ok");

  await beat(desk, "here");
  // A change reaches the console.
  const changedAt = performance.now();
  await beat(foyer, "tetris");
  const seen = await until(async () => {
    const host = await api("fleet/hosts/foyer");
    // deno-lint-ignore no-explicit-any
    return host.members.some((member: any) => member.name === "tetris") ? host : undefined;
  }, "the console shows the foyer's application");
  log(`a change was seen after ${Math.round(performance.now() - changedAt)} ms`);
  assert.equal(seen.label, "Ground floor");
  assert.deepEqual(seen.members.map(({ state }: { state: string }) => state), ["ok"]);
  const status = await until(async () => {
    const found = await api("fleet/status");
    return found.verdict === "well" ? found : undefined;
  }, "all hosts are well");
  assert.equal(status.headline, "All 2 hosts are well");
  assert.deepEqual(status.warnings, []);
  const forgetting = fromGuide("fleet forget");
  const table = await runProcess([...fromGuide("fleet"), `--console-url=${desk.console}`]);
  assert.match(table.stdout, /^ok +foyer +Ground floor /m);
  const checking = [...fromGuide("check"), `--console-url=${desk.console}`];
  const check = () => runProcess(checking);
  const well = await check();
  assert.equal(well.status, 0, well.stdout);
  assert.match(well.stdout, /^OK - All 2 hosts are well \| hosts=2 lost=0 /);

  // What the plan forbids, the brokers refuse.
  await tryForbidden();
  log("forbidden acts were refused");

  // The loss of each broker in turn: nobody is called lost.
  for (const broker of brokers) {
    await broker.kill();
    const app = `after-${broker.name}`;
    const killedAt = performance.now();
    await beat(foyer, app);
    await until(
      async () => {
        const host = await api("fleet/hosts/foyer");
        return host.members?.some((member: { name: string }) => member.name === app) || undefined;
      },
      `a change arrives without ${broker.name}`,
      60_000,
    );
    log(`without ${broker.name} a change took ${Math.round(performance.now() - killedAt)} ms`);
    broker.start();
    await until(async () => (await init()).status === 0 || undefined, "brokers agree", 30_000);
  }
  assert.equal((await api("fleet/status")).hosts.lost, 0);

  // A broker that is there and does nothing: whoever hangs on it goes to another.
  const { broker: used } = await api("fleet/status");
  const stopped = brokers.find(({ address }) => used.place.startsWith(address));
  stopped?.signal("SIGSTOP");
  const stoppedAt = performance.now();
  await until(
    async () => {
      const { broker, deaf } = await api("fleet/status");
      return broker !== null && !broker.place.startsWith(stopped?.address) && !deaf
        ? true
        : undefined;
    },
    "the console leaves a broker that is stopped",
    60_000,
  );
  log(`a stopped broker was left after ${Math.round(performance.now() - stoppedAt)} ms`);
  stopped?.signal("SIGCONT");
  assert.equal((await api("fleet/status")).hosts.lost, 0);

  // A host that is killed is lost after four promises; nothing is known of its members then.
  const killedAt = performance.now();
  foyer.process.signal("SIGKILL");
  await hostIs("foyer", "lost", 30_000);
  const lostMs = performance.now() - killedAt;
  log(`a killed host was lost after ${Math.round(lostMs)} ms`);
  // Its last beat was up to five seconds before.
  assert.ok(lostMs > 14_500 && lostMs < 24_000, `${lostMs} ms`);
  const lost = await api("fleet/hosts/foyer");
  for (const member of lost.members) {
    assert.equal(member.state, "unknown");
    assert.equal(member.lastState, "ok");
    assert.ok(Math.abs(Date.parse(member.unknownSince) - Date.now()) < 40_000);
  }
  await until(() => Promise.resolve(toldOfFoyer()[0]), "people are told of the foyer");
  const critical = await check();
  assert.equal(critical.status, 2);
  assert.match(critical.stdout, /^CRITICAL - Of 2 hosts: 1 lost/);

  // All brokers gone: the console says that it knows nothing, and calls nobody lost.
  await Promise.all(brokers.map((broker) => broker.kill()));
  const deafAt = performance.now();
  await until(async () => (await api("fleet/status")).deaf || undefined, "the console is deaf");
  const deafMs = performance.now() - deafAt;
  log(`deaf was said after ${Math.round(deafMs)} ms`);
  assert.ok(deafMs < 5_500, `${deafMs} ms`);
  const deaf = await check();
  assert.equal(deaf.status, 3);
  assert.match(deaf.stdout, /^UNKNOWN - This console does not hear the fleet/);
  assert.match((await api("verdict")).headline, /This host does not hear the fleet any more/);
  // The local job goes on.
  await beat(desk, "there");
  await new Promise((resolve) => setTimeout(resolve, 12_000));
  const unheard = await api("fleet/hosts/desk");
  assert.equal(unheard.state, "unknown", "nobody is late, or well, while nobody is heard");
  for (const broker of brokers) broker.start();
  const backAt = performance.now();
  await until(
    async () => !(await api("fleet/status")).deaf || undefined,
    "the console hears again",
  );
  log(`heard again after ${Math.round(performance.now() - backAt)} ms`);

  // A lost host can be forgotten, and comes back when it is heard.
  const forgotten = await runProcess([...forgetting, `--console-url=${desk.console}`]);
  assert.equal(forgotten.status, 0, forgotten.stderr);
  assert.equal((await fetch(`${desk.console}/api/v1/fleet/hosts/foyer`)).status, 404);
  const told = await until(
    () => Promise.resolve(toldOfFoyer().length > 1 ? toldOfFoyer() : undefined),
    "people are told that nobody watches the foyer any more",
  );
  const [, outage = ""] = (told[0] ?? "").split(" ");
  assert.deepEqual(told, [`lost ${outage}`, `ended ${outage}`]);
  hosts.push(await startHost(fromGuide("--heartbeat")));
  await hostIs("foyer", "ok");
  assert.deepEqual(guide, [], "every command of the guide was run");
  log("done");
} finally {
  for (const { process } of hosts) await process[Symbol.asyncDispose]();
  await Promise.all(brokers.map((broker) => broker.kill()));
  await Deno.remove(folder, { recursive: true });
}

/** Acts of the host `foyer`, and of one without a key, that its permissions do not name. */
async function tryForbidden(): Promise<void> {
  const allowed = fleetPermissions("museum", "host", "foyer");
  const subjects = [
    "pulsebox.museum.beat.hall",
    "pulsebox.museum.host.hall",
    "pulsebox.museum.told.foyer",
    "pulsebox.other.beat.foyer",
    "$JS.API.STREAM.DELETE.PULSEBOX_museum_HOSTS",
    "$JS.API.STREAM.PURGE.PULSEBOX_museum_HOSTS",
    "$JS.API.STREAM.CREATE.OTHER",
    "$JS.API.DIRECT.GET.PULSEBOX_museum_HOSTS.pulsebox.museum.host.hall",
    "$SYS.REQ.SERVER.PING",
  ];
  const listened = ["pulsebox.museum.beat.*", "pulsebox.museum.host.hall", ">"];
  for (const subject of subjects) assert.ok(!allowed.publish.includes(subject));
  const forbidden: string[] = [];
  await using link = openLink(4222, "intruder", {
    inboxPrefix: inboxPrefix("foyer"),
    nkeySeed: key.trim(),
    onForbidden: (reason) => void forbidden.push(reason),
  });
  await until(() => Promise.resolve(link.isUp || undefined), "the host is taken");
  for (const subject of listened) {
    link.listen(subject, (from) => assert.fail(`It heard ${from}`));
  }
  for (const subject of subjects) link.publish(subject, new TextEncoder().encode("{}"));
  await until(
    () => Promise.resolve(forbidden.length >= subjects.length + listened.length || undefined),
    `${forbidden.length} of ${subjects.length + listened.length} acts were refused: ${forbidden}`,
  );
  // Without a key nobody is taken.
  const refused = Promise.withResolvers<string>();
  await using stranger = openLink(4222, "stranger", {
    onDown: (reason) => refused.resolve(reason),
  });
  assert.match(await within(refused.promise, "a stranger is refused"), /authorization/i);
  assert.equal(stranger.isUp, false);
}
