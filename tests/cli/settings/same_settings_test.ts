/**
 * The same settings, however they are given: by flags, environment, configuration file, and by the
 * service that `pulsebox install` makes of them.
 */

import { strict as assert } from "node:assert";
import { fc } from "../../packages/fast_check.ts";
import * as z from "zod/mini";
import { parseArguments } from "../../../src/cli/arguments.ts";
import { PLACES, planFiles } from "../../../src/cli/commands/install/plan.ts";
import { formatList, parseList } from "../../../src/cli/settings/list_text.ts";
import { environmentName, fileKey } from "../../../src/appliance/settings/option.ts";
import {
  OPTION_KEYS,
  type OptionKey,
  optionOf,
  type Settings,
} from "../../../src/appliance/settings/options.ts";
import { flagsOf, type Resolution, resolveSettings } from "../../../src/cli/settings/settings.ts";
import { temporaryDirectory } from "../../store/virtual_host.ts";
import { requirement } from "../../support/require.ts";
import { CANDIDATES, CONFIG_PATH, ITEMS_PATH } from "./candidates.ts";
import { readSystemdEnvironment, systemdLibrary } from "../../support/systemd_environment.ts";

/** One setting as it was written. */
type Input = boolean | string | readonly string[];
type Inputs = Partial<Record<OptionKey, Input>>;

/** What the schema of a setting takes, of texts. */
function inputsOf(key: OptionKey): fc.Arbitrary<Input> {
  const option = optionOf(key);
  if (key === "config") return fc.constant(CONFIG_PATH);
  if (option.argument === undefined) return fc.boolean();
  const candidates = [...CANDIDATES, ...(option.choices ?? [])];
  const fits = (text: string) =>
    option.isFileOfItems?.(text) !== true &&
    z.safeParse(option.schema, option.many ? [text] : text).success;
  const known = candidates.filter(fits);
  const [first] = known;
  assert.ok(first !== undefined, `no candidate fits ${key}: add one`);
  const texts = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...known) },
    { weight: 1, arbitrary: wildText(fits, first) },
  );
  if (option.many === undefined) return texts;
  const files = option.isFileOfItems === undefined ? [] : [fc.constant(ITEMS_PATH)];
  return fc.array(fc.oneof(texts, ...files), { minLength: 1, maxLength: 4 });
}

/** Anything of one line, if it fits; most settings take only few texts. */
function wildText(fits: (text: string) => boolean, otherwise: string): fc.Arbitrary<string> {
  return fc.tuple(fc.constantFrom("", "/", "https://h/", "10.0.0.1=", "a @ "), fc.string())
    .map((parts) => parts.join(""))
    // deno-lint-ignore no-control-regex -- control characters are refused with a sentence
    .map((text) => !/[\u0000-\u001f\u007f]/.test(text) && fits(text) ? text : otherwise);
}

const SETTINGS: fc.Arbitrary<Inputs> = fc.record(
  Object.fromEntries(OPTION_KEYS.map((key) => [key, inputsOf(key)])),
  { requiredKeys: [] },
);

async function resolve(
  flags: Readonly<Record<string, unknown>>,
  env: ReadonlyMap<string, string>,
  files: Readonly<Record<string, string>> = {},
): Promise<Resolution<OptionKey>> {
  const all: Record<string, string> = {
    [CONFIG_PATH]: "{}",
    [ITEMS_PATH]: "# of the hall\n10.0.0.9=Nine\n",
    ...files,
  };
  return await resolveSettings(OPTION_KEYS, {
    flags,
    environment: { get: (name) => env.get(name) },
    readTextFile: (path) => Promise.resolve(all[path] ?? ""),
  });
}

function settingsOf({ settings, problems }: Resolution<OptionKey>): Settings {
  assert.deepEqual(problems, []);
  assert.ok(settings !== undefined);
  return settings;
}

function byFlags(inputs: Inputs): Readonly<Record<string, unknown>> {
  const args = Object.entries(inputs).flatMap(([key, input]) => {
    const { flag } = optionOf(key as OptionKey);
    if (typeof input === "boolean") return [input ? `--${flag}` : `--no-${flag}`];
    return [input].flat().map((text) => `--${flag}=${text}`);
  });
  const { values, problems } = parseArguments(flagsOf(OPTION_KEYS), args);
  assert.deepEqual(problems, []);
  return values;
}

function byEnvironment(inputs: Inputs, list: (items: readonly string[]) => string) {
  return new Map(
    Object.entries(inputs).map(([key, input]) => [
      environmentName(optionOf(key as OptionKey)),
      typeof input === "object" ? list(input) : String(input),
    ]),
  );
}

