import { strict as assert } from "node:assert";
import { COMMANDS } from "../../src/cli/command_table.ts";
import { OPTION_KEYS, optionOf, roleKeys } from "../../src/appliance/settings/options.ts";
import { runHere } from "./fake_terminal.ts";

Deno.test("every command explains itself: what for, how to write it, its options, an example", async () => {
  for (const { name } of COMMANDS) {
    if (name === "serve") continue;
    const asked = await runHere([name, "--help"]);
    const told = await runHere(["help", name]);
    assert.deepEqual(asked, told, name);
    assert.equal(asked.status, 0);
    const [summary, usage, ...rest] = asked.stdout.split("\n\n");
    assert.match(summary ?? "", /^[A-Z].+\.$/s, name);
    assert.match(usage ?? "", new RegExp(`^Usage: pulsebox ${name}`), name);
    assert.ok(rest.some((part) => part.startsWith("Options:\n")), name);
    const examples = rest.find((part) => part.startsWith("Examples:\n")) ?? "";
    assert.match(examples, new RegExp(`pulsebox.* ?${name}`), name);
  }
});

for (const role of roleKeys()) {
  Deno.test(`pulsebox help ${role} explains the role and its settings`, async () => {
    const { status, stdout } = await runHere(["help", role]);
    assert.equal(status, 0);
    assert.ok(stdout.includes(`Usage: pulsebox --${role} `));
    for (const { flag, group } of OPTION_KEYS.map(optionOf)) {
      if (group.toLowerCase() === role) assert.ok(stdout.includes(flag), flag);
    }
  });
}
