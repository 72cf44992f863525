/**
 * TLS as the guide has it: the certificate of its command, each port that can speak it, each tool.
 */

import { strict as assert } from "node:assert";
import { HilbertClient } from "../../../src/clients/hilbert/client.ts";
import { GameOperator } from "../../../src/clients/game/operator.ts";
import { COMMANDS } from "../../../src/cli/command_table.ts";
import { OPTION_KEYS, optionOf } from "../../../src/appliance/settings/options.ts";
import { temporaryDirectory } from "../../store/virtual_host.ts";
import { hasOpenssl } from "../../support/certificate.ts";
import { requirement } from "../../support/require.ts";
import { runHere } from "../fake_terminal.ts";
import { PulseboxProcess, runProcess } from "../pulsebox_process.ts";
import { ANSWERED, callsOf } from "../tool_calls.ts";
import { hearsNews } from "../watching.ts";
import { WholeHost } from "../whole_host.ts";

const GUIDE = new URL("../../../docs/security.md", import.meta.url);
const TLS_FLAGS = OPTION_KEYS.map((key) => optionOf(key).flag).filter((flag) => /-tls$/.test(flag));

async function openssl(directory: string, command: string): Promise<void> {
  const { success, stderr } = await new Deno.Command("sh", {
    args: ["-c", command],
    cwd: directory,
    stdout: "null",
  }).output();
  assert(success, new TextDecoder().decode(stderr));
}

