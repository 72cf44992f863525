/**
 * Every port of a host with all roles, and every door and stream behind one, times every hostile
 * behaviour.
 */

import { ENGINE_FLAGS } from "../../scripts/compile/runtime_flags.ts";
import { strict as assert } from "node:assert";
import { OPTIONS } from "../../src/appliance/settings/options.ts";
import { sleep } from "../../src/net/sleep.ts";
import { commandLine, PulseboxProcess } from "../cli/pulsebox_process.ts";
import { temporaryDirectory } from "../store/virtual_host.ts";
import { hasOpenssl, makeCertificate } from "../support/certificate.ts";
import { requirement } from "../support/require.ts";
import { within } from "../support/tcp.ts";
import { HOSTILITIES, type Hostility, type Offender, peersOf } from "./hostilities.ts";
import { type Bystander, type Victim, victimsOf } from "./victims.ts";

/** Deadlines short enough for a test: the same code as with the usual ones. */
const DEADLINES = [
  ...["--first-byte-timeout=1s", "--head-timeout=1s", "--body-timeout=1s", "--write-timeout=1s"],
  ...["--hev-query-timeout=1s", "--idle-timeout=60s", "--connections-max=1000"],
];
/**
 * Memory that a host may have gained after all of it, in bytes: what the C library and V8 keep counts,
 * too. Measured are 80 to 110 MB, with TLS and without, and 210 MB if each peer had a session of TLS.
 */
const GROWTH_BYTES_MAX = 160_000_000;
/** Descriptors by which all ports of the host share turns, once one was flooded. */
const DOORBELL = 2;
/** How often an honest client comes during one attack. */
const HONEST_VISITS = 3;
/** How long the host does not run: longer than its timeouts, in milliseconds. */
const STALL_MS = 1_500;
/** How long the host may take to end offenders and to be rid of them, in milliseconds. */
const RID_MS_MAX = 8_000;
/** How long all that offenders cost may take to be given back, in milliseconds. */
const GONE_MS_MAX = 30_000;

/** A host with all roles, each on a free port. */
class AttackedHost implements AsyncDisposable {
  readonly #process: PulseboxProcess;

  constructor(args: readonly string[]) {
    // As the tasks and the executable run it.
    const command = commandLine([]).toSpliced(2, 0, ENGINE_FLAGS);
    const ports = Object.values(OPTIONS).map(({ flag }) => flag)
      .filter((flag) => flag.endsWith("-port") && flag !== "trigger-own-port");
    this.#process = new PulseboxProcess(
      [
        ...["--all", "--hev-source=emulator", ...DEADLINES, ...args],
        ...ports.map((flag) => `--${flag}=0`),
      ],
      {},
      command,
    );
  }

  /** Does not let it run for a while. */
  async stall(): Promise<void> {
    Deno.kill(this.#process.pid, "SIGSTOP");
    try {
      await sleep(STALL_MS);
    } finally {
      Deno.kill(this.#process.pid, "SIGCONT");
    }
  }

  /** The addresses that it reports. */
  async reported(): Promise<{ role: string; url: string }[]> {
    const [text] = await this.#process.stderrHas(/[^]*role=console/);
    return [...text.matchAll(/Listening on (\S+) role=(\w+)/g)]
      .map(([, url = "", role = ""]) => ({ url, role }));
  }

  /** The ports that it listens on, as the system knows them. */
  listening(): number[] {
    const inodes = new Set(this.#links().map((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1]));
    const tables = [["tcp", "0A"], ["tcp6", "0A"], ["udp", "07"], ["udp6", "07"]] as const;
    return tables.flatMap(([table, state]) =>
      Deno.readTextFileSync(`/proc/${this.#process.pid}/net/${table}`).split("\n")
        .map((line) => line.trim().split(/\s+/))
        .filter((fields) => fields[3] === state && inodes.has(fields[9]))
        .map((fields) => parseInt(fields[1]?.split(":")[1] ?? "", 16))
    );
  }

  get descriptors(): number {
    return this.#links().length;
  }

  get memoryBytes(): number {
    const status = Deno.readTextFileSync(`/proc/${this.#process.pid}/status`);
    return 1_024 * Number(/^VmRSS:\s*(\d+)/m.exec(status)?.[1]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process[Symbol.asyncDispose]();
  }

  #links(): string[] {
    const folder = `/proc/${this.#process.pid}/fd`;
    return [...Deno.readDirSync(folder)].flatMap(({ name }) => {
      try {
        return [Deno.readLinkSync(`${folder}/${name}`)];
      } catch {
        // Closed while this looks.
        return [];
      }
    });
  }
}

/** One behaviour at some ports at once, with an honest client at each. */
async function attack(hostility: Hostility, victims: readonly Victim[]): Promise<void> {
  const stop = new AbortController();
  const offenders: Offender[] = [];
  const acts: Promise<unknown>[] = [];
  const ends: Promise<unknown>[] = [];
  for (const victim of victims.filter(({ transport }) => transport === "tcp")) {
    if (hostility.attack !== undefined) {
      if (victim.isEntrance) continue;
      acts.push(Promise.resolve(hostility.attack(victim)));
      continue;
    }
    // The runtime keeps our own end of a closed TLS connection until all that was said is taken.
    if (hostility.fills && victim.readsLater && victim.hasTls) continue;
    for (let index = 0; index < peersOf(hostility); index++) {
      const dial = victim.dials[index % victim.dials.length];
      assert.ok(dial !== undefined);
      const { offender, words } = await dial();
      offenders.push(offender);
      const act = hostility.act?.(offender, { ...victim, ...words }, stop.signal) ??
        Promise.resolve();
      acts.push(act);
      const mustEnd = hostility.ends === "all" && !victim.readsLater ||
        hostility.ends === "speakers" && !victim.isListenedTo;
      if (mustEnd) ends.push(within(act, `${victim.name} ends it`, RID_MS_MAX));
    }
  }
  const datagramVictims = victims.filter(({ transport }) => transport === "udp");
  acts.push(...datagramVictims.map((victim) => sendDatagrams(hostility, victim)));
  // What they come to is looked at below.
  for (const act of acts) act.catch(() => {});
  try {
    await Promise.all([
      ...ends,
      ...victims.map(async (victim) => {
        for (let visit = 0; visit < HONEST_VISITS; visit++) await victim.serves();
      }),
    ]);
  } finally {
    stop.abort();
    for (const offender of offenders) closeQuietly(offender);
    await Promise.allSettled(acts);
  }
  for (const act of acts.filter(() => hostility.attack !== undefined)) await act;
}

async function sendDatagrams({ datagrams }: Hostility, { port }: Victim): Promise<void> {
  const conn = Deno.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: 0 });
  try {
    for (const datagram of datagrams?.() ?? []) {
      await conn.send(datagram, { transport: "udp", hostname: "127.0.0.1", port });
    }
  } finally {
    conn.close();
  }
}

