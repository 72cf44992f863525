import { strict as assert } from "node:assert";
import config from "../../deno.json" with { type: "json" };
import { within } from "../support/tcp.ts";

/** Tasks that people give arguments to; each would otherwise begin its work, for minutes. */
const TASKS = [
  ...["test", "bench", "compile", "deb", "pack", "fuzz", "simulate", "soak", "mutate"] as const,
];

const LOCK = ["--lock=tests/deno.lock", "--frozen"];

for (const task of TASKS) {
  Deno.test(`deno task ${task} --help prints help and does nothing`, async () => {
    const [, script = ""] = /(scripts\/\S+\.ts)/.exec(config.tasks[task].command) ?? [];
    const path = new URL(`../../${script}`, import.meta.url).pathname;
    const child = new Deno.Command(Deno.execPath(), {
      // Some use packages of the tests, which the product's lock file must not name.
      args: [
        "run",
        "--quiet",
        "--no-check",
        "--allow-all",
        "--unstable-net",
        ...LOCK,
        path,
        "--help",
      ],
      stdout: "piped",
      stderr: "null",
    }).spawn();
    try {
      const { code, stdout } = await within(child.output(), `the help of ${task}`, 20_000);
      assert.equal(code, 0);
      assert.match(new TextDecoder().decode(stdout), /deno task|Usage|--/);
    } catch (error) {
      child.kill("SIGKILL");
      throw error;
    }
  });
}
