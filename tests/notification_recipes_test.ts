/**
 * Every recipe of docs/notifications.md, with the services that it names played on this machine, and the
 * webhook of the README.
 */

import { strict as assert } from "node:assert";
import { PulseboxProcess } from "./cli/pulsebox_process.ts";
import { temporaryDirectory } from "./store/virtual_host.ts";
import { parseSnippets } from "./support/snippets.ts";
import { within } from "./support/tcp.ts";
import { lastingPort } from "./support/lasting_port.ts";

const ROOT = new URL("../", import.meta.url);
const DOCUMENT = new URL("docs/notifications.md", ROOT);

/** Words of a command line of the document, with single quotes as the shell has them. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
}

async function lose(host: PulseboxProcess): Promise<void> {
  const [, url] = await host.stderrHas(/Listening on (\S+) role=heartbeat/);
  await (await fetch(`${url}/hb_ping?0&appid=tetris`)).text();
}

/** The names of all fields, in order, those within others as well. */
function keysOf(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...keysOf(inner)]);
}

const snippets = parseSnippets(await Deno.readTextFile(DOCUMENT));
const documented: unknown = JSON.parse(
  snippets.find(({ language }) => language === "json")?.text ?? "",
);
const recipes = snippets
  .filter(({ language }) => language === "sh")
  .map(({ text }) => wordsOf(text.trim()));

for (const words of recipes) {
  const flag = words.find((word) => /^--(?:webhook(?:-file)?|on-lost)$/.test(word));
  const value = words[words.indexOf(flag ?? "") + 1] ?? "";

  Deno.test(`recipe: ${flag} ${value.slice(0, 60)}`, async () => {
    using directory = temporaryDirectory();
    const free = ["--heartbeat-port=0", "--no-console"];
    if (flag !== "--on-lost") {
      const asked = Promise.withResolvers<{ url: string; message: { text: string } }>();
      const server = Deno.serve(
        { port: 0, hostname: "127.0.0.1", onListen() {} },
        async (request) => {
          const message = await request.json();
          if (message.type === "lost") asked.resolve({ url: request.url, message });
          return new Response();
        },
      );
      const isFile = flag === "--webhook-file";
      const file = `${directory.path}/webhooks`;
      const written = isFile ? "https://example.org/hook" : value;
      const played = written.replace(/^https?:\/\/[^/]+/, `http://127.0.0.1:${server.addr.port}`);
      await Deno.writeTextFile(file, `${played}\n`, { mode: 0o600 });
      const args = words.slice(1).map((word) =>
        word === value
          ? isFile ? file : played
          : word === "/var/lib/pulsebox"
          ? `${directory.path}/data`
          : word
      );
      await using host = new PulseboxProcess([...args, ...free]);
      await lose(host);
      const { url, message } = await within(asked.promise, "the message", 20_000);
      assert.equal(decodeURI(url), played, "path and query are the recipe's");
      assert.deepEqual(keysOf(message), keysOf(documented), "the message that the document shows");
      assert.match(message.text, /^tetris at 127\.0\.0\.1 is lost \(.+\)$/);
      await server.shutdown();
      return;
    }
    // A mail program and an SSH client that write down what they are given; "out" is there when they
    // are done.
    for (const program of ["mail", "ssh"]) {
      const path = `${directory.path}/${program}`;
      const script = `#!/bin/sh\ncd ${directory.path}\n` +
        `{ echo "$@"; [ -p /dev/stdin ] && cat; } > writing\nmv writing out\n`;
      await Deno.writeTextFile(path, script, { mode: 0o755 });
    }
    const PATH = `${directory.path}:${Deno.env.get("PATH")}`;
    await using host = new PulseboxProcess([...words.slice(1), ...free], { PATH });
    await lose(host);
    let out = "";
    for (let wait = 0; out === "" && wait < 400; wait++) {
      await new Promise((done) => setTimeout(done, 50));
      out = await Deno.readTextFile(`${directory.path}/out`).catch(() => "");
    }
    assert.match(
      out,
      /^(-s Pulsebox you@example\.org\ntetris at 127\.0\.0\.1\n|kiosk@127\.0\.0\.1 sudo systemctl restart kiosk\n)$/,
    );
  });
}