async function testPorts(t: Deno.TestContext, args: readonly string[], certificate: string) {
  await using host = new AttackedHost(args);
  const victims = victimsOf(await host.reported(), certificate);
  assert.deepEqual(
    [...new Set(victims.map(({ port }) => port))].sort(),
    host.listening().sort(),
    "the host reports all ports that it has",
  );
  await using stay = new AsyncDisposableStack();
  const bystanders: { victim: Victim; bystander: Bystander }[] = [];
  for (const victim of victims) {
    await victim.serves();
    const bystander = await victim.stay?.();
    if (bystander !== undefined) bystanders.push({ victim, bystander: stay.use(bystander) });
  }
  const descriptors = await settled(() => host.descriptors);
  const memoryBytes = host.memoryBytes;
  const leavesOthersAlone = async () => {
    for (const { victim, bystander } of bystanders) {
      await within(bystander.check(), `${victim.name} leaves others alone`)
        .catch((cause) => assert.fail(`${victim.name}: ${cause.message}`));
    }
  };
  await t.step("a host that did not run for a while ends nobody for its own silence", async () => {
    let comers: (() => Promise<void>)[];
    let cameAt: number;
    do {
      cameAt = performance.now();
      comers = await Promise.all(victims.flatMap(({ come }) => come?.() ?? []));
      // Whoever is served after them is accepted after them.
      await Promise.all(victims.map((victim) => victim.serves()));
      // On a slow machine, their time may be over by now.
    } while (performance.now() - cameAt > 500);
    assert.ok(comers.length >= 4, `${comers.length} ports`);
    const stalled = host.stall();
    const answers = comers.map((ask) => ask());
    await stalled;
    await Promise.all(answers);
    await leavesOthersAlone();
  });
  for (const hostility of HOSTILITIES) {
    await t.step(`a peer that ${hostility.name}`, async () => {
      const rounds = hostility.aloneAtEachPort
        ? victims.filter(({ transport, isEntrance }) => transport === "tcp" && !isEntrance)
          .map((victim) => [victim])
        : [victims];
      for (const round of rounds) await attack(hostility, round);
      await leavesOthersAlone();
      await eventually(
        () => host.descriptors <= descriptors + DOORBELL,
        () => `${host.descriptors} descriptors, ${descriptors} before`,
      );
    });
  }
  const growth = () => host.memoryBytes - memoryBytes;
  await eventually(() => growth() < GROWTH_BYTES_MAX, () => `${growth()} bytes more than before`);
}

/** The value once it stays the same for a while: honest clients have just left. */
async function settled(read: () => number): Promise<number> {
  let last = read();
  for (let same = 0; same < 10;) {
    const value = read();
    same = value === last ? same + 1 : 0;
    last = value;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return last;
}

async function eventually(condition: () => boolean, what: () => string): Promise<void> {
  const deadline = performance.now() + GONE_MS_MAX;
  while (!condition()) {
    assert.ok(performance.now() < deadline, what());
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function closeQuietly(offender: Offender): void {
  try {
    offender.close();
  } catch {
    // It closed itself.
  }
}

Deno.test("every port serves its honest clients whatever others do there", async (t) => {
  await testPorts(t, [], "");
});

if (
  requirement("ports with TLS under attack", {
    name: "OpenSSL",
    available: hasOpenssl(),
    howToGet: "apt-get install openssl",
  })
) {
  Deno.test("every port serves its honest clients whatever others do there, with TLS", async (t) => {
    using directory = temporaryDirectory();
    const { cert, key } = makeCertificate(directory.path, "attacked");
    // The certificate alone is the console's; each other port has an option of its own.
    const own = Object.values(OPTIONS).map(({ flag }) => `--${flag}`)
      .filter((flag) => flag.endsWith("-tls"));
    assert.ok(own.length >= 2, "heartbeat and state can speak TLS");
    const args = [`--tls-cert=${cert}`, `--tls-key=${key}`, ...own];
    await testPorts(t, args, Deno.readTextFileSync(cert));
  });
}
