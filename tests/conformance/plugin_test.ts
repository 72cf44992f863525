/**
 * `pulsebox check` as a plug-in for monitors. What the page says of the cases stands in
 * docs/conformance.md.
 */

import { strict as assert } from "node:assert";
import { PulseboxHost, runProcess } from "../cli/pulsebox_process.ts";
import { LONG, PLUGIN_CASES, type PluginCase } from "./plugin_cases.ts";

/** What is written to the page of a monitor, without the figures. */
const TEXT_LENGTH_MAX = 80;
const WORDS = ["OK", "WARNING", "CRITICAL", "UNKNOWN"];
/** `'label'=value[UOM];[warn];[crit];[min];[max]` */
const FIGURE =
  /^(?:'[^'=]+'|[^'=\s]+)=-?\d+(?:\.\d+)?(?:s|us|ms|%|B|KB|MB|TB|c)?(?:;[^;\s]*){0,4}$/;
/** Processes at once. */
const AT_ONCE = 4;

/** Judges a line as the guidelines do. */
function judgeLine(line: string, { status, deviates }: PluginCase): void {
  assert.equal(/^([A-Z]+) - /.exec(line)?.[1], WORDS[status], line);
  const [text = "", figures, more] = line.split("|");
  assert.equal(more, undefined, "one bar ends the text");
  const isShort = text.length <= TEXT_LENGTH_MAX;
  assert.ok(isShort || deviates === LONG, `${text.length} characters: ${text}`);
  for (const figure of (figures ?? "").trim().split(/ +/)) {
    assert.ok(figure === "" || FIGURE.test(figure), `no figure: ${figure}`);
  }
}

async function tryOne(one: PluginCase, places: Readonly<Record<string, string>>): Promise<void> {
  const args = one.args.map((arg) => places[arg] ?? arg);
  const { status, stdout, stderr } = await runProcess(["check", ...args]);
  assert.equal(status, one.status, stdout + stderr);
  assert.match(stdout, one.says);
  assert.equal(stderr !== "", one.isTalkative === true, stderr);
  if (one.output === "text") return;
  assert.match(stdout, /^[^\n]+\n$/, "one line");
  const isVersion = /^(-V|--version)$/.test(one.args[0] ?? "");
  if (!isVersion) judgeLine(stdout.trimEnd(), one);
}

Deno.test("check does in each case what the guidelines for plug-ins say", async () => {
  await using host = await PulseboxHost.start();
  const reply = await fetch(`${host.url}/hb_ping?60000&appid=tetris`);
  await reply.body?.cancel();
  using silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { hostname, port } = new URL(host.url);
  const closed = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  closed.close();
  const places = {
    URL: host.url,
    HOST: hostname,
    PORT: port,
    SILENT: `http://127.0.0.1:${(silent.addr as Deno.NetAddr).port}`,
    CLOSED: `http://127.0.0.1:${(closed.addr as Deno.NetAddr).port}`,
  };
  const faults: string[] = [];
  const waiting = PLUGIN_CASES.values();
  const work = async () => {
    for (const one of waiting) {
      await tryOne(one, places).catch((error) =>
        faults.push(`${one.group}: ${one.name}: ${error}`)
      );
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  assert.deepEqual(faults, []);
});