function byFile(inputs: Inputs, list: (items: readonly string[]) => unknown): string {
  const { config: _config, ...others } = inputs;
  return JSON.stringify(Object.fromEntries(
    Object.entries(others).map(([key, input]) => [
      fileKey(optionOf(key as OptionKey)),
      typeof input === "object" ? list(input) : input,
    ]),
  ));
}

/** The environment of the service: the file as systemd reads it, and the variables of the unit. */
function byService({ settings, sources }: Resolution<OptionKey>, library: string, folder: string) {
  assert.ok(settings !== undefined);
  const files = planFiles(settings, sources, { outgoing: [], reserved: [], former: undefined });
  const textOf = (place: string) => files.find(({ path }) => path === place)?.text ?? "";
  const path = `${folder}/environment`;
  Deno.writeTextFileSync(path, textOf(PLACES.environment));
  const variables = readSystemdEnvironment(library, path);
  const unit = textOf(PLACES.unit);
  const credentials = new Map(
    [...unit.matchAll(/^LoadCredential=([^:]+):(.*)$/gm)]
      .map((
        [, name = "", file = ""],
      ) => [name, file.replace(/%(.)/g, (_, letter) => letter === "%" ? "%" : "?")]),
  );
  for (const [, variable = "", name = ""] of unit.matchAll(/^Environment=(\w+)=%d\/(.+)$/gm)) {
    // systemd hands over a copy of that file.
    variables.set(variable, credentials.get(name) ?? "");
  }
  return variables;
}

Deno.test("any settings are the same by flags, environment and configuration file", async () => {
  await fc.assert(
    fc.asyncProperty(SETTINGS, async (inputs) => {
      const expected = settingsOf(await resolve(byFlags(inputs), new Map()));
      for (const list of [formatList, JSON.stringify]) {
        const found = settingsOf(await resolve({}, byEnvironment(inputs, list)));
        assert.deepEqual(found, expected);
      }
      for (const list of [formatList, (items: readonly string[]) => items]) {
        const flags = { config: "p.json" };
        const found = settingsOf(
          await resolve(flags, new Map(), { "p.json": byFile(inputs, list) }),
        );
        assert.deepEqual({ ...found, config: expected.config }, expected);
      }
    }),
    { numRuns: 200 },
  );
});

/** What a unit cannot hold where a path takes the rest of a line. */
// deno-lint-ignore no-control-regex -- a line break would begin another directive
const UNWRITABLE = /[\s\\]$|^\s|[\u0000-\u001f\u007f]/;

const library = systemdLibrary();
if (
  requirement("settings of an installed service", {
    name: "systemd's library",
    available: library !== undefined,
    howToGet: "apt-get install systemd",
  })
) {
  Deno.test("any settings are the same for the service that is installed with them", async () => {
    using folder = temporaryDirectory();
    await fc.assert(
      fc.asyncProperty(SETTINGS, async (inputs) => {
        const resolution = await resolve(byFlags(inputs), new Map());
        const { data, ...expected } = settingsOf(resolution);
        const wrong = OPTION_KEYS.filter((key) => optionOf(key).path === "file")
          .map((key) => expected[key as keyof typeof expected])
          .filter((path) => typeof path === "string" && UNWRITABLE.test(path));
        if (wrong.length > 0) {
          // A unit has no way to write such a path: the installation is refused instead.
          assert.throws(() => byService(resolution, library ?? "", folder.path), {
            name: "TypeError",
            message: /^Cannot write .* into a unit of systemd: /,
          });
          return;
        }
        const variables = byService(resolution, library ?? "", folder.path);
        const { data: kept, ...found } = settingsOf(await resolve({}, variables));
        assert.deepEqual(found, expected);
        assert.equal(kept, data ?? "/var/lib/pulsebox");
      }),
      { numRuns: 200 },
    );
  });
}

Deno.test("any list of texts comes back from its text", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.string(), fc.constantFrom(...CANDIDATES))), (items) => {
      assert.deepEqual(parseList(formatList(items)), items);
    }),
  );
});

Deno.test("a list with a comma in an item says how it is written", async () => {
  const webhook = "https://ntfy.sh/x?tags=warning,skull";
  const split = await resolve({}, new Map([["PULSEBOX_WEBHOOK", webhook]]));
  assert.deepEqual(split.problems, [
    "PULSEBOX_WEBHOOK cannot be used: must be a URL such as https://example.org/hook; " +
    'if a comma belongs to an item, write a JSON array: ["a,b", "c"]',
  ]);
  const broken = await resolve({}, new Map([["PULSEBOX_WEBHOOK", `["${webhook}`]]));
  assert.match(
    broken.problems[0] ?? "",
    /^PULSEBOX_WEBHOOK cannot be used: must be a list: a,b or a JSON/,
  );
  const right = await resolve({}, new Map([["PULSEBOX_WEBHOOK", `["${webhook}"]`]]));
  assert.deepEqual(right.settings?.webhook, [webhook]);
});
