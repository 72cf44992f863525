/**
 * A host with certificate, tokens and address lists, as its operator and as others meet it.
 */

import { strict as assert } from "node:assert";
import { temporaryDirectory } from "../../store/virtual_host.ts";
import { hasOpenssl, makeCertificate } from "../../support/certificate.ts";
import { OPTION_KEYS, optionOf } from "../../../src/appliance/settings/options.ts";
import { within } from "../../support/tcp.ts";
import { PulseboxHost, PulseboxProcess, runProcess } from "../pulsebox_process.ts";
import { startTls, type TlsConsole } from "../tls_console.ts";

interface Answer {
  readonly status: number;
  readonly body: string;
}

async function curl(...args: string[]): Promise<Answer> {
  const { stdout } = await new Deno.Command("curl", {
    args: ["--silent", "--max-time", "8", "--write-out", "\n%{http_code}", ...args],
    stderr: "null",
  }).output();
  const text = new TextDecoder().decode(stdout);
  const end = text.lastIndexOf("\n");
  return { status: Number(text.slice(end + 1)), body: text.slice(0, end) };
}

const hasCurl = (() => {
  try {
    return new Deno.Command("curl", { args: ["--version"], stdout: "null" }).outputSync().success;
  } catch {
    return false;
  }
})();

const asked = (host: TlsConsole, path: string, ...args: string[]) =>
  curl("--cacert", host.cert, `https://127.0.0.1:${host.port}${path}`, ...args);

if (hasCurl && hasOpenssl()) {
  Deno.test("curl with the certificate and a token reads and changes; without, neither", async () => {
    using directory = temporaryDirectory();
    await using host = await startTls(directory.path);
    const beat = `https://127.0.0.1:${host.heartbeatPort}/hb_ping?60000&appid=tetris`;
    assert.deepEqual(await curl("--cacert", host.cert, beat), { status: 200, body: "61000" });
    assert.equal((await asked(host, "/healthz")).status, 200, "monitors need no token");
    assert.equal((await asked(host, "/api/v1/members")).status, 401);
    const bearer = (token: string) => ["--header", `Authorization: Bearer ${token}`];
    const { body } = await asked(host, "/api/v1/members", ...bearer(host.readToken));
    assert.match(body, /"tetris"/);
    const pause = ["--request", "POST"];
    const path = "/api/v1/members/tetris/resume";
    assert.equal((await asked(host, path, ...pause, ...bearer(host.readToken))).status, 403);
    assert.equal((await asked(host, path, ...pause, ...bearer(host.writeToken))).status, 200);
    assert.equal(
      (await curl(`http://127.0.0.1:${host.port}/healthz`)).status,
      400,
      "no plain HTTP",
    );
  });

  Deno.test("SIGHUP takes other tokens and another certificate; bad ones change nothing", async () => {
    using directory = temporaryDirectory();
    await using host = await startTls(directory.path);
    const withToken = (token: string, cert: string) =>
      curl(
        "--cacert",
        cert,
        "--header",
        `Authorization: Bearer ${token}`,
        `https://127.0.0.1:${host.port}/api/v1/members`,
      );
    assert.equal((await withToken(host.readToken, host.cert)).status, 200);
    const other = makeCertificate(directory.path, "other");
    await Deno.copyFile(other.key, host.key);
    host.process.signal("SIGHUP");
    await host.process.stderrHas(/stay in effect: Cannot use ".*host\.key": it is not the key of/);
    const former = `${directory.path}/former.crt`;
    await Deno.copyFile(host.cert, former);
    assert.equal((await withToken(host.readToken, former)).status, 200);
    await Deno.copyFile(other.cert, host.cert);
    await Deno.writeTextFile(host.tokens, "read another-0123456789\n");
    host.process.signal("SIGHUP");
    await host.process.stderrHas(/Read tokens, certificate and secrets again/);
    assert.equal((await withToken("another-0123456789", other.cert)).status, 200);
    assert.equal((await withToken(host.readToken, other.cert)).status, 401);
    assert.equal((await withToken(host.readToken, former)).status, 0, "another certificate");
  });
}

Deno.test("what is wrong with tokens and certificate is told in one line before anything listens", async () => {
  using directory = temporaryDirectory();
  const file = (name: string, text: string) => {
    const path = `${directory.path}/${name}`;
    Deno.writeTextFileSync(path, text);
    return path;
  };
  const cases: [string[], RegExp][] = [
    [[`--token-file=${file("t", "let me in\n")}`], /Cannot use ".*\/t": line 1 must be/],
    [[`--tls-cert=${file("c", "x")}`], /Cannot speak TLS: --tls-key is missing/],
    [[`--tls-cert=${file("c", "x")}`, `--tls-key=${file("k", "y")}`], /Cannot use ".*\/c": /],
    [[`--webhook-secret-file=${file("s", "\n")}`], /Cannot use ".*\/s": it is empty/],
  ];
  for (const [args, message] of cases) {
    const { status, stderr } = await runProcess(["--heartbeat", "--heartbeat-port=0", ...args]);
    assert.equal(status, 1, stderr);
    const line = stderr.split("\n").find((text) => text.startsWith("pulsebox:"));
    assert.match(line ?? "", message);
    assert.doesNotMatch(stderr, /let me in/);
  }
});

