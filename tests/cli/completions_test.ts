import { strict as assert } from "node:assert";
import { COMMANDS } from "../../src/cli/command_table.ts";
import { completedCommands } from "../../src/cli/completions/model.ts";
import { bashCompletion } from "../../src/cli/completions/bash.ts";
import { fishCompletion } from "../../src/cli/completions/fish.ts";
import { zshCompletion } from "../../src/cli/completions/zsh.ts";
import { requirement } from "../support/require.ts";
import { within } from "../support/tcp.ts";

/** What is typed, what must be offered, and what must not. */
const CASES: { words: string[]; offers: string[]; not: string[] }[] = [
  { words: ["che"], offers: ["check"], not: ["beat"] },
  { words: [""], offers: ["check", "beat", "members", "help"], not: ["serve"] },
  { words: ["--heartbeat-p"], offers: ["--heartbeat-port"], not: ["--heartbeat-host"] },
  { words: ["--heartbeat", "--no-c"], offers: ["--no-console"], not: ["--console-host"] },
  { words: ["--log-level", ""], offers: ["debug", "warning"], not: ["check", "--log-format"] },
  { words: ["check", "--w"], offers: ["--warning"], not: ["--heartbeat"] },
  { words: ["pause", "--r"], offers: ["--reason"], not: ["--warning"] },
  { words: ["completions", ""], offers: ["bash", "zsh", "fish"], not: ["check"] },
  { words: ["help", "ch"], offers: ["check"], not: ["beat"] },
];

async function runShell(program: string, args: string[], input: string): Promise<string> {
  const child = new Deno.Command(program, {
    args,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
    env: { TERM: "dumb" },
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(input));
  await writer.close();
  const { stdout, stderr, code } = await within(child.output(), `end of ${program}`);
  const messages = new TextDecoder().decode(stderr);
  assert.equal(messages, "");
  assert.equal(code, 0);
  return new TextDecoder().decode(stdout);
}

function has(program: string, shell: string): boolean {
  let available = true;
  try {
    new Deno.Command(program, { args: ["-c", ":"] }).outputSync();
  } catch {
    available = false;
  }
  return requirement(`completion for ${shell}`, {
    name: shell,
    available,
    howToGet: `apt-get install ${shell}`,
  });
}

function quoted(words: readonly string[]): string {
  return words.map((word) => `'${word}'`).join(" ");
}

/** What a shell offers, against what it should. */
function compare(offered: string[], { words, offers, not }: typeof CASES[number]): void {
  for (const word of offers) assert(offered.includes(word), `${words}: ${word} not in ${offered}`);
  for (const word of not) assert(!offered.includes(word), `${words}: ${word} in ${offered}`);
}

Deno.test("completedCommands holds every command with its options", () => {
  const completed = completedCommands(COMMANDS);
  assert.deepEqual(completed.map(({ name }) => name), COMMANDS.map(({ name }) => name));
  for (const { flags } of completed) assert(flags.some(({ long }) => long === "--help"));
});

if (has("bash", "bash")) {
  Deno.test("bash offers what fits", async () => {
    for (const example of CASES) {
      const words = ["pulsebox", ...example.words];
      const script = `${bashCompletion(completedCommands(COMMANDS))}
COMP_WORDS=(${quoted(words)})
COMP_CWORD=${words.length - 1}
_pulsebox
printf '%s\\n' "\${COMPREPLY[@]}"
`;
      const offered = (await runShell("bash", ["--norc", "-s"], script)).split("\n");
      compare(offered, example);
    }
  });

  Deno.test("bash offers values behind an equals sign, files, and programs behind --", async () => {
    const reply = async (words: string[]): Promise<string[]> => {
      const script = `${bashCompletion(completedCommands(COMMANDS))}
COMP_WORDS=(${quoted(words)})
COMP_CWORD=${words.length - 1}
_pulsebox
printf '%s\\n' "\${COMPREPLY[@]}"
`;
      return (await runShell("bash", ["--norc", "-s"], script)).trimEnd().split("\n");
    };
    assert.deepEqual(await reply(["pulsebox", "--log-format", "=", "js"]), ["json"]);
    assert.deepEqual(await reply(["pulsebox", "--log-format", "="]), ["auto", "line", "json"]);
    assert.deepEqual(await reply(["pulsebox", "--data", "/us"]), ["/usr"]);
    assert((await reply(["pulsebox", "beat", "x", "--", "slee"])).includes("sleep"));
  });
}

if (has("zsh", "zsh")) {
  Deno.test("zsh offers what fits", async () => {
    const file = await Deno.makeTempFile({ suffix: ".zsh" });
    try {
      await Deno.writeTextFile(file, zshCompletion(completedCommands(COMMANDS)));
      const offered = await askZsh(file);
      CASES.forEach((example, index) => compare(offered[index] ?? [], example));
    } finally {
      await Deno.remove(file);
    }
  });
}

/** Completion of zsh only runs in an interactive shell, so one runs on a terminal of its own. */
async function askZsh(file: string): Promise<string[][]> {
  const setUp = [
    "unset zle_bracketed_paste; autoload -Uz compinit; compinit -u -D",
    "setopt no_list_ambiguous auto_list; LISTMAX=1000",
    `source ${file}`,
    // What is added to the offers is printed between plus signs; other uses of compadd only ask.
    'compadd() { if [[ " ${@[1,(i)(-|--)]} " == *" -"(O|A|D)" "* ]]; then builtin compadd "$@"; ' +
    'else local -a found; builtin compadd -A found "$@"; print -rl -- "+"${^found}"+"; ' +
    'builtin compadd "$@"; fi }',
    // The words are broken, so that their echo while they are typed is not taken for them.
    'PROMPT="<REA""DY>"',
  ];
  // Typing waits for the prompt: before it, the terminal itself would take ^U for its own.
  const script = `
zmodload zsh/zpty
zpty z zsh -f -i
${setUp.map((line) => `zpty -w z '${line}'`).join("\n")}
zpty -r z text '*<READY>*'
${
    CASES.map(({ words }) => `
zpty -w -n z $'pulsebox ${words.join(" ")}\\t'
zpty -w -n z $'\\C-u echo DO""NE\\n'
zpty -r z text '*DONE*<READY>*'
print -r -- $text
`).join("")
  }
zpty -d z
`;
  const output = await runShell("zsh", ["-f"], script);
  return output.split("DONE").map((part) =>
    [...part.matchAll(/\+([^+\r\n]+)\+/g)].map((match) => match[1] ?? "")
  );
}

if (has("fish", "fish")) {
  Deno.test("fish offers what fits", async () => {
    for (const example of CASES) {
      const script = `${fishCompletion(completedCommands(COMMANDS))}
complete -C 'pulsebox ${example.words.join(" ")}'
`;
      const output = await runShell("fish", ["--no-config"], script);
      compare(output.split("\n").map((line) => line.split("\t")[0] ?? ""), example);
    }
  });
}
