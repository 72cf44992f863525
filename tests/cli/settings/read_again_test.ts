/**
 * What SIGHUP reads again, and what it says of the rest: for every setting of the table.
 */

import { strict as assert } from "node:assert";
import * as z from "zod/mini";
import { fileKey } from "../../../src/appliance/settings/option.ts";
import { OPTION_KEYS, type OptionKey, optionOf } from "../../../src/appliance/settings/options.ts";
import { temporaryDirectory } from "../../store/virtual_host.ts";
import { within } from "../../support/tcp.ts";
import { eventually } from "../../support/eventually.ts";
import { PulseboxHost } from "../pulsebox_process.ts";
import { CANDIDATES } from "./candidates.ts";

/** How long an answer may take, in milliseconds. */
const WAIT_MS = 20_000;

/** A host whose settings are in a file, and an endpoint that may be told. */
class Stage implements AsyncDisposable {
  readonly messages: { type: string; id: string; signature: string | null }[] = [];
  status = 200;
  readonly #directory = temporaryDirectory();
  readonly #server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    async (request) => {
      const { type, id } = await request.json();
      this.messages.push({ type, id, signature: request.headers.get("pulsebox-signature") });
      return new Response(null, { status: this.status });
    },
  );
  #host: PulseboxHost | undefined;

  get host(): PulseboxHost {
    assert.ok(this.#host !== undefined);
    return this.#host;
  }

  get webhook(): string {
    return `http://127.0.0.1:${this.#server.addr.port}/hook`;
  }

  async file(name: string, text: string): Promise<string> {
    const path = `${this.#directory.path}/${name}`;
    await Deno.writeTextFile(path, text, { mode: 0o600 });
    return path;
  }

  async start(settings: object): Promise<void> {
    const config = await this.file("config", JSON.stringify(settings));
    const data = `--data=${this.#directory.path}/data`;
    this.#host = await PulseboxHost.start([`--config=${config}`, data]);
  }

  /** Starts it again with other settings. */
  async restart(settings: object): Promise<void> {
    this.host.process.signal("SIGTERM");
    await this.host.process.finished();
    await this.start(settings);
  }

  /** Has it read other settings, and waits for what it says of that. */
  async read(
    settings: object,
    answer = /Read tokens, certificate and secrets again/,
  ): Promise<void> {
    await this.file("config", JSON.stringify(settings));
    this.host.process.signal("SIGHUP");
    await this.host.process.stderrHas(answer);
  }

  async ask<T>(path: string, init?: RequestInit): Promise<T> {
    const signal = AbortSignal.timeout(WAIT_MS);
    return await (await fetch(`${this.host.consoleUrl}/api/v1/${path}`, { signal, ...init }))
      .json();
  }

  /** Has a test message sent every way; what came of each. */
  async tried(): Promise<string[]> {
    type Answer = { trials?: { way: string; detail: string }[] };
    const { trials = [] } = await this.ask<Answer>("notify/test", { method: "POST" });
    return trials.map(({ way, detail }) => `${way}: ${detail}`);
  }

  /** Loses an application at once. */
  async lose(name: string): Promise<void> {
    const signal = AbortSignal.timeout(WAIT_MS);
    await (await fetch(`${this.host.url}/hb_ping?0&appid=${name}`, { signal })).text();
  }

  async names(): Promise<string[]> {
    const { members } = await this.ask<{ members: { name: string; station: string | null }[] }>(
      "members",
    );
    return members.map(({ name, station }) => station === null ? name : `${name} in ${station}`);
  }

  async hasTold(type: string): Promise<void> {
    await eventually(`message ${type}`, () => this.messages.some((told) => told.type === type));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#host?.[Symbol.asyncDispose]();
    await within(this.#server.shutdown(), "the end of the webhook's server");
    this.#directory[Symbol.dispose]();
  }
}

type Case = (stage: Stage) => Promise<void>;

/** One for each setting that the table says is read again; each comes, changes and goes. */
const CASES: Partial<Record<OptionKey, Case>> = {
  async heartbeatStations(stage) {
    await stage.start({ heartbeatExpect: ["one"] });
    await stage.read({ heartbeatExpect: ["one"], heartbeatStations: ["127.0.0.1=Foyer"] });
    assert.deepEqual(await stage.names(), ["one in Foyer"]);
    await stage.read({ heartbeatExpect: ["one"] }, /(?:Read tokens[^]*){2}/);
    assert.deepEqual(await stage.names(), ["one"]);
  },
  async heartbeatExpect(stage) {
    await stage.start({ heartbeatExpect: ["one"] });
    await stage.read({ heartbeatExpect: ["two"] });
    await stage.host.process.stderrHas(/hilbert\/one @ 127\.0\.0\.1[^\n]* cause=setting/);
    assert.deepEqual(await stage.names(), ["two"]);
    await stage.read({}, /(?:Read tokens[^]*){2}/);
    assert.deepEqual(await stage.names(), []);
  },
  async tag(stage) {
    const tagged = async (tag: string) =>
      (await stage.ask<{ total: number }>(`members?tag=${tag}`)).total;
    await stage.start({ heartbeatExpect: ["one", "two"], tag: ["one=kiosk"] });
    assert.deepEqual([await tagged("kiosk"), await tagged("hall")], [1, 0]);
    const tag = ["one=kiosk,hall", "two=hall", "one=upstairs"];
    await stage.read({ heartbeatExpect: ["one", "two"], tag });
    assert.deepEqual([await tagged("kiosk"), await tagged("hall"), await tagged("upstairs")], [
      1,
      2,
      1,
    ]);
    await stage.read({ heartbeatExpect: ["one", "two"] }, /(?:Read tokens[^]*){2}/);
    assert.equal(await tagged("kiosk"), 0);
  },
  async webhook(stage) {
    await stage.start({});
    await stage.lose("tetris");
    await eventually("lost one", async () => {
      return (await stage.ask<{ verdict: string }>("verdict")).verdict === "lost";
    });
    await stage.read({ webhook: [stage.webhook] });
    assert.deepEqual(await stage.tried(), ["webhook: status 200"]);
    await stage.lose("pong");
    await stage.hasTold("lost");
    await stage.read({}, /(?:Read tokens[^]*){2}/);
    assert.deepEqual(await stage.tried(), []);
  },
  async webhookFile(stage) {
    await stage.start({});
    const webhookFile = await stage.file("webhooks", `# the hall\n${stage.webhook}\n`);
    await stage.read({ webhookFile });
    assert.deepEqual(await stage.tried(), ["webhook: status 200"]);
    await stage.file("webhooks", `${stage.webhook}\n${stage.webhook}/2\n`);
    await stage.read({ webhookFile }, /(?:Read tokens[^]*){2}/);
    assert.equal((await stage.tried()).length, 2);
    await stage.file("webhooks", "s3cret\n");
    await stage.read({ webhookFile }, /stay in effect: Cannot use ".*webhooks": line 1 must be a/);
    assert.equal((await stage.tried()).length, 2);
    await stage.read({}, /(?:Read tokens[^]*){3}/);
    assert.deepEqual(await stage.tried(), []);
  },
  async webhookSecretFile(stage) {
    const webhook = [stage.webhook];
    await stage.start({ webhook });
    const webhookSecretFile = await stage.file("secret", "0123456789");
    await stage.read({ webhook, webhookSecretFile });
    await stage.tried();
    await stage.read({ webhook }, /(?:Read tokens[^]*){2}/);
    await stage.tried();
    const signed = stage.messages.map(({ signature }) => signature !== null);
    assert.deepEqual(signed, [true, false]);
  },
  async webhookEvent(stage) {
    const webhook = [stage.webhook];
    await stage.start({ webhook, webhookEvent: ["alarm"] });
    await stage.read({ webhook, webhookEvent: ["late"] });
    await stage.lose("tetris");
    await stage.hasTold("late");
  },
  async webhookReminderMs(stage) {
    // The shortest takes two minutes to be seen: store/outbox_test.ts has it without waiting.
    await stage.start({ webhook: [stage.webhook], webhookReminder: "7d" });
    await stage.read({ webhook: [stage.webhook], webhookReminder: "1m" });
  },
  async onLost(stage) {
    await stage.start({ onLost: "exit 3" });
    assert.deepEqual(await stage.tried(), ["command: its exit status was 3"]);
    await stage.read({ onLost: "exit 0" });
    assert.deepEqual(await stage.tried(), ["command: exit status 0"]);
    await stage.read({}, /(?:Read tokens[^]*){2}/);
    assert.deepEqual(await stage.tried(), []);
  },
};

Deno.test("every setting that the table says is read again has a test of that", () => {
  const marked = OPTION_KEYS.filter((key) => optionOf(key).readAgain === "setting");
  assert.deepEqual(Object.keys(CASES).sort(), [...marked].sort());
});

for (const [key, act] of Object.entries(CASES)) {
  Deno.test(`SIGHUP reads ${key} again, and what it made ends with it`, async () => {
    await using stage = new Stage();
    await act(stage);
  });
}

Deno.test("SIGHUP names every other setting that has changed: it takes effect at the next start", async () => {
  const given: readonly OptionKey[] = [
    "heartbeat",
    "heartbeatPort",
    "consolePort",
    "data",
    "config",
  ];
  const others = OPTION_KEYS.filter((key) =>
    optionOf(key).readAgain !== "setting" && optionOf(key).notInFile !== true &&
    !given.includes(key)
  );
  const settings = Object.fromEntries(others.map((key) => [fileKey(optionOf(key)), valueOf(key)]));
  await using stage = new Stage();
  await stage.start({});
  await stage.read(settings, /Read tokens|stay in effect.*/);
  stage.host.process.signal("SIGTERM");
  const { stderr } = await stage.host.process.finished();
  const named = [...stderr.matchAll(/warning \S+ --(\S+) has changed and takes effect at the/g)];
  const flags = others.map((key) => optionOf(key).flag);
  assert.deepEqual(named.map(([, flag]) => flag).sort(), [...flags].sort());
});

/** Some value that is not the default. */
function valueOf(key: OptionKey): unknown {
  const option = optionOf(key);
  if (option.argument === undefined) return option.default !== true;
  const text = [...CANDIDATES, ...(option.choices ?? [])].find((candidate) =>
    candidate !== String(option.default) && option.isFileOfItems?.(candidate) !== true &&
    z.safeParse(option.schema, option.many ? [candidate] : candidate).success
  );
  assert.ok(text !== undefined, `no candidate fits ${key}: add one`);
  return option.many ? [text] : text;
}

Deno.test("a first --on-lost is refused by a host that has given up the right to run programs", async () => {
  await using stage = new Stage();
  await stage.start({});
  const webhook = [stage.webhook];
  const answer = /stay in effect: --on-lost takes effect at the next start/;
  await stage.read({ webhook, onLost: "true" }, answer);
  assert.deepEqual(await stage.tried(), ["webhook: status 200"], "the rest is taken");
  await stage.restart({ webhook, onLost: "true" });
  assert.deepEqual(await stage.tried(), ["webhook: status 200", "command: exit status 0"]);
});

Deno.test("what settings made ends with them at the next start, too", async () => {
  await using stage = new Stage();
  stage.status = 500;
  const settings = { webhook: [stage.webhook], heartbeatExpect: ["ghost"] };
  await stage.start(settings);
  await stage.lose("tetris");
  await stage.hasTold("lost");
  const waited = stage.messages.map(({ id }) => id);
  assert.deepEqual((await stage.names()).sort(), ["ghost", "tetris"]);
  await stage.restart({});
  assert.deepEqual(await stage.names(), ["tetris"]);
  stage.status = 200;
  stage.messages.length = 0;
  await stage.restart(settings);
  await stage.lose("pong");
  await stage.hasTold("lost");
  assert.ok(stage.messages.every(({ id }) => !waited.includes(id)), "old news is none");
});
