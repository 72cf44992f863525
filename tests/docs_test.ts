/**
 * Every snippet of the documents is executed.
 *
 * `console` blocks run in a shell against a real host, and must print what they promise. `ts` blocks
 * run against the same host. `json` blocks must be JSON. `sh` blocks are only for what another test
 * runs already, and are listed here with that test. Anything else is not a snippet but a picture.
 */

import { strict as assert } from "node:assert";
import { commandLine, PulseboxHost } from "./cli/pulsebox_process.ts";
import { lineMatches, parseExchanges, parseSnippets, type Snippet } from "./support/snippets.ts";

const ROOT = new URL("../", import.meta.url).pathname;

/** Commands of `sh` blocks, and where they are run. */
const RUN_ELSEWHERE: ReadonlyMap<string, string> = new Map([
  [
    "npx -y deno@2.9.5 run --allow-net docs/examples/webhook_receiver.ts 9000",
    "tests/notification_recipes_test.ts",
  ],
  [
    "npx -y deno@2.9.5 task pulsebox --heartbeat --webhook http://127.0.0.1:9000",
    "tests/notification_recipes_test.ts",
  ],
  ["curl '127.0.0.1:8888/hb_ping?0&appid=tetris'", "tests/notification_recipes_test.ts"],
  ["npx -y deno@2.9.5 task start", "tests/start_test.ts"],
  ["npx -y deno@2.9.5 task test", "the command that runs this test"],
  ["npx -y deno@2.9.5 task compile --target aarch64", "tests/file/arm64_test.ts"],
  [
    "chmod +x pulsebox-0.1.0-aarch64-linux\n./pulsebox-0.1.0-aarch64-linux --heartbeat",
    "tests/file/arm64_test.ts",
  ],
  ["pulsebox --trigger", "tests/cli/commands/trigger_test.ts"],
  [
    "sudo pulsebox token wall --console-url http://pi:8880",
    "tests/browser/wall_test.ts, and tests/cli/commands/token_test.ts",
  ],
  ["npx -y deno@2.9.5 task pulsebox --heartbeat", "tests/start_test.ts"],
  ["pulsebox --hev --hev-source dump", "tests/cli/commands/hev_test.ts"],
  ["pulsebox --hev --hev-source serial:/dev/ttyACM0", "tests/cli/commands/hev_test.ts"],
  [
    "pulsebox --state --state-calibration /srv/calibration --data /var/lib/pulsebox",
    "tests/file/permissions_test.ts",
  ],
  ["pulsebox hev emulate --tty ttyEMU0", "tests/cli/commands/hev_test.ts"],
]);
/** Documents whose `sh` blocks another test runs, all of them. */
const RECIPES: ReadonlyMap<string, string> = new Map([
  ["docs/fleet.md", "tests/interop/fleet_test.ts and debian_broker_test.ts"],
  ["docs/notifications.md", "tests/notification_recipes_test.ts"],
  ["docs/security.md", "tests/cli/commands/tls_test.ts"],
]);
/** `nginx` is run by tests/interop/nginx_test.ts. */
const PICTURES: readonly string[] = ["", "text", "ini", "nginx"];
const HEV_ROLE: readonly string[] = [
  "--hev",
  "--hev-source=dump",
  "--hev-web-port=0",
  "--hev-native-port=0",
  "--hev-query-port=0",
];
const STATE_ROLE: readonly string[] = [
  "--state",
  "--state-host=127.0.0.1",
  "--state-port=0",
  "--state-publisher-port=0",
  "--state-subscriber-port=0",
  // A slow machine reads the document slowly.
  "--state-timebomb=120",
];
/** Roles and settings of which only one document shows something. */
const ROLES_OF: ReadonlyMap<string, readonly string[]> = new Map([
  ["docs/lab.md", HEV_ROLE],
  ["docs/game-developer.md", STATE_ROLE],
  ["docs/notifications.md", ["--on-lost=true"]],
]);
const COMMAND_TIMEOUT_MS = 20_000;

/** A folder whose `pulsebox` is this program, and a host that the documents' addresses stand for. */
class Stage implements AsyncDisposable {
  private constructor(
    readonly host: PulseboxHost,
    readonly triggerPort: string,
    readonly hevPorts: { readonly web: string; readonly query: string },
    readonly gamePort: string,
    readonly folder: string,
  ) {}

  /** @param path The document, which decides about roles. */
  static async open(path: string): Promise<Stage> {
    const folder = await Deno.makeTempDir({ prefix: "pulsebox-docs-" });
    const words = commandLine([]).map((word) => `'${word}'`).join(" ");
    await Deno.writeTextFile(`${folder}/pulsebox`, `#!/bin/sh\nexec ${words} "$@"\n`);
    await Deno.chmod(`${folder}/pulsebox`, 0o755);
    const host = await PulseboxHost.start([
      `--data=${folder}/data`,
      "--trigger",
      "--trigger-host=127.0.0.1",
      "--trigger-port=0",
      ...(ROLES_OF.get(path) ?? []),
    ]);
    const [, port = ""] = await host.process.stderrHas(/udp:\/\/127\.0\.0\.1:(\d+) role=trigger/);
    let hevPorts = { web: "0", query: "0" };
    let gamePort = "0";
    if (path === "docs/lab.md") {
      const tcp = String.raw`Listening on tcp://127\.0\.0\.1:(\d+) role=hev[^]*?`;
      const [, web = "", , query = ""] = await host.process.stderrHas(new RegExp(tcp.repeat(3)));
      hevPorts = { web, query };
    } else if (path === "docs/game-developer.md") {
      const http = /Listening on http:\/\/127\.0\.0\.1:(\d+) role=state/;
      [, gamePort = ""] = await host.process.stderrHas(http);
    }
    return new Stage(host, port, hevPorts, gamePort, folder);
  }

