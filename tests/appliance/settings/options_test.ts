import { strict as assert } from "node:assert";
import * as z from "zod/mini";
import { environmentName, fileKey, OPTION_GROUPS } from "../../../src/appliance/settings/option.ts";
import { OPTION_KEYS, optionOf } from "../../../src/appliance/settings/options.ts";
import { COMMANDS } from "../../../src/cli/command_table.ts";
import { SETTING_SETS } from "../../../src/cli/settings/setting_sets.ts";

const OPTIONS = OPTION_KEYS.map((key) => ({ key, ...optionOf(key) }));

Deno.test("OPTIONS has no name twice", () => {
  for (const nameOf of [environmentName, fileKey]) {
    const names = OPTIONS.map(nameOf);
    assert.deepEqual(names, [...new Set(names)]);
  }
  const environment = OPTIONS.flatMap((option) => [environmentName(option), ...option.alias ?? []]);
  assert.deepEqual(environment, [...new Set(environment)]);
});

Deno.test("OPTIONS has names in the house's form", () => {
  for (const { key, flag, help, group } of OPTIONS) {
    // One flag is written as the original server wrote it.
    if (flag !== "inputFile") assert.match(flag, /^[a-z]+(-[a-z]+)*$/);
    assert(!flag.startsWith("no-"), `${flag} would be turned off by its own name`);
    assert.equal(key.replace(/Ms$/, ""), fileKey({ flag, help }), "the key is the flag's");
    assert.match(help, /^[A-Z].*[^.]$/);
    assert(OPTION_GROUPS.includes(group));
  }
});

Deno.test("OPTIONS has defaults that its own types take", () => {
  for (const { key, schema, default: byDefault } of OPTIONS) {
    if (byDefault === undefined) continue;
    const result = z.safeParse(schema, byDefault);
    assert(result.success, `${key}: ${result.error?.issues[0]?.message}`);
  }
});

Deno.test("OPTIONS takes durations as milliseconds only where the key says so", () => {
  for (const { key, argument } of OPTIONS) {
    // Seconds are the unit of some of the originals' own settings.
    const isTime = argument === "DURATION" || argument === "SECONDS";
    assert.equal(isTime, key.endsWith("Ms"), key);
  }
});

Deno.test("COMMANDS has no flag that hides a setting or another flag", () => {
  for (const { name, flags, settings } of COMMANDS) {
    const all = [
      { flag: "help", short: "h" },
      ...Object.values(flags),
      ...(settings === undefined ? [] : SETTING_SETS[settings].map((key) => optionOf(key))),
    ];
    const long = all.map(({ flag }) => flag);
    assert.deepEqual(long, [...new Set(long)], name);
    const short = all.flatMap((flag) => flag.short ?? []);
    assert.deepEqual(short, [...new Set(short)], name);
  }
});
