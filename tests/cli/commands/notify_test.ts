/**
 * Telling people, and what is said when that fails: real endpoints, a real command, a real host.
 */

import { strict as assert } from "node:assert";
import { temporaryDirectory } from "../../store/virtual_host.ts";
import { eventually } from "../../support/eventually.ts";
import { within } from "../../support/tcp.ts";
import { PulseboxHost, runProcess } from "../pulsebox_process.ts";
import { lastingPort } from "../../support/lasting_port.ts";

/** An endpoint that answers with a status, which may change. */
class Endpoint implements AsyncDisposable {
  status = 204;
  readonly messages: { type: string; text: string }[] = [];
  readonly #server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    async (request) => {
      this.messages.push(await request.json());
      return new Response(null, { status: this.status });
    },
  );

  get host(): string {
    return `127.0.0.1:${this.#server.addr.port}`;
  }

  get url(): string {
    return `http://${this.host}/hook/s3cret`;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#server.shutdown();
  }
}

async function verdictOf(host: PulseboxHost): Promise<{ verdict: string; warnings: string[] }> {
  return await (await fetch(`${host.consoleUrl}/api/v1/verdict`)).json();
}

async function historyOf(host: PulseboxHost, type: string) {
  const { entries } = await (await fetch(`${host.consoleUrl}/api/v1/history`)).json();
  return entries.filter((entry: { type: string }) => entry.type === type);
}

Deno.test("notify test says of every way whether it works, and why not, and tells no secret", async () => {
  using directory = temporaryDirectory();
  await using taking = new Endpoint();
  await using failing = new Endpoint();
  failing.status = 500;
  const refusing = `127.0.0.1:${lastingPort()}`;
  const file = `${directory.path}/webhooks`;
  await Deno.writeTextFile(file, `# the hall\n\n${failing.url}\nhttp://${refusing}/s3cret\n`, {
    mode: 0o600,
  });
  await using host = await PulseboxHost.start([
    `--webhook=${taking.url}`,
    `--webhook-file=${file}`,
    `--on-lost=[ "$PULSEBOX_TEST" = 1 ] && echo 'no route' >&2; exit 3`,
  ]);
  const ask = (...more: string[]) =>
    runProcess(["notify", "test", `--console-url=${host.consoleUrl}`, ...more]);
  const { status, stdout, stderr } = await ask();
  assert.equal(stderr, "");
  const [first, second, third, fourth, ...rest] = stdout.trimEnd().split("\n");
  assert.equal(first, `OK    webhook ${taking.host}: status 204`);
  assert.equal(second, `FAIL  webhook ${failing.host}: status 500`);
  assert.match(third ?? "", new RegExp(`^FAIL  webhook ${refusing}: nothing listens there$`));
  assert.equal(fourth, "FAIL  command --on-lost: its exit status was 3: no route");
  assert.deepEqual(rest, []);
  assert.equal(status, 1);
  const [message] = taking.messages;
  assert.equal(message?.type, "test");
  assert.match(message?.text ?? "", /^This is a test: notifications arrive \(.+\)$/);
  const json = await ask("--json");
  assert.equal(json.status, 1);
  assert.equal(JSON.parse(json.stdout).trials.length, 4);
  host.process.signal("SIGTERM");
  const log = (await host.process.finished()).stderr;
  assert.match(log, /Test of webhook 127\.0\.0\.1:\d+: status 500/);
  assert.doesNotMatch(stdout + json.stdout + log, /s3cret/);
});

Deno.test("notify test ends with 0 when all works, and with 1 when nobody is told", async () => {
  await using endpoint = new Endpoint();
  {
    await using host = await PulseboxHost.start([`--webhook=${endpoint.url}`, "--on-lost=true"]);
    const { status, stdout } = await runProcess([
      "notify",
      "test",
      `--console-url=${host.consoleUrl}`,
    ]);
    assert.deepEqual(
      [status, stdout],
      [0, `OK    webhook ${endpoint.host}: status 204\nOK    command --on-lost: exit status 0\n`],
    );
  }
  await using host = await PulseboxHost.start();
  const { status, stderr } = await runProcess([
    "notify",
    "test",
    `--console-url=${host.consoleUrl}`,
  ]);
  assert.equal(status, 1);
  assert.match(stderr, /refuses: This host tells nobody: start it with --webhook-file/);
  const wrong = await runProcess(["notify", "everybody"]);
  assert.equal(wrong.status, 2);
  assert.match(wrong.stderr, /"everybody" is no action: write test/);
});

