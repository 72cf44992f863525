/**
 * The library as another program uses it: outside of the clone, with the map and the flags that
 * docs/library.md shows.
 *
 * @module
 */

import { strict as assert } from "node:assert";

const ROOT = new URL("../", import.meta.url);
const text = Deno.readTextFileSync(new URL("docs/library.md", ROOT));
const decoder = new TextDecoder();

/** What a newcomer writes first with each entrance; a new one needs a line here. */
const PROGRAMS: Readonly<Record<string, string>> = {
  "heartbeat.ts": `import { HilbertClient } from "@pulsebox/pulsebox/heartbeat.ts";
    console.log(await new HilbertClient({ port: 1 }).ping(5_000, { errorReturnValue: "done" }));`,
  "state.ts": `import { GameClient } from "@pulsebox/pulsebox/state.ts";
    const client = new GameClient({ url: "http://127.0.0.1:1" });
    await client.close(); console.log("done");`,
  "hev.ts": `import { HevClient } from "@pulsebox/pulsebox/hev.ts";
    await new HevClient({ port: 1 }).close(); console.log("done");`,
  "serial.ts": `import { serial } from "@pulsebox/pulsebox/serial.ts";
    await serial.getPorts(); console.log("done");`,
  "trigger.ts": `import { TriggerClient } from "@pulsebox/pulsebox/trigger.ts";
    await new TriggerClient({ hostname: "127.0.0.1", port: 1024 }).close(); console.log("done");`,
  "zmq.ts": `import { ZmqSub } from "@pulsebox/pulsebox/zmq.ts";
    await new ZmqSub("tcp://127.0.0.1:1").close(); console.log("done");`,
};

/** Doors whose names are their own and not those of `mod.ts`. */
const APART: readonly string[] = ["lib/serial.ts"];

/** Runs a program in a folder of its own, beside which the clone lies. */
async function run(program: string, flags: readonly string[]) {
  const folder = await Deno.makeTempDir({ prefix: "pulsebox-library-" });
  try {
    await Deno.symlink(ROOT, `${folder}/pulsebox`);
    const [, map = ""] = /```json\n([^]*?)```/.exec(text) ?? [];
    // The flags are tried, so the line that stands in for them is taken out.
    const { imports } = JSON.parse(map) as { imports: object };
    await Deno.writeTextFile(`${folder}/deno.json`, JSON.stringify({ imports }));
    await Deno.writeTextFile(`${folder}/program.ts`, program);
    const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-check", "--no-lock", "--no-prompt", ...flags, "program.ts"],
      cwd: folder,
    }).output();
    return { success, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const rows = [...text.matchAll(/^\| `([a-z]+\.ts)` .*\| `(--[^`]+)` +\|$/gm)]
  .map(([, entrance = "", flags = ""]) => ({ entrance, flags: flags.split(" ") }));

Deno.test("docs/library.md names every entrance", () => {
  const entrances = [...Deno.readDirSync(new URL("lib", ROOT))].map(({ name }) => name).sort();
  assert.deepEqual(rows.map(({ entrance }) => entrance).sort(), entrances);
});

/** The names that a module exports; nothing but lists of names may stand in a door. */
async function namesOf(door: string): Promise<string[]> {
  const source = await Deno.readTextFile(new URL(door, ROOT));
  const rest = source.replace(/\/\*\*[^]*?\*\//g, "")
    .replaceAll(/export (?:type )?\{[^}]*\} from "[^"]+";/g, "").trim();
  assert.equal(rest, "", `${door} holds nothing but lists of names`);
  return [...source.matchAll(/^export (?:type )?\{([^}]*)\}/gm)]
    .flatMap(([, names = ""]) => names.split(",").map((name) => name.trim().replace(/^.* as /, "")))
    .filter((name) => name !== "");
}

Deno.test("mod.ts names by hand what the other doors export, and nothing else", async () => {
  const all = await namesOf("mod.ts");
  const doors = [...Deno.readDirSync(new URL("lib", ROOT))].map(({ name }) => `lib/${name}`)
    .filter((door) => !APART.includes(door));
  const each = new Set((await Promise.all(doors.map(namesOf))).flat());
  assert.equal(new Set(all).size, all.length, "no name twice");
  assert.deepEqual(all.toSorted(), [...each].sort());
});

for (const { entrance, flags } of rows) {
  Deno.test(`${entrance} works outside of the clone with the flags that docs/library.md names`, async () => {
    const { success, stdout, stderr } = await run(PROGRAMS[entrance] ?? "", flags);
    assert.ok(success, stderr);
    assert.equal(stdout.trim(), "done");
  });
}

Deno.test("TriggerClient names the flag that is missing", async () => {
  const { success, stderr } = await run(PROGRAMS["trigger.ts"] ?? "", ["--allow-net"]);
  assert.equal(success, false);
  assert.match(stderr, /Cannot use UDP: start Deno with --unstable-net/);
});