Deno.test("--webhook wants URLs of the web", async () => {
  const { status, stderr } = await runProcess(["--heartbeat", "--webhook=file:///etc/passwd"]);
  assert.equal(status, 2);
  assert.match(
    stderr,
    /--webhook cannot be used: must be a URL such as https:\/\/example\.org\/hook/,
  );
});

Deno.test("--deny and --allow close every TCP port to others, and the log says so", async () => {
  const ports = OPTION_KEYS.map(optionOf).filter(({ argument }) => argument === "PORT");
  await using host = new PulseboxProcess([
    "--all",
    "--hev-source=dump",
    "--state-host=127.0.0.1",
    "--allow=127.0.0.0/24",
    "--deny=127.0.0.1",
    ...ports.map(({ flag }) => `--${flag}=0`),
  ]);
  await host.stderrHas(/role=console/);
  const [log] = await host.stderrHas(/^[^]*$/);
  const urls = [...log.matchAll(/Listening on (?:tcp|http):\/\/\S+:(\d+) role=(\w+)/g)];
  assert.deepEqual([...new Set(urls.map(([, , role]) => role))], [
    "heartbeat",
    "hev",
    "state",
    "console",
  ]);
  for (const [, port, role] of urls) {
    using conn = await Deno.connect({ hostname: "127.0.0.1", port: Number(port) });
    const read = await within(conn.read(new Uint8Array(1)).catch(() => null), "its end");
    assert.equal(read, null, role);
  }
  for (const [, , role] of urls) {
    await host.stderrHas(
      new RegExp(
        `pulsebox\\.${role} A connection was refused: --allow and --deny .*127\\.0\\.0\\.1`,
      ),
    );
  }
});

Deno.test("--deny and --allow leave those alone who may", async () => {
  await using host = await PulseboxHost.start(["--allow=127.0.0.0/24", "--deny=127.0.0.9"]);
  const ask = async (localAddress: string) => {
    using client = Deno.createHttpClient({ localAddress });
    const reply = fetch(`${host.url}/hb_ping?1000&appid=x`, { client });
    return await reply.then((response) => response.text(), () => "closed");
  };
  const asked = ["127.0.0.5", "127.0.0.9", "127.0.1.1", "127.0.0.6"];
  const answers = await Promise.all(asked.map(ask));
  assert.deepEqual(answers, ["2000", "closed", "closed", "2000"]);
});

Deno.test("a token file that everybody can read is told of, and so is an open console", async () => {
  using directory = temporaryDirectory();
  const tokens = `${directory.path}/tokens`;
  await Deno.writeTextFile(tokens, "write 0123456789abcdef\n");
  await Deno.chmod(tokens, 0o644);
  const args = ["--heartbeat", "--heartbeat-port=0", "--console-port=0", "--console-host=0.0.0.0"];
  await using guarded = new PulseboxProcess([...args, `--token-file=${tokens}`]);
  await guarded.stderrHas(/Every user of this machine can read .*tokens: chmod 600 it/);
  await guarded.stderrHas(/role=console/);
  guarded.signal("SIGTERM");
  assert.doesNotMatch((await guarded.finished()).stderr, /is open on/);
  await using open = new PulseboxProcess(args);
  await open.stderrHas(
    /TCP \d+ is open on every interface; restrict with --console-host, --token-file or --allow/,
  );
});

Deno.test("SIGHUP reads stations and expected programs again", async () => {
  using directory = temporaryDirectory();
  const config = `${directory.path}/p.json`;
  const write = (settings: object) => Deno.writeTextFile(config, JSON.stringify(settings));
  await write({ heartbeatExpect: ["one"] });
  await using host = await PulseboxHost.start([`--config=${config}`]);
  const listing = async () => {
    const { members } = await (await fetch(`${host.consoleUrl}/api/v1/members`)).json();
    return members.map(({ name, station }: { name: string; station: string }) => [name, station]);
  };
  assert.deepEqual(await listing(), [["one", null]]);
  await write({ heartbeatExpect: ["two"], heartbeatStations: ["127.0.0.1=Foyer"] });
  host.process.signal("SIGHUP");
  await host.process.stderrHas(/Read tokens, certificate and secrets again/);
  assert.deepEqual(await listing(), [["two", "Foyer"]]);
  await write({ heartbeatExpect: "x @ nowhere" });
  host.process.signal("SIGHUP");
  await host.process.stderrHas(/The former settings stay in effect: heartbeatExpect in /);
  assert.deepEqual(await listing(), [["two", "Foyer"]]);
});
