import { strict as assert } from "node:assert";
import {
  notifierFromEnvironment,
  NOTIFY_WAITING_MAX,
  STATUS_LENGTH_MAX,
  type SystemdNotifier,
  watchdogIntervalMs,
} from "../../src/net/systemd.ts";

const decoder = new TextDecoder();

/** Plays systemd: a datagram socket at a path or an abstract name, and a notifier that sends to it. */
function playSystemd(address: string, problems: string[] = []): {
  notifier: SystemdNotifier;
  socket: Deno.DatagramConn;
} {
  const path = address.startsWith("@") ? `\0${address.slice(1)}` : address;
  const socket = Deno.listenDatagram({ transport: "unixpacket", path });
  const notifier = notifierFromEnvironment(
    new Map([["NOTIFY_SOCKET", address]]),
    { onProblem: (problem) => problems.push(problem) },
  );
  return { notifier, socket };
}

async function receiveText(socket: Deno.DatagramConn): Promise<string> {
  const [bytes] = await socket.receive(new Uint8Array(4096));
  return decoder.decode(bytes);
}

async function withFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await run(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("SystemdNotifier sends each message as one datagram to a path", () =>
  withFolder(async (folder) => {
    const { notifier, socket } = playSystemd(`${folder}/notify`);
    assert.equal(notifier.active, true);
    const taken = [
      await notifier.ready(),
      await notifier.status("2 roles, 14 members"),
      await notifier.watchdog(),
      await notifier.stopping(),
    ];
    assert.deepEqual(taken, [true, true, true, true]);
    assert.equal(await receiveText(socket), "READY=1");
    assert.equal(await receiveText(socket), "STATUS=2 roles, 14 members");
    assert.equal(await receiveText(socket), "WATCHDOG=1");
    assert.equal(await receiveText(socket), "STOPPING=1");
    socket.close();
  }));

Deno.test("SystemdNotifier sends to an abstract name", async () => {
  const { notifier, socket } = playSystemd(`@pulsebox-test-${crypto.randomUUID()}`);
  assert.equal(await notifier.ready(), true);
  assert.equal(await receiveText(socket), "READY=1");
  socket.close();
});

Deno.test("SystemdNotifier keeps a status on one line and cuts it at its limit", async () => {
  const { notifier, socket } = playSystemd(`@pulsebox-test-${crypto.randomUUID()}`);
  await notifier.status("first\nWATCHDOG=trigger\r\n");
  assert.equal(await receiveText(socket), "STATUS=first WATCHDOG=trigger");
  await notifier.status("ü".repeat(STATUS_LENGTH_MAX + 1));
  assert.equal(await receiveText(socket), `STATUS=${"ü".repeat(STATUS_LENGTH_MAX)}`);
  socket.close();
});

Deno.test("SystemdNotifier tells a lasting problem once and goes on when systemd is back", () =>
  withFolder(async (folder) => {
    const problems: string[] = [];
    const address = `${folder}/notify`;
    const first = playSystemd(address, problems);
    first.socket.close();
    await Deno.remove(address).catch(() => {});
    assert.equal(await first.notifier.watchdog(), false);
    assert.equal(await first.notifier.watchdog(), false);
    assert.equal(problems.length, 1);
    assert.match(problems[0] ?? "", /^Cannot notify systemd at ".*\/notify": No such file/);

    const second = playSystemd(address);
    assert.equal(await first.notifier.watchdog(), true);
    assert.equal(await receiveText(second.socket), "WATCHDOG=1");
    second.socket.close();
  }));

Deno.test("SystemdNotifier gives up what a systemd that never reads cannot take, in bounded time", async () => {
  const problems: string[] = [];
  const { notifier, socket } = playSystemd(`@pulsebox-test-${crypto.randomUUID()}`, problems);
  // The kernel queues a few datagrams (net.unix.max_dgram_qlen) for a reader that does not read.
  while (await notifier.watchdog());
  const sending = Array.from({ length: NOTIFY_WAITING_MAX }, () => notifier.watchdog());
  assert.equal(await notifier.watchdog(), false);
  assert.match(problems[0] ?? "", /no room for a message within 1000 ms$/);
  assert.match(problems[1] ?? "", /8 messages are waiting already$/);
  socket.close();
  assert.ok((await Promise.all(sending)).every((taken) => !taken));
});

Deno.test("notifierFromEnvironment does nothing without a service manager", async () => {
  for (const env of [new Map(), new Map([["NOTIFY_SOCKET", ""]])]) {
    const notifier = notifierFromEnvironment(env);
    assert.equal(notifier.active, false);
    assert.equal(notifier.watchdogIntervalMs, undefined);
    const taken = [
      await notifier.ready(),
      await notifier.stopping(),
      await notifier.watchdog(),
      await notifier.status("ignored"),
    ];
    assert.deepEqual(taken, [false, false, false, false]);
  }
});

Deno.test("notifierFromEnvironment refuses an address that it cannot send to", () => {
  for (const address of ["notify", "@", "/", "vsock:2:1234", `@${"x".repeat(108)}`]) {
    const problems: string[] = [];
    const notifier = notifierFromEnvironment(
      new Map([["NOTIFY_SOCKET", address]]),
      { onProblem: (problem) => problems.push(problem) },
    );
    assert.equal(notifier.active, false, address);
    assert.deepEqual(problems, [
      `Cannot notify systemd: NOTIFY_SOCKET is "${address}", must be a path or @ and a name`,
    ]);
  }
});

const WATCHDOG_CASES: [name: string, env: [string, string][], expected: number | undefined][] = [
  ["no limit", [], undefined],
  ["30 s", [["WATCHDOG_USEC", "30000000"]], 15_000],
  ["this process", [["WATCHDOG_USEC", "30000000"], ["WATCHDOG_PID", "77"]], 15_000],
  ["another process", [["WATCHDOG_USEC", "30000000"], ["WATCHDOG_PID", "78"]], undefined],
  ["any process", [["WATCHDOG_USEC", "30000000"], ["WATCHDOG_PID", ""]], 15_000],
  ["a broken pid", [["WATCHDOG_USEC", "30000000"], ["WATCHDOG_PID", "0x4d"]], undefined],
  ["fractions", [["WATCHDOG_USEC", "1001"]], 0.5005],
  ["zero", [["WATCHDOG_USEC", "0"]], undefined],
  ["not a number", [["WATCHDOG_USEC", "30s"]], undefined],
  ["negative", [["WATCHDOG_USEC", "-1"]], undefined],
  ["endless", [["WATCHDOG_USEC", "18446744073709551615"]], undefined],
];

Deno.test("watchdogIntervalMs is half of what systemd allows this process", () => {
  for (const [name, env, expected] of WATCHDOG_CASES) {
    assert.equal(watchdogIntervalMs(new Map(env), 77), expected, name);
  }
});

Deno.test("notifierFromEnvironment takes over the watchdog interval", () => {
  const env = new Map([["NOTIFY_SOCKET", "/run/notify"], ["WATCHDOG_USEC", "10000000"]]);
  assert.equal(notifierFromEnvironment(env).watchdogIntervalMs, 5_000);
  env.set("WATCHDOG_PID", "1");
  assert.equal(notifierFromEnvironment(env, { pid: 2 }).watchdogIntervalMs, undefined);
});
