import { strict as assert } from "node:assert";
import { COMMANDS } from "../../src/cli/command_table.ts";
import { OPTION_KEYS, optionOf } from "../../src/appliance/settings/options.ts";
import { spelledFlag } from "../../src/appliance/settings/option.ts";
import { runHere } from "./fake_terminal.ts";

interface Case {
  args: string[];
  env?: Record<string, string>;
  status: number;
  stdout?: RegExp;
  stderr?: RegExp;
}

const NOTHING = /^$/;

const CASES: Record<string, Case> = {
  "nothing": { args: [], status: 2, stderr: /^pulsebox: No role is turned on: give --heartbeat/ },
  "an unknown command": {
    args: ["chekc"],
    status: 2,
    stderr: /^pulsebox: Unknown command "chekc": did you mean check\?\nTry: pulsebox help\n$/,
  },
  "a role without dashes": { args: ["heartbeat"], status: 2, stderr: /did you mean --heartbeat\?/ },
  "a typo in a role": {
    args: ["--heartbaet"],
    status: 2,
    stderr: /^pulsebox: Unknown option --heartbaet: did you mean --heartbeat\?\n/,
  },
  "an option before a command": {
    args: ["--no-console", "members"],
    status: 2,
    stderr: /Unexpected argument "members": a command comes first, before its options/,
  },
  "several problems at once": {
    args: ["--nonsense", "--heartbeat-port=x", "stray"],
    env: { PULSEBOX_IDLE_TIMEOUT: "3" },
    status: 2,
    stderr:
      /^pulsebox: Unknown option --nonsense\n.*"stray".*\n.*--heartbeat-port.*\n.*PULSEBOX_IDLE_T/,
  },
  "an option of another command": {
    args: ["members", "--heartbeat"],
    status: 2,
    stderr: /Unknown option --heartbeat\n/,
  },
  "arguments that a command does not take": {
    args: ["version", "x"],
    status: 2,
    stderr: /Unexpected argument "x"/,
  },
  "an argument behind a separator where none is taken": {
    args: ["version", "--", "x"],
    status: 2,
    stderr: /Unexpected argument "x"/,
  },
  "too few arguments": {
    args: ["completions"],
    status: 2,
    stderr: /Too few arguments, write: pulsebox completions bash \| zsh \| fish/,
  },
  "an unknown shell": {
    args: ["completions", "tcsh"],
    status: 2,
    stderr: /Unknown shell "tcsh"/,
  },
  "help": { args: ["help"], status: 0, stdout: /^Pulsebox watches/ },
  "--help": { args: ["--help"], status: 0, stdout: /^Pulsebox watches/ },
  "-h": { args: ["-h"], status: 0, stdout: /^Pulsebox watches/ },
  "help of a command": { args: ["help", "check"], status: 0, stdout: /-w, --warning RANGE/ },
  "--help of a command": { args: ["check", "--help"], status: 0, stdout: /-w, --warning RANGE/ },
  "--help beside problems": { args: ["check", "--nonsense", "-h"], status: 0, stdout: /Usage/ },
  "help of an unknown command": { args: ["help", "chekc"], status: 2, stderr: /did you mean/ },
  "--version": { args: ["--version"], status: 0, stdout: /^pulsebox \d+\.\d+\.\d+ \(Deno / },
  "-V": { args: ["-V"], status: 0, stdout: /^pulsebox / },
  "wrong use of check, on one line for the monitor": {
    args: ["check", "--nonsense", "-w"],
    status: 3,
    stdout: /^UNKNOWN - Unknown option --nonsense; Option -w needs a value: -w RANGE\n$/,
  },
  "a range that is none": { args: ["check", "-w", "5:1"], status: 3, stdout: /^UNKNOWN - .*\n$/ },
  "a time-out that is none": { args: ["check", "-t", "0"], status: 3, stdout: /^UNKNOWN - --time/ },
  "a wrong heartbeat URL": {
    args: ["check"],
    env: { HB_URL: "ftp://h:1" },
    status: 3,
    stdout: /^UNKNOWN - Cannot use heartbeat URL "ftp:\/\/h:1".*\n$/,
  },
  "beat without a program": { args: ["beat", "x"], status: 2, stderr: /behind --/ },
  "beat with a wrong time": {
    args: ["beat", "x", "--init", "5", "--", "true"],
    status: 2,
    stderr: /--init is "5"/,
  },
  "pause of nobody": { args: ["pause"], status: 2, stderr: /Write which APP, or --all/ },
  "pause for a time that is none": {
    args: ["pause", "x", "--for", "2"],
    status: 2,
    stderr: /--for is "2": must be a duration/,
  },
  "pause of somebody and all": {
    args: ["pause", "x", "--all"],
    status: 2,
    stderr: /Write "x" or --all, not both/,
  },
  "a console that is away": {
    args: ["members", "--console-url", "http://127.0.0.1:1"],
    status: 1,
    stderr: /^pulsebox: Cannot reach the console at http:\/\/127.0.0.1:1: nothing listens there/,
  },
};

for (const [name, { args, env, status, stdout, stderr }] of Object.entries(CASES)) {
  Deno.test(`run answers ${name}`, async () => {
    const outcome = await runHere(args, env === undefined ? {} : { env });
    assert.match(outcome.stderr, stderr ?? NOTHING);
    assert.match(outcome.stdout, stdout ?? NOTHING);
    assert.equal(outcome.status, status);
  });
}

Deno.test("help tells every command and every option, within 80 columns", async () => {
  const { stdout } = await runHere(["help"]);
  for (const { name } of COMMANDS) {
    if (name !== "serve") assert.match(stdout, new RegExp(`^  ${name} `, "m"));
  }
  for (const option of OPTION_KEYS.map(optionOf)) {
    assert.match(stdout, new RegExp(`^  ${spelledFlag(option)}\\b`, "m"));
  }
  for (const line of stdout.split("\n")) assert(line.length <= 80, line);
});

Deno.test("help of each command fits and shows examples that its own arguments take", async () => {
  for (const { name, examples, flags } of COMMANDS) {
    if (name === "serve") continue;
    const { stdout, status } = await runHere(["help", name]);
    assert.equal(status, 0);
    assert(examples.length > 0, name);
    for (const example of examples) assert(stdout.includes(example));
    for (const { flag } of Object.values(flags)) assert(stdout.includes(`--${flag}`));
  }
});

Deno.test("config shows each value and its source", async () => {
  const { stdout, status } = await runHere(
    ["config", "--heartbeat", "--config", "p.json", "--heartbeat-expect", "tetris"],
    { env: { HB_PORT: "99" }, files: { "p.json": '{"idleTimeout": "90s"}' } },
  );
  assert.equal(status, 0);
  const rows = new Map(
    stdout.trimEnd().split("\n").map((line) => {
      const [key = "", value, ...from] = line.split(/ {2,}/);
      return [key, [value, from.join(" ")]];
    }),
  );
  assert.equal(rows.size, OPTION_KEYS.length + 1);
  assert.deepEqual(rows.get("heartbeat"), ["true", "--heartbeat"]);
  assert.deepEqual(rows.get("heartbeatPort"), ["99", "HB_PORT"]);
  assert.deepEqual(rows.get("idleTimeout"), ["1m30s", 'idleTimeout in "p.json"']);
  assert.deepEqual(rows.get("heartbeatExpect"), ['["tetris"]', "--heartbeat-expect"]);
  assert.deepEqual(rows.get("data"), ["-", "default"]);
});

Deno.test("config writes JSON that a configuration file can hold", async () => {
  const args = ["config", "--json", "--all", "--heartbeat-stations=10.0.0.7=Entrance"];
  const first = JSON.parse((await runHere(args)).stdout).settings;
  const values = Object.fromEntries(
    Object.entries<{ value: unknown }>(first).map(([key, { value }]) => [key, value]),
  );
  delete values["config"];
  const { stdout } = await runHere(["config", "--json", "--config", "p.json"], {
    files: { "p.json": JSON.stringify(values) },
  });
  const second = JSON.parse(stdout).settings;
  for (const [key, value] of Object.entries(values)) assert.deepEqual(second[key].value, value);
  assert.equal(second.heartbeatPort.source, "file");
});

Deno.test("version is that of deno.json", async () => {
  const manifest = JSON.parse(
    await Deno.readTextFile(new URL("../../deno.json", import.meta.url)),
  );
  const { stdout } = await runHere(["version", "--json"]);
  const report = JSON.parse(stdout);
  assert.equal(report.pulsebox, manifest.version);
  assert.equal(report.deno, Deno.version.deno);
  assert.equal(report.form, "source");
});

Deno.test("heartbeat-url writes the environment of a container", async () => {
  const plain = await runHere(["heartbeat-url", "pong", "-H", "::1", "-p", "99"]);
  assert.equal(
    plain.stdout,
    "HB_URL=http://[::1]:99\nHB_HOST=::1\nHB_PORT=99\nAPP_ID=pong\n",
  );
  const template = await runHere(["heartbeat-url", "a&b", "--template", "--json"], {
    env: { HB_HOST: "10.0.0.7" },
  });
  assert.equal(
    JSON.parse(template.stdout).HB_URL,
    "http://10.0.0.7:8888/heartbeat.html?container=a%26b&next=%n",
  );
  const wrong = await runHere(["heartbeat-url", "a\nb", "-H", "a/b", "-p", "0"]);
  assert.equal(wrong.status, 2);
  assert.equal(wrong.stdout, "");
  assert.equal(wrong.stderr.split("\n").length, 4);
});