/** The files that the guide's command makes. */
async function guidesCertificate(directory: string): Promise<{ cert: string; key: string }> {
  const [, command = ""] = /```sh\n(openssl req[^`]+)```/.exec(await Deno.readTextFile(GUIDE)) ??
    [];
  await openssl(directory, command);
  return { cert: `${directory}/cert.pem`, key: `${directory}/key.pem` };
}

if (
  requirement("HTTPS with a certificate of one's own", {
    name: "OpenSSL",
    available: hasOpenssl(),
    howToGet: "apt-get install openssl",
  })
) {
  Deno.test("with --tls-cert the console alone speaks HTTPS", async () => {
    using directory = temporaryDirectory();
    const { cert, key } = await guidesCertificate(directory.path);
    await using host = new WholeHost([`--tls-cert=${cert}`, `--tls-key=${key}`]);
    assert.match(await host.address("console", "https"), /^127/);
    for (const role of ["heartbeat", "state"]) assert.match(await host.address(role), /^127/);
  });

  Deno.test("every tool and client speaks HTTPS and trusts what --ca names", async () => {
    using directory = temporaryDirectory();
    const { cert, key } = await guidesCertificate(directory.path);
    assert.deepEqual(TLS_FLAGS, ["heartbeat-tls", "state-tls"]);
    await using host = new WholeHost([
      `--tls-cert=${cert}`,
      `--tls-key=${key}`,
      ...TLS_FLAGS.map((flag) => `--${flag}`),
    ]);
    const heartbeat = `https://${await host.address("heartbeat", "https")}`;
    const state = `https://${await host.address("state", "https")}`;
    const console = `https://${await host.address("console", "https")}`;
    const wss = state.replace(/^https/, "wss");
    const caCerts = [await Deno.readTextFile(cert)];
    const client = new HilbertClient({ url: heartbeat, appId: "library", caCerts });
    assert.equal(await client.ping(60_000), "61000");
    const operator = new GameOperator(state, { caCerts });
    assert.equal((await operator.get("nobody"))[0]?.state, "DISCONNECTED");
    await operator[Symbol.asyncDispose]();

    const readTextFile = (path: string) => Deno.readTextFile(path);
    const calls: [name: string, args: string[]][] = [
      ...callsOf({ console, heartbeat, state }),
      ["zmq", ["zmq", "req", `${wss}/zmq/req`, "GetClientState", "1"]],
    ];
    const ping = (appId: string) =>
      new HilbertClient({ url: heartbeat, appId, caCerts }).ping(60_000);
    await ping("tetris");
    for (const { name } of COMMANDS.filter(({ flags }) => "ca" in flags)) {
      assert.ok(calls.some(([called]) => called === name), `say how ${name} is called`);
    }
    await Promise.all(calls.map(async ([name, args]) => {
      const rest = args.indexOf("--");
      const at = rest < 0 ? args.length : rest;
      const all = [...args.slice(0, at), "--ca", cert, ...args.slice(at)];
      if (name === "watch") return await hearsNews(all, ping);
      const { status, stdout, stderr } = await runHere(all, { readTextFile });
      // What the server has to say of its own is an answer, too: that there is no fleet, or an alarm.
      const isAnswered = status === 0 ||
        ANSWERED.test(stdout + stderr);
      assert.ok(isAnswered, `${all.join(" ")}: ${stdout}${stderr}`);
      assert.doesNotMatch(stdout + stderr, /do not arrive|certificate/, name);
    }));
    const byVariables = await runProcess(["check", "library"], {
      HB_URL: heartbeat,
      PULSEBOX_CA: cert,
    });
    assert.match(byVariables.stdout, /^OK/);
    // Who does not know the authority is told what to do.
    const stranger = await runProcess(["check", "library", "--url", heartbeat]);
    assert.equal(stranger.status, 2);
    assert.match(stranger.stdout, /does not trust the server's certificate; .*--ca FILE/);
    const missing = await runProcess(["check", "--url", heartbeat, "--ca", "/nowhere.pem"]);
    assert.match(
      missing.stdout,
      /UNKNOWN.*Cannot read "\/nowhere.pem" of --ca: there is no such file/,
    );
  });

  Deno.test("a certificate that is its own authority is told of at the start and at the client", async () => {
    using directory = temporaryDirectory();
    await openssl(
      directory.path,
      "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -keyout key.pem -out cert.pem " +
        "-subj /CN=a -addext subjectAltName=IP:127.0.0.1",
    );
    const cert = `${directory.path}/cert.pem`;
    await using host = new WholeHost([`--tls-cert=${cert}`, `--tls-key=${directory.path}/key.pem`]);
    await host.process.stderrHas(/cert.pem" is the certificate of an authority.*CA:FALSE/);
    const console = `https://${await host.address("console", "https")}`;
    const { status, stderr } = await runProcess([
      "members",
      "--console-url",
      console,
      "--ca",
      cert,
    ]);
    assert.equal(status, 1);
    assert.match(stderr, /one of an authority, .*basicConstraints=critical,CA:FALSE/);
    assert.doesNotMatch(stderr, /CaUsedAsEndEntity/);
  });

  Deno.test("a file that cannot be used for TLS is named", async () => {
    using directory = temporaryDirectory();
    const { cert, key } = await guidesCertificate(directory.path);
    const other = temporaryDirectory();
    using _ = other;
    const notKey = `${directory.path}/not_key.pem`;
    await Deno.copyFile(cert, notKey);
    const { key: foreign } = await guidesCertificate(other.path);
    const start = async (...args: string[]) => {
      await using process = new PulseboxProcess([
        "--heartbeat",
        "--heartbeat-port=0",
        "--console-port=0",
        ...args,
      ]);
      const { status, stderr } = await process.finished();
      assert.equal(status, 1, stderr);
      return stderr;
    };
    assert.match(
      await start(`--tls-cert=${cert}`, `--tls-key=${notKey}`),
      /Cannot use ".*not_key.pem": it holds no private key/,
    );
    assert.match(
      await start(`--tls-cert=${key}`, `--tls-key=${key}`),
      /Cannot use ".*key.pem": it holds no certificate/,
    );
    assert.match(
      await start(`--tls-cert=${cert}`, `--tls-key=${foreign}`),
      /Cannot use ".*key.pem": it is not the key of the certificate/,
    );
    assert.match(await start("--heartbeat-tls"), /Cannot use --heartbeat-tls: it needs --tls-cert/);
  });
}
