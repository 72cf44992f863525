/**
 * What an operator writes: command lines, settings files and the environment; and what a disk makes of a
 * database.
 *
 * @module
 */

import { strict as assert } from "node:assert";
import { parseArguments } from "../../../src/cli/arguments.ts";
import { OPTION_KEYS } from "../../../src/appliance/settings/options.ts";
import { flagsOf, resolveSettings } from "../../../src/cli/settings/settings.ts";
import { StoreError } from "../../../src/store/store_error.ts";
import { VirtualHost } from "../../store/virtual_host.ts";
import { type Target, textOf, texts } from "../target.ts";

const FLAGS = flagsOf(OPTION_KEYS);
const NAMES = Object.values(FLAGS).map(({ flag }) => `--${flag}`);
/** Members of the database. */
const MEMBERS = 20;
/** Bytes of a database that are enough to hold some members. */
const DATABASE_BYTES_MAX = 300_000;

/** Settings targets. */
export const SETTINGS_TARGETS: readonly Target[] = [
  {
    name: "command-line",
    holds: "a command line gives settings, or a sentence for each problem; it never throws",
    seeds: texts(
      "--heartbeat --heartbeat-port=0 --lost-after 2x",
      "--all --no-console",
      "--webhook a,b --webhook c -- x",
      "--hevv",
    ),
    words: [...NAMES, "=", " ", "--", "-", "--no-", ","],
    run: async (input) => {
      const args = textOf(input).split(" ");
      const { values, problems } = parseArguments(FLAGS, args);
      await judge(values, NO_FILE);
      for (const problem of problems) assert.notEqual(problem, "");
    },
  },
  {
    name: "settings-file",
    holds: "a settings file gives settings, or a sentence for each problem; it never throws",
    seeds: texts(
      '{"heartbeat":true,"heartbeatPort":0,"webhook":["https://x/?a=1,2"]}',
      '\ufeff{"all":true}',
      "[]",
      '{"lostAfter":["tetris=3x"],"triggerAllow":["10.0.0.0/8"]}',
    ),
    words: [...OPTION_KEYS, "true", "null", '"', ":", ",", "{", "[", "-1", "1e99"],
    run: async (input) => {
      const text = textOf(input);
      await judge({ config: "/settings.json" }, () => Promise.resolve(text));
    },
  },
  {
    name: "database",
    holds: "a database with any bytes in it gives all members, or says that it is damaged",
    seeds: [await database()],
    bytesMax: DATABASE_BYTES_MAX,
    run: async (input) => {
      const folder = await Deno.makeTempDir({ prefix: "pulsebox-fuzz-" });
      try {
        await Deno.writeFile(`${folder}/pulsebox.db`, input);
        using host = new VirtualHost(folder);
        host.store.load();
        host.store.start();
        const isTold = host.lines.some(({ level }) => level !== "info") ||
          host.store.warnings().length > 0;
        assert.ok(
          isTold || host.members.size >= MEMBERS,
          `${host.members.size} members, and no word`,
        );
        host.beat("tetris");
        host.store.commitDue();
      } catch (error) {
        assert.ok(
          error instanceof StoreError,
          error instanceof Error ? error.stack : String(error),
        );
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  },
];

const NO_FILE = () => Promise.reject(new Deno.errors.NotFound("there is none"));

async function judge(
  flags: Readonly<Record<string, unknown>>,
  readTextFile: (path: string) => Promise<string>,
): Promise<void> {
  const { settings, problems } = await resolveSettings(OPTION_KEYS, {
    flags,
    environment: { get: () => undefined },
    readTextFile,
  });
  assert.ok(settings !== undefined || problems.length > 0, "neither settings nor a problem");
  for (const problem of problems) assert.match(problem, /\S/);
}

/** The file of a host with some members. */
async function database(): Promise<Uint8Array<ArrayBuffer>> {
  const folder = await Deno.makeTempDir({ prefix: "pulsebox-fuzz-" });
  {
    using host = new VirtualHost(folder);
    host.store.load();
    for (let member = 0; member < MEMBERS; member++) host.beat(`tetris-${member}`);
    host.store.commitDue();
  }
  const bytes = await Deno.readFile(`${folder}/pulsebox.db`);
  await Deno.remove(folder, { recursive: true });
  return bytes;
}
