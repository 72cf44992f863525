import { strict as assert } from "node:assert";
import { runHere } from "../fake_terminal.ts";
import { PulseboxProcess } from "../pulsebox_process.ts";

interface Phone extends Disposable {
  readonly port: number;
}

/** Registers a phone of an address, and waits for its first ping. */
async function registerPhone(hostname: string, port: number): Promise<Phone> {
  const phone = Deno.listenDatagram({ transport: "udp", hostname, port: 0 });
  await phone.send(new Uint8Array(2), { transport: "udp", hostname: "127.0.0.1", port });
  await phone.receive();
  return { port: (phone.addr as Deno.NetAddr).port, [Symbol.dispose]: () => phone.close() };
}

Deno.test("phones are one line among the members, listed one by one, and found by their address", async () => {
  await using process = new PulseboxProcess([
    ...["--trigger", "--trigger-host=127.0.0.1", "--trigger-port=0", "--console-port=0"],
    "--trigger-low-ports",
  ]);
  const [, port = ""] = await process.stderrHas(/Listening on udp:\/\/127\.0\.0\.1:(\d+)/);
  const [, url = ""] = await process.stderrHas(/Listening on (\S+) role=console/);
  const ask = async (...args: string[]) => await runHere([...args, "--console-url", url]);

  const nobody = await ask("members");
  assert.match(nobody.stderr, /Nobody has been heard yet/);
  const none = await ask("trigger", "list");
  assert.deepEqual(none, { status: 0, stdout: "", stderr: "No phone is registered\n" });
  assert.match(await (await fetch(url)).text(), /Nobody has been heard yet/);

  using first = await registerPhone("127.0.0.1", Number(port));
  using second = await registerPhone("127.0.0.2", Number(port));
  const members = await ask("members");
  assert.equal(members.stderr, "All is well: 2 phones are registered\n");
  assert.match(members.stdout, /\nok +2 phones +newest: 127\.0\.0\.2 +\d+\.\ds .*trigger list\n$/);
  const page = await (await fetch(url)).text();
  assert.match(page, /● All is well: 2 phones are registered/);
  assert.match(page, /● running[^]*2 phones[^]*newest: 127\.0\.0\.2/);
  assert.doesNotMatch(page, /Send a first heartbeat/);

  const listed = await ask("trigger", "list");
  assert.equal(listed.status, 0);
  assert.match(listed.stdout, /^ADDRESS +PORT +REGISTERED +UNTIL\n/);
  assert.match(
    listed.stdout,
    new RegExp(`127\\.0\\.0\\.1 +${first.port} +\\d+s ago +in 1m\\d+s\n`),
  );
  assert.match(listed.stdout, new RegExp(`127\\.0\\.0\\.2 +${second.port} `));

  const mine = await ask("trigger", "list", "127.0.0.2", "--json");
  assert.equal(mine.status, 0);
  const { phones } = JSON.parse(mine.stdout);
  assert.deepEqual(phones.map((phone: { port: number }) => phone.port), [second.port]);
  for (const [phone, status] of [[second.port, 0], [first.port, 1]] as const) {
    assert.equal((await ask("trigger", "list", `127.0.0.2:${phone}`)).status, status);
  }
  const missing = await ask("trigger", "list", "127.0.0.3");
  assert.deepEqual(missing, {
    status: 1,
    stdout: "",
    stderr: "pulsebox: 127.0.0.3 is not registered\n",
  });
});

Deno.test("pulsebox trigger explains wrong use", async () => {
  const cases: [args: string[], problem: RegExp][] = [
    [["trigger"], /Too few arguments, write: pulsebox trigger list/],
    [["trigger", "start"], /"start" is no action: write list; pulsebox --trigger runs the role/],
    [["trigger", "list", "my-phone"], /"my-phone" is no IP address/],
  ];
  for (const [args, problem] of cases) {
    const { status, stderr } = await runHere(args);
    assert.equal(status, 2, args.join(" "));
    assert.match(stderr, problem);
  }
});

Deno.test("pulsebox trigger list says which role is missing", async () => {
  await using process = new PulseboxProcess(
    ["--heartbeat", "--heartbeat-port=0", "--console-port=0"],
  );
  const [, url = ""] = await process.stderrHas(/Listening on (\S+) role=console/);
  const { status, stderr } = await runHere(["trigger", "list", "--console-url", url]);
  assert.equal(status, 1);
  assert.match(stderr, /This host does not run the role --trigger/);
});