  /** The default addresses of the documents become those of this host. */
  localize(text: string): string {
    return text
      .replaceAll("127.0.0.1:8888", new URL(this.host.url).host)
      .replaceAll("127.0.0.1:7561", `127.0.0.1:${this.triggerPort}`)
      .replaceAll("127.0.0.1:6969", `127.0.0.1:${this.gamePort}`)
      .replaceAll("port: 7561", `port: ${this.triggerPort}`)
      .replaceAll("port: 54320", `port: ${this.hevPorts.web}`)
      .replaceAll("queryPort: 54321", `queryPort: ${this.hevPorts.query}`)
      .replaceAll("127.0.0.1:8880", new URL(this.host.consoleUrl).host);
  }

  get environment(): Record<string, string> {
    return {
      PATH: `${this.folder}:${Deno.env.get("PATH")}`,
      HB_URL: this.host.url,
      PULSEBOX_HEV_WEB_PORT: this.hevPorts.web,
      PULSEBOX_HEV_QUERY_PORT: this.hevPorts.query,
      PULSEBOX_CONSOLE_PORT: new URL(this.host.consoleUrl).port,
      NO_COLOR: "1",
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.host[Symbol.asyncDispose]();
    await Deno.remove(this.folder, { recursive: true });
  }
}

async function runShell(stage: Stage, command: string): Promise<string[]> {
  const { stdout, stderr } = await new Deno.Command("bash", {
    args: ["-c", stage.localize(command)],
    cwd: stage.folder,
    env: stage.environment,
    stdin: "null",
    signal: AbortSignal.timeout(COMMAND_TIMEOUT_MS),
  }).output();
  const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  return text === "" ? [] : text.replace(/\n$/, "").split("\n");
}

async function runTypeScript(stage: Stage, path: string, snippet: Snippet): Promise<void> {
  const file = `${stage.folder}/${path.replaceAll("/", "_")}_${snippet.line}.ts`;
  // Readers try it beside mod.ts, in a clone.
  const text = stage.localize(snippet.text).replaceAll('"./mod.ts"', `"file://${ROOT}mod.ts"`);
  await Deno.writeTextFile(file, text);
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--allow-all", `--config=${ROOT}deno.json`, file],
    env: stage.environment,
    stdin: "null",
    signal: AbortSignal.timeout(COMMAND_TIMEOUT_MS),
  }).output();
  assert(success, `${path}:${snippet.line}: ${new TextDecoder().decode(stderr)}`);
}

async function tryDocument(stage: Stage, path: string): Promise<void> {
  for (const snippet of parseSnippets(await Deno.readTextFile(ROOT + path))) {
    const place = `${path}:${snippet.line}`;
    if (snippet.language === "console") {
      for (const { command, output } of parseExchanges(snippet.text)) {
        const actual = await runShell(stage, command);
        const promised = output.map((line) => stage.localize(line));
        const matches = actual.length === promised.length &&
          actual.every((line, index) => lineMatches(line, promised[index] ?? ""));
        assert(matches, `${place}: "${command}" prints\n${actual.join("\n")}`);
      }
    } else if (snippet.language === "ts") {
      await runTypeScript(stage, path, snippet);
    } else if (snippet.language === "json") {
      JSON.parse(snippet.text);
    } else if (snippet.language === "sh") {
      const command = snippet.text.trim();
      const isRun = RUN_ELSEWHERE.has(command) || RECIPES.has(path);
      assert(isRun, `${place}: nothing runs "${command}"`);
    } else {
      assert(PICTURES.includes(snippet.language), `${place}: unknown "${snippet.language}"`);
    }
  }
}

async function documents(): Promise<string[]> {
  const found = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"];
  for await (const entry of Deno.readDir(`${ROOT}docs`)) {
    if (entry.name.endsWith(".md")) found.push(`docs/${entry.name}`);
  }
  return found.sort();
}

for (const path of await documents()) {
  Deno.test(`${path}: every snippet does what it says`, async () => {
    await using stage = await Stage.open(path);
    await tryDocument(stage, path);
  });
}

Deno.test("parseExchanges pairs commands with what they print", () => {
  assert.deepEqual(parseExchanges("$ a\n1\n2\n$ b\n"), [
    { command: "a", output: ["1", "2"] },
    { command: "b", output: [] },
  ]);
});

Deno.test("lineMatches takes … for anything and nothing else", () => {
  assert(lineMatches("od=0.41;3 ", "od=…;3"));
  assert(!lineMatches("od=0.41;4", "od=…;3"));
  assert(!lineMatches("a.c", "abc"));
});

Deno.test("the README and every guide say how another computer reaches a host", async () => {
  const guides: string[] = [];
  for (const path of await documents()) {
    const text = await Deno.readTextFile(ROOT + path);
    if (!/^# (?:Pulsebox|For the (?!operator)|The library)/.test(text)) continue;
    guides.push(path);
    const [, section = ""] = text.split("\n## From another computer\n");
    const [own = ""] = section.split("\n## ");
    for (const word of ["--console-host", "--token-file", "--allow", "pulsebox token new"]) {
      assert(own.includes(word), `${path}: "From another computer" does not name ${word}`);
    }
  }
  assert(guides.length >= 6, `${guides}`);
});
