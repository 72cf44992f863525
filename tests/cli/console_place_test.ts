import { strict as assert } from "node:assert";
import { ConsoleError } from "../../src/clients/console.ts";
import { consoleClientOf } from "../../src/cli/console_place.ts";
import { runHere } from "./fake_terminal.ts";
import { callsOf } from "./tool_calls.ts";
import { startTls } from "./tls_console.ts";
import { hasOpenssl } from "../support/certificate.ts";
import { temporaryDirectory } from "../store/virtual_host.ts";
import { lastingPort } from "../support/lasting_port.ts";

const NOTHING = { environment: { get: () => undefined }, readTextFile: Deno.readTextFile };
const PLACE = {
  consoleHost: "127.0.0.1",
  consolePort: 99,
  config: undefined,
  tokenFile: undefined,
  tlsCert: undefined,
};

Deno.test("consoleClientOf asks a host that listens on every address on this machine", async () => {
  const url = async (consoleHost: string) =>
    (await consoleClientOf({}, { ...PLACE, consoleHost }, NOTHING)).url;
  assert.equal(await url("127.0.0.1"), "http://127.0.0.1:99");
  assert.equal(await url("0.0.0.0"), "http://127.0.0.1:99");
  assert.equal(await url("::"), "http://[::1]:99");
  assert.equal(await url("fd00::1"), "http://[fd00::1]:99");
  const other = await consoleClientOf({ host: "::1" }, PLACE, NOTHING);
  assert.equal(other.url, "http://[::1]:99");
  await assert.rejects(consoleClientOf({ host: "a b" }, PLACE, NOTHING), /--host is "a b"/);
  const named = await consoleClientOf({ consoleUrl: "https://pi:1" }, PLACE, NOTHING);
  assert.equal(named.url, "https://pi:1");
});

Deno.test("every tool of the console takes another host with -H", async () => {
  const port = lastingPort();
  const tools = callsOf({ console: "C", heartbeat: "http://127.0.0.9:1" })
    // A check that is told the heartbeat server by its URL asks the console beside that.
    .filter(([, args]) => args.some((word) => word.endsWith("=C")) && !/--url/.test(`${args}`));
  assert.ok(tools.length > 8);
  for (const [, args] of tools) {
    const words = args.filter((word) => !word.endsWith("=C"));
    const { stdout, stderr } = await runHere([
      ...words,
      "-H",
      "127.0.0.8",
      `--console-port=${port}`,
    ]);
    assert.match(stdout + stderr, /127\.0\.0\.8/, args.join(" "));
  }
});

Deno.test("consoleClientOf says which file it cannot read, and which token cannot be one", async () => {
  await assert.rejects(
    consoleClientOf({}, { ...PLACE, tokenFile: "/nowhere/tokens" }, NOTHING),
    (error) =>
      error instanceof ConsoleError && /Cannot read "\/nowhere\/tokens"/.test(error.message),
  );
  const environment = {
    get: (name: string) => name === "PULSEBOX_TOKEN" ? "two words" : undefined,
  };
  await assert.rejects(
    consoleClientOf({}, PLACE, { ...NOTHING, environment }),
    ConsoleError,
  );
});

if (hasOpenssl()) {
  Deno.test("tools reach a console with certificate and tokens by the host's own settings", async () => {
    using directory = temporaryDirectory();
    await using host = await startTls(directory.path);
    const settings = { ...PLACE, consolePort: host.port, tlsCert: host.cert };
    const refused = await consoleClientOf({}, settings, NOTHING);
    await assert.rejects(refused.members(), /refuses: This host wants a token/);
    const client = await consoleClientOf(
      {},
      { ...settings, tokenFile: host.tokens },
      NOTHING,
    );
    assert.equal((await client.members()).total, 0);
    await client.pause(undefined, { reason: "lamp" });
    const reader = await consoleClientOf({}, settings, {
      ...NOTHING,
      environment: { get: (name) => name === "PULSEBOX_TOKEN" ? host.readToken : undefined },
    });
    assert.equal((await reader.members()).pause?.reason, "lamp");
    await assert.rejects(reader.resume(undefined), /for reading only/);
    const abort = new AbortController();
    for await (const { name } of client.events(abort.signal)) {
      assert.equal(name, "snapshot");
      abort.abort();
    }
  });
}
