import { strict as assert } from "node:assert";

/** Seeds of a run of the whole suite, and in how many processes. */
const SEEDS = 1_600;
const PROCESSES = 2;

const TASK: { tasks: { simulate: { command: string } } } = JSON.parse(
  await Deno.readTextFile(new URL("../../deno.json", import.meta.url)),
);

Deno.test(`${SEEDS} simulated hosts keep their promises`, async () => {
  const each = SEEDS / PROCESSES;
  const runs = Array.from(
    { length: PROCESSES },
    (_, part) => simulate([`--seeds=${each}`, `--from=${part * each}`]),
  );
  for (const { code, text } of await Promise.all(runs)) {
    assert.equal(code, 0, text);
    assert.match(text, new RegExp(`^${each} seeds, .* 0 failed$`, "m"));
  }
});

Deno.test("hosts with an instrument and the state channel keep their promises", async () => {
  const { code, text } = await simulate(["--wide", "--seeds=10"]);
  assert.equal(code, 0, text);
});

Deno.test("whatever operation of the machine fails once, promises are kept", async () => {
  const { code, text } = await simulate(["--torture=30"]);
  assert.equal(code, 0, text);
  assert.match(text, /"disk":\d+/);
});

Deno.test("what a simulation found once is not found again", async () => {
  const { code, text } = await simulate(["--kept"]);
  assert.equal(code, 0, text);
});

const BROKEN_CLOCKS: [rate: string, complaint: RegExp][] = [
  ["1.5", /is (?:late|lost|gone), must be/],
  ["0.5", /is (?:ok|starting|late|lost), must be/],
];

for (const [rate, complaint] of BROKEN_CLOCKS) {
  Deno.test(`a host whose clock runs at ${rate} is found out`, async () => {
    const { code, text } = await simulate(["--seeds=8", "--all", `--clock-rate=${rate}`]);
    assert.equal(code, 1, text);
    assert.match(text, complaint);
  });
}

/** Runs the task's own command: the machine that it plays replaces that of its whole process. */
async function simulate(args: readonly string[]): Promise<{ code: number; text: string }> {
  const [, ...words] = TASK.tasks.simulate.command.split(" ");
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...words, ...args],
    cwd: new URL("../..", import.meta.url),
    env: { NO_COLOR: "1" },
  }).output();
  return { code, text: new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr) };
}