Deno.test("a webhook that fails is in the verdict until it works again, and both are in the history", async () => {
  await using endpoint = new Endpoint();
  endpoint.status = 500;
  await using host = await PulseboxHost.start([`--webhook=${endpoint.url}`]);
  await (await fetch(`${host.url}/hb_ping?0&appid=tetris`)).text();
  const warning = `Cannot notify ${endpoint.host}: status 500`;
  await eventually("the warning", async () => {
    const { verdict, warnings } = await verdictOf(host);
    return verdict === "problem" && warnings.includes(warning);
  });
  const health = await (await fetch(`${host.consoleUrl}/healthz`)).json();
  assert.deepEqual(health.warnings, [warning]);
  const [failed] = await historyOf(host, "telling-failed");
  assert.deepEqual(failed.detail, { way: `webhook ${endpoint.host}`, reason: "status 500" });
  endpoint.status = 204;
  // Whoever has repaired it tests it, and what waits goes with that.
  const { status } = await runProcess(["notify", "test", `--console-url=${host.consoleUrl}`]);
  assert.equal(status, 0);
  assert.deepEqual((await verdictOf(host)).warnings, []);
  const [recovered] = await historyOf(host, "telling-recovered");
  assert.deepEqual(recovered.detail, { way: `webhook ${endpoint.host}` });
  await eventually(
    "the message that waited",
    () => endpoint.messages.filter(({ type }) => type === "lost").length >= 2,
  );
});

Deno.test("a webhook that nobody answers is in the verdict until somebody does", async () => {
  const port = lastingPort();
  await using host = await PulseboxHost.start([`--webhook=http://127.0.0.1:${port}/s3cret`]);
  await (await fetch(`${host.url}/hb_ping?0&appid=tetris`)).text();
  await eventually("warning", async () => {
    const { verdict, warnings: [warning = ""] } = await verdictOf(host);
    return verdict === "problem" &&
      /^Cannot notify 127\.0\.0\.1:\d+: nothing listens there$/.test(warning);
  });
  const told = Promise.withResolvers<string>();
  await using _ = Deno.serve({ hostname: "127.0.0.1", port, onListen() {} }, async (request) => {
    told.resolve((await request.json()).type);
    return new Response();
  });
  assert.equal(await within(told.promise, "the message that waited", 20_000), "lost");
  await eventually("recovery", async () => (await verdictOf(host)).warnings.length === 0);
});

Deno.test("whoever asks for a test while one runs gets the same one", async () => {
  await using endpoint = new Endpoint();
  await using host = await PulseboxHost.start([`--webhook=${endpoint.url}`, "--on-lost=sleep 1"]);
  const ask = async () =>
    await (await fetch(`${host.consoleUrl}/api/v1/notify/test`, { method: "POST" })).text();
  const answers = await Promise.all([ask(), ask(), ask()]);
  assert.equal(new Set(answers).size, 1);
  assert.equal(endpoint.messages.length, 1);
});

Deno.test("a command that fails is in the verdict and in the member's history, with its stderr", async () => {
  await using host = await PulseboxHost.start(["--on-lost=echo 'no route' >&2; exit 3"]);
  await (await fetch(`${host.url}/hb_ping?0&appid=tetris`)).text();
  const reason = "its exit status was 3: no route";
  await eventually("the warning", async () => {
    const { warnings } = await verdictOf(host);
    return warnings.includes(`The command for hilbert/tetris @ 127.0.0.1 failed: ${reason}`);
  });
  const [failed] = await historyOf(host, "telling-failed");
  assert.equal(failed.member, "hilbert/tetris @ 127.0.0.1");
  assert.deepEqual(failed.detail, { way: "command", reason });
});

Deno.test("who may only read cannot have anybody told", async () => {
  using directory = temporaryDirectory();
  const tokens = `${directory.path}/tokens`;
  await Deno.writeTextFile(tokens, "read 0123456789abcdef-r\nwrite 0123456789abcdef-w\n", {
    mode: 0o600,
  });
  await using endpoint = new Endpoint();
  await using host = await PulseboxHost.start([
    `--token-file=${tokens}`,
    `--webhook=${endpoint.url}`,
  ]);
  const ask = async (token: string | undefined) => {
    const response = await fetch(`${host.consoleUrl}/api/v1/notify/test`, {
      method: "POST",
      ...(token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } }),
    });
    await response.body?.cancel();
    return response.status;
  };
  assert.deepEqual(
    [await ask(undefined), await ask("0123456789abcdef-r"), endpoint.messages.length],
    [401, 403, 0],
  );
  assert.equal(await ask("0123456789abcdef-w"), 200);
  assert.equal(endpoint.messages.length, 1);
});

Deno.test("what a stranger says of a failure reaches people as nothing but text", async () => {
  const words = "<!channel> <https://evil.example|Click here> [x](y) \u202e\u2028";
  await using endpoint = new Endpoint();
  await using host = await PulseboxHost.start([`--webhook=${endpoint.url}`]);
  const text = encodeURIComponent(words);
  await (await fetch(`${host.url}/hb_fail?60000&appid=${text}&reason=${text}`)).text();
  const isTold = () => endpoint.messages.some(({ type }) => type === "lost");
  await eventually("message about the failure", isTold);
  const told = endpoint.messages.map((message) => message.text).join("");
  assert.doesNotMatch(told, /[<>[\]|]|:\/\/|[^\P{C}]|\u2028/u);
  assert.equal(told.match(/Click here/g)?.length, 2, "name and reason can still be read");
});
