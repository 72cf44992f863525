/** Every setting that names a file or folder, given one that cannot be used. */

import { strict as assert } from "node:assert";
import { COMMANDS } from "../../../src/cli/command_table.ts";
import type { Flag } from "../../../src/appliance/settings/flag.ts";
import { SETTING_SETS } from "../../../src/cli/settings/setting_sets.ts";
import {
  OPTION_KEYS,
  type OptionKey,
  optionOf,
  roleKeys,
} from "../../../src/appliance/settings/options.ts";
import { pathType } from "../../../src/appliance/settings/value_types.ts";
import { temporaryDirectory } from "../../store/virtual_host.ts";
import { OBEYING_WORDS } from "../../support/obeying.ts";
import { runHere } from "../fake_terminal.ts";
import { commandLine, type Finished, runProcess } from "../pulsebox_process.ts";

type Use = "file" | "folder" | "data" | "recording";

const NO_FILE = /there is no such file(?:;|$)/m;
const NO_FOLDER = /there is no such folder(?:;|$)/m;
const IS_FOLDER = /it is a folder, not a file(?:;|$)/m;
const IS_FILE = /it is a file, not a folder(?:;|$)/m;
const UNREADABLE = /this user may not read it: see ls -ld '.*closed \w+'(?:;|$)/m;

/** What is said of a place that is not there, of one of the other kind, and of one that is closed. */
const SENTENCES: Readonly<Record<Use, readonly RegExp[]>> = {
  file: [NO_FILE, IS_FOLDER, UNREADABLE],
  recording: [NO_FILE, IS_FOLDER, UNREADABLE],
  folder: [NO_FOLDER, IS_FILE, UNREADABLE],
  // What is closed costs the memory of the host, not its start.
  data: [/the folder above it does not exist: mkdir -p /, IS_FILE],
};
/** What only the runtime and the system would say. */
const FOREIGN = /os error|readfile|ENOENT|EISDIR|EACCES/i;

interface Places extends Disposable {
  /** One that is not there, one of the other kind, one that is closed to everybody. */
  readonly of: Readonly<Record<Use, readonly string[]>>;
}

function makePlaces(): Places {
  const directory = temporaryDirectory();
  const { path } = directory;
  Deno.writeTextFileSync(`${path}/file`, "");
  Deno.writeTextFileSync(`${path}/closed file`, "", { mode: 0 });
  Deno.mkdirSync(`${path}/closed folder`, { mode: 0 });
  const file = [`${path}/no/such`, path, `${path}/closed file`];
  const folder = [`${path}/no/such`, `${path}/file`, `${path}/closed folder`];
  return {
    of: { file, recording: file, folder, data: folder.slice(0, 2) },
    [Symbol.dispose]: () => directory[Symbol.dispose](),
  };
}

/** Runs a start as a user whom the rights of files bind. */
function start(args: readonly string[]): Promise<Finished> {
  return runProcess(args, {}, [...OBEYING_WORDS, ...commandLine([])]);
}

Deno.test("every setting whose type is a path says what the path is for", () => {
  const silent = OPTION_KEYS.filter((key) =>
    optionOf(key).schema === pathType && optionOf(key).path === undefined
  );
  assert.deepEqual(silent, []);
});

for (const key of OPTION_KEYS) {
  const { flag, path, pathForm, group, isFileOfItems } = optionOf(key);
  const use = path ?? (isFileOfItems === undefined ? undefined : "file");
  if (use === undefined) continue;
  Deno.test(`--${flag} that cannot be used ends a start with a sentence`, async () => {
    using places = makePlaces();
    const role = roleKeys().find((name) => name === group.toLowerCase()) ?? "heartbeat";
    for (const [index, place] of places.of[use].entries()) {
      const value = pathForm === undefined ? place : `dump:${place}`;
      const { status, stdout, stderr } = await start([`--${role}`, `--${flag}=${value}`]);
      assert.equal(status, 2, stderr);
      assert.equal(stdout, "");
      const [first = ""] = stderr.split("\n");
      const isRead = isFileOfItems !== undefined || key === "config";
      const subject = isRead ? `Cannot read "${place}"` : `--${flag} is "${place}"`;
      assert.ok(first.startsWith(`pulsebox: ${subject}: `), stderr);
      assert.match(first, SENTENCES[use][index] ?? /^$/);
    }
  });
}

/** Words that lead a command to its files, where those of its table do not. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  beat: ["x", "--", "true"],
  "game-client": ["127.0.0.1:1", "--for=1s"],
  zmq: ["sub", "tcp://127.0.0.1:1"],
  state: ["list", "--server=127.0.0.1:1"],
  acknowledge: ["tetris", "--by=Anna"],
};
/**
 * Commands whose files are tried below; what install runs later is no file that it reads, and
 * heartbeat-url connects to nobody whom it would have to trust.
 */
