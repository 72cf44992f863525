/** A certificate whose time is over, or has not come. */

import { strict as assert } from "node:assert";
import { dateWarning } from "../../src/appliance/certificate_dates.ts";
import { PulseboxProcess, runProcess } from "../cli/pulsebox_process.ts";
import { temporaryDirectory } from "../store/virtual_host.ts";
import { hasOpenssl, makeCertificate } from "../support/certificate.ts";
import { clockOf, FAKETIME_NEEDS } from "../support/faketime.ts";
import { requirement } from "../support/require.ts";

const DAY_MS = 86_400_000;

Deno.test("dateWarning tells of a certificate that clients refuse, or soon will", () => {
  const from = Date.UTC(2026, 0, 1);
  const to = Date.UTC(2026, 11, 31);
  const at = (wallMs: number) =>
    dateWarning({ path: "c.pem", fromMs: from, toMs: to, warning: undefined }, wallMs);
  assert.match(at(from - 1) ?? "", /^Clients refuse .*"c\.pem": it is valid from 2026-01-01 on/);
  for (const wallMs of [from, from + DAY_MS, to - 7 * DAY_MS - 1]) {
    assert.equal(at(wallMs), undefined);
  }
  for (const wallMs of [to - 7 * DAY_MS, to - 1]) {
    assert.match(at(wallMs) ?? "", /^The certificate "c\.pem" expires on 2026-12-31: replace it/);
  }
  assert.match(at(to) ?? "", /^Clients refuse .*: it expired on 2026-12-31/);
  assert.equal(dateWarning(undefined, 0), undefined);
});

/** What a tool says of each certificate that it cannot trust. */
const DISTRUSTED: readonly {
  readonly what: RegExp;
  readonly shift?: string;
  readonly host?: string;
  readonly ca?: false;
}[] = [
  { what: /certificate has expired, or the clock/, shift: "-730d" },
  { what: /certificate is not valid yet, or the clock/, shift: "+730d" },
  { what: /certificate is for other names or addresses/, host: "127.0.0.2" },
  { what: /does not trust the server's certificate/, ca: false },
];

if (
  requirement("a certificate that has expired", FAKETIME_NEEDS) &&
  requirement("a certificate that has expired", {
    name: "OpenSSL",
    available: hasOpenssl(),
    howToGet: "apt-get install openssl",
  })
) {
  Deno.test("a tool says in words why it refuses a certificate", async () => {
    using directory = temporaryDirectory();
    await Promise.all(
      DISTRUSTED.map(async ({ what, shift = "+0", host = "127.0.0.1", ca }, index) => {
        const name = `${directory.path}/${index}`;
        await Deno.writeTextFile(`${name}.shift`, shift);
        const env = clockOf(`${name}.shift`);
        const { cert, key } = makeCertificate(directory.path, `${index}`, { env });
        await using process = new PulseboxProcess([
          ...["--heartbeat", "--heartbeat-port=0", "--console-port=0", `--console-host=${host}`],
          ...[`--tls-cert=${cert}`, `--tls-key=${key}`],
        ]);
        const [, url = ""] = await process.stderrHas(/Listening on (\S+) role=console/);
        const trust = ca === false ? [] : ["--ca", cert];
        const { status, stderr } = await runProcess(["members", `--console-url=${url}`, ...trust]);
        assert.equal(status, 1);
        assert.match(stderr, what);
      }),
    );
  });

  Deno.test("a host with an expired certificate says so, at the start and in its verdict, until it has another", async () => {
    using directory = temporaryDirectory();
    const { path } = directory;
    await Deno.writeTextFile(`${path}/shift`, "-730d");
    const { cert, key } = makeCertificate(path, "host", { env: clockOf(`${path}/shift`) });
    await using host = new PulseboxProcess([
      ...["--heartbeat", "--heartbeat-port=0", "--console-port=0", "--heartbeat-tls"],
      ...[`--tls-cert=${cert}`, `--tls-key=${key}`],
    ]);
    const [, console = ""] = await host.stderrHas(/Listening on (\S+) role=console/);
    await host.stderrHas(/warning .*it expired on \d{4}-\d\d-\d\d/);
    const other = makeCertificate(path, "other");
    const warnings = async (caCerts: string[]) => {
      using client = Deno.createHttpClient({ caCerts });
      return (await (await fetch(`${console}/healthz`, { client })).json()).warnings;
    };
    await Deno.rename(other.cert, cert);
    await Deno.rename(other.key, key);
    host.signal("SIGHUP");
    await host.stderrHas(/Read tokens, certificate and secrets again/);
    assert.deepEqual(await warnings([await Deno.readTextFile(cert)]), []);
    const soon = makeCertificate(path, "soon", { days: "2" });
    await Deno.rename(soon.cert, cert);
    await Deno.rename(soon.key, key);
    host.signal("SIGHUP");
    await host.stderrHas(/expires on [^]*Read tokens, certificate and secrets again/);
    const [warning] = await warnings([await Deno.readTextFile(cert)]);
    assert.match(warning, /expires on/);
  });
}