Deno.test("the README's webhook: what its receiver prints of a lost application, and when it is back", async () => {
  const readme = await Deno.readTextFile(new URL("README.md", ROOT));
  const [, section = ""] = readme.split("\n## When something falls silent\n");
  const blocks = parseSnippets(section.split("\n## ")[0] ?? "");
  const [receiver = "", start = "", beat = ""] = blocks
    .filter(({ language }) => language === "sh").map(({ text }) => text.trim());
  const printed = blocks.find(({ language }) => language === "text")?.text.trim().split("\n") ??
    [];
  assert.equal(printed.length, 2);

  const port = String(lastingPort());
  const [run, task] = ["npx -y deno@2.9.5 run ", "npx -y deno@2.9.5 task pulsebox "];
  assert(receiver.startsWith(run) && receiver.endsWith(" 9000"), receiver);
  const words = receiver.slice(run.length).replace(/ 9000$/, ` ${port}`)
    .replace("docs/", `${ROOT.pathname}docs/`).split(" ");
  await using taking = new PulseboxProcess(words, {}, [Deno.execPath(), "run", "--quiet"]);
  assert(start.startsWith(task), start);
  const options = start.slice(task.length).replace(":9000", `:${port}`).split(" ");
  await using host = new PulseboxProcess(["--heartbeat-port=0", "--no-console", ...options]);
  const [, url = ""] = await host.stderrHas(/Listening on (\S+) role=heartbeat/);

  for (const line of printed) {
    const asked = beat.replace("127.0.0.1:8888", new URL(url).host);
    const { success } = await new Deno.Command("bash", { args: ["-c", asked], stdout: "null" })
      .output();
    assert(success, asked);
    // Another host, on another machine.
    const promised = line.replace(/\d+ s \(/, "… s (").replace(/\(.+\)$/, "(…)");
    const pattern = promised.split("…").map((part) => RegExp.escape(part)).join(".+");
    await taking.stdoutHas(new RegExp(`^${pattern}$`, "m"));
  }
});

Deno.test("the receiver of the documentation believes a host with the secret, and no other", async () => {
  using directory = temporaryDirectory();
  const port = lastingPort();
  const secret = `${directory.path}/secret`;
  await Deno.writeTextFile(secret, "0123456789abcdef\n", { mode: 0o600 });
  const receiver = new URL("docs/examples/webhook_receiver.ts", ROOT).pathname;
  const command = [Deno.execPath(), "run", "--quiet", "--no-config", "--allow-net", receiver];
  await using taking = new PulseboxProcess([String(port), "0123456789abcdef"], {}, command);
  const forge = async () => {
    const time = Math.floor(Date.now() / 1000);
    const headers = { "pulsebox-signature": `t=${time},v1=${"0".repeat(64)}` };
    const body = '{"text":"forged"}';
    const reply = await fetch(`http://127.0.0.1:${port}/`, { method: "POST", body, headers });
    await reply.body?.cancel();
    return reply.status;
  };
  // It takes a moment to listen.
  let status = 0;
  for (let wait = 0; status === 0 && wait < 200; wait++) {
    status = await forge().catch(() => 0);
    await new Promise((done) => setTimeout(done, 25));
  }
  assert.equal(status, 403);
  await using host = new PulseboxProcess([
    "--heartbeat",
    "--heartbeat-port=0",
    "--no-console",
    `--webhook=http://127.0.0.1:${port}/`,
    `--webhook-secret-file=${secret}`,
  ]);
  await lose(host);
  await taking.stdoutHas(/tetris at 127\.0\.0\.1 is lost/);
});