const OTHERS: ReadonlySet<string> = new Set([
  "hev",
  "token",
  "install",
  "fleet",
  "heartbeat-url",
]);

/** A tool takes what its server is told, and reads what it needs. */
function isUnread(name: string, key: OptionKey): boolean {
  return key === "tlsKey" || (name === "game-client" && key === "tokenFile");
}

for (const command of COMMANDS) {
  const own = Object.values<Flag>(command.flags).filter(({ completes }) => completes === "file");
  const set = command.settings === undefined || command.settings === "host"
    ? []
    : SETTING_SETS[command.settings].filter((key) => !isUnread(command.name, key)).map(optionOf)
      .filter(({ path }) => path === "file");
  const flags = OTHERS.has(command.name) ? [] : [...own, ...set];
  if (flags.length === 0) continue;
  Deno.test(`${command.name} says in a sentence that a file cannot be used`, async () => {
    using places = makePlaces();
    // What a check cannot read counts less than a heartbeat port that does not answer.
    await using heartbeat = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen() {} },
      () => new Response("OK - fine"),
    );
    const check = ["--url", `http://127.0.0.1:${heartbeat.addr.port}`];
    const app = /^APP\b/.test(command.usage) ? ["x"] : [];
    const words = command.name === "check"
      ? check
      : WORDS[command.name] ?? [...(command.words ?? []).slice(0, 1), ...app];
    for (const { flag } of flags) {
      for (const [index, place] of places.of.file.entries()) {
        const closed = () => Promise.reject(new Deno.errors.PermissionDenied("os error 13"));
        const { status, stdout, stderr } = await runHere(
          [command.name, `--${flag}=${place}`, ...words],
          { readTextFile: index === 2 ? closed : (path) => Deno.readTextFile(path) },
        );
        const said = (stdout + stderr).trimEnd()
          .replace(/; --no-console asks only the heartbeat port$/, "");
        assert.notEqual(status, 0, said);
        assert.doesNotMatch(said, FOREIGN);
        assert.ok(said.includes(`Cannot read "${place}"`), `${flag}: ${said}`);
        assert.match(said, SENTENCES.file[index] ?? /^$/);
      }
    }
  });
}

Deno.test("hev, fleet and token say in a sentence that a file cannot be read, or not be written", async () => {
  using places = makePlaces();
  const missing = places.of.file[0] ?? "";
  const folder = places.of.file[1] ?? "";
  const cases: [args: string[], sentence: RegExp][] = [
    [["token", "new", `--token-file=${folder}`], IS_FOLDER],
    [["fleet", "init", "--fleet=nats://127.0.0.1:1", `--fleet-key=${missing}`], NO_FILE],
    [["fleet", "init", "--fleet=nats://127.0.0.1:1", `--fleet-ca=${folder}`], IS_FOLDER],
    [["fleet", `--token-file=${missing}`], NO_FILE],
    [["fleet", `--ca=${folder}`], IS_FOLDER],
    [["hev", "replay", missing], NO_FILE],
    [["hev", "replay", folder], IS_FOLDER],
    [["hev", "emulate", missing], NO_FILE],
    [["hev", "emulate", folder], IS_FOLDER],
    [["hev", "record", missing], /the folder above it does not exist: mkdir -p \S+\/$/],
    [["hev", "record", folder], IS_FOLDER],
    [["hev", "record", folder, "--force"], IS_FOLDER],
    [["hev", "record", `${folder}/file`], /it exists already; --force replaces it$/],
  ];
  for (const [args, sentence] of cases) {
    const { status, stderr } = await runHere(args, {
      readTextFile: (path) => Deno.readTextFile(path),
    });
    assert.equal(status, 1, stderr);
    assert.doesNotMatch(stderr, FOREIGN);
    assert.match(stderr.trimEnd(), sentence, args.join(" "));
  }
});

Deno.test("--data in a folder of the kernel is refused in the same way", async () => {
  const { status, stderr } = await runHere(["--heartbeat", "--data=/proc/nope"]);
  assert.equal(status, 2);
  assert.equal(
    stderr,
    'pulsebox: --data is "/proc/nope": nothing can be kept in a folder of the kernel\n',
  );
});

Deno.test("a path of a role that does not run is not looked at", async () => {
  const { stderr } = await runHere([
    "install",
    "--heartbeat",
    "--state-calibration=/no/such",
    "--program=/bin/sh",
    "--dry-run",
  ]);
  assert.equal(stderr, "");
});
