/** Where a host keeps its files is told to its log alone: no surface of the console shows a folder. */

import { strict as assert } from "node:assert";
import { PulseboxHost } from "../cli/pulsebox_process.ts";
import { temporaryDirectory } from "../store/virtual_host.ts";
import { eventually } from "../support/eventually.ts";

/** A part of every path that belongs to the host under test. */
const SECRET = "folder-of-the-host";
const METRICS_AND_PAGES = ["/", "/healthz", "/readyz", "/metrics", "/openapi.json"];

interface ApiDocument {
  paths: Record<string, Record<string, { parameters?: { in: string; required?: boolean }[] }>>;
}

/** Every address that answers without being told more: found in the API's own description. */
async function surfaces(consoleUrl: string): Promise<string[]> {
  const document: ApiDocument = await (await fetch(`${consoleUrl}/openapi.json`)).json();
  const found = Object.entries(document.paths).flatMap(([path, methods]) => {
    const { get } = methods;
    const needsMore = /\{/.test(path) || get?.parameters?.some(({ required }) => required);
    return get === undefined || needsMore ? [] : [path];
  });
  assert.ok(found.length > 8, found.join(" "));
  return [...new Set([...METRICS_AND_PAGES, ...found])];
}

/** The beginning of the stream of events, or all of another answer. */
async function textOf(url: string): Promise<string> {
  const reply = await fetch(url);
  if (!/event-stream/.test(reply.headers.get("content-type") ?? "")) return await reply.text();
  const reader = (reply.body as ReadableStream<Uint8Array>)
    .pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes("event: snapshot")) text += (await reader.read()).value ?? "";
  await reader.cancel();
  return text;
}

const DISKS: readonly {
  what: string;
  spoil: (data: string) => Promise<void>;
  logged: RegExp;
  shown: RegExp;
}[] = [
  {
    what: "a database that was rescued",
    spoil: (data) => Deno.writeTextFile(`${data}/pulsebox.db`, "this is no database".repeat(99)),
    logged: /Started a new database, the damaged one is .*folder-of-the-host.*damaged-1/,
    shown: /kept as "pulsebox.db.damaged-1"/,
  },
  {
    what: "a disk that fails",
    spoil: async (data) => {
      await Deno.writeTextFile(`${data}/pulsebox.db`, "this is no database".repeat(99));
      // Whatever is called so is in the way of the new database.
      await Deno.mkdir(`${data}/pulsebox.db.new/full`, { recursive: true });
    },
    logged: /Storage failed, members are kept in memory: .*folder-of-the-host/,
    shown: /members are kept in memory: Cannot .*pulsebox.db/,
  },
];

for (const { what, spoil, logged, shown } of DISKS) {
  Deno.test(`no surface shows a folder of a host with ${what}`, async () => {
    using directory = temporaryDirectory();
    const data = `${directory.path}/${SECRET}/data`;
    await Deno.mkdir(data, { recursive: true });
    await spoil(data);
    const command = `${directory.path}/${SECRET}/ring`;
    await using host = await PulseboxHost.start([`--data=${data}`, `--on-lost=${command}`]);
    await host.process.stderrHas(logged);
    // The command for a lost member fails, and its words hold its path.
    await (await fetch(`${host.url}/hb_fail?0&appid=tetris&reason=x`)).text();
    const verdict = `${host.consoleUrl}/api/v1/verdict`;
    await eventually("both warnings", async () => {
      const text = await textOf(verdict);
      return shown.test(JSON.parse(text).warnings.join("\n")) && /ring: .*not found/.test(text);
    });
    await host.process.stderrHas(new RegExp(`The command for .* failed: .*${SECRET}/ring`));
    for (const path of await surfaces(host.consoleUrl)) {
      assert.doesNotMatch(await textOf(host.consoleUrl + path), new RegExp(SECRET), path);
    }
    const log = host.process.stderrText;
    // What is true of the one is not said of the other.
    assert.equal(/in memory/.test(log), what === "a disk that fails", log);
  });
}
