import { strict as assert } from "node:assert";
import { COMMANDS } from "../../src/cli/command_table.ts";
import { eventually } from "../support/eventually.ts";
import { shown } from "../../src/cli/terminal.ts";
import { PulseboxHost, PulseboxProcess } from "./pulsebox_process.ts";

/** A name that would reorder what follows, begin a line and vanish; the wire refuses controls. */
const NAME = "evil\u202e\u2066\u2028\u200f\u200b\u{e0041}";
/** A reason may hold them. */
const REASON = "\x1b[2J\r\u009b";
/** What must not reach a terminal or a log; a line break only lays out. */
const UNSEEN = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

async function beat(host: PulseboxHost, count: number): Promise<void> {
  const name = encodeURIComponent(`${NAME}${count}`);
  const reply = await (await fetch(`${host.url}/hb_ping?60000&appid=${name}`)).text();
  assert.equal(reply, "61000", "the server takes the name");
}

async function isListenedTo(host: PulseboxHost): Promise<boolean> {
  const metrics = await (await fetch(`${host.consoleUrl}/metrics`)).text();
  return /^pulsebox_event_streams 1$/m.test(metrics);
}

/** Commands that go on until somebody ends them. */
const ENDLESS: ReadonlySet<string> = new Set(["watch"]);

/** Commands that tell of no member, and would write a file. */
const WRITES: ReadonlySet<string> = new Set(["token"]);

Deno.test("every command that asks a running host, and its log, show hostile names", async (test) => {
  const failing = `printf '${NAME}' >&2; exit 1`;
  await using host = await PulseboxHost.start(["--log-level=debug", `--on-lost=${failing}`]);
  // What a command asks is in its table, so a new command is tried too.
  const asking = COMMANDS.filter(({ name, settings }) =>
    settings === "console" && !WRITES.has(name)
  );
  assert.ok(asking.length >= 5);
  let count = 0;
  for (const { name: command, positionalMax, flags, words } of asking.map(withBounds)) {
    const forms = [[], ...("json" in flags ? [["--json"]] : [])];
    for (const form of forms) {
      await test.step([command, ...form].join(" "), async () => {
        await beat(host, 0);
        const subject = positionalMax > 0 ? [`${NAME}0`] : [];
        const args = [command, ...words, `--console-url=${host.consoleUrl}`, ...form, ...subject];
        if ("reason" in flags) args.push(`--reason=${REASON}`);
        if ("withdraw" in flags) args.push("--withdraw");
        await using process = new PulseboxProcess(args);
        // One that shows what happens shows nothing that was before it listened.
        if (ENDLESS.has(command)) {
          await eventually("listener", () => isListenedTo(host));
          await beat(host, ++count);
        }
        await Promise.any([process.stdoutHas(/evil.*\n/), process.stderrHas(/evil.*\n/)]);
        if (ENDLESS.has(command)) process.signal("SIGINT");
        const { stdout, stderr } = await process.finished();
        assert.doesNotMatch(stdout + stderr, UNSEEN);
        // One with actions tells no names of members: it refuses this one, or says what a command said.
        if (form.length > 0 && words.length === 0) {
          for (const line of stdout.trim().split("\n")) {
            const json = JSON.stringify(JSON.parse(line));
            assert.ok(json.includes("\u202e"), "JSON keeps the truth");
          }
        }
      });
    }
  }
  const log = await host.process.stderrHas(/[^]*evil[^]*/);
  assert.doesNotMatch(log[0], UNSEEN);
});

function withBounds(command: typeof COMMANDS[number]) {
  const words = (command.words ?? []).slice(0, 1);
  return { ...command, words, positionalMax: /\bAPP\b|ADDRESS/.test(command.usage) ? 1 : 0 };
}

Deno.test("a screen takes our own sequences, and no other", () => {
  const own = "\x1b[?1049h\x1b[?25l\x1b[H\x1b[1ma\x1b[0m\x1b[K\r\n\x1b[J";
  assert.equal(shown(own, true), own);
  assert.doesNotMatch(shown(own, false), UNSEEN);
  for (const bad of ["\x1b[2J", "\x1b]0;x\x07", "\r", "\u009b", "\u202e"]) {
    assert.doesNotMatch(shown(bad, true), UNSEEN);
  }
});
