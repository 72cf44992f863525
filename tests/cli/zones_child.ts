/**
 * Runs in a network of its own: every tool reaches a host at a link-local address with its zone.
 *
 * @module
 */

import { strict as assert } from "node:assert";
import { COMMANDS } from "../../src/cli/command_table.ts";
import { CONSOLE_FLAGS } from "../../src/cli/console_flags.ts";
import type { Flag } from "../../src/appliance/settings/flag.ts";
import { hostAndPort, parsePlace } from "../../src/wire/url/place.ts";
import { addressesOf, startOn } from "./host_with_names.ts";
import { runProcess } from "./pulsebox_process.ts";

const HOST = "fe80::1%lo";

await using host = startOn(HOST);
const place = async (role: string, count: number, index = 0) => {
  const parsed = parsePlace((await addressesOf(host, role, count))[index] ?? "");
  assert(typeof parsed !== "string" && parsed.port !== undefined);
  assert.equal(parsed.hostname, HOST, "what the log names can be used");
  return { port: `${parsed.port}`, text: hostAndPort({ hostname: HOST, port: parsed.port }) };
};
const heartbeat = await place("heartbeat", 1);
const operator = await place("console", 1);
const state = await place("state", 3);
const publishers = await place("state", 3, 1);
const hev = await place("hev", 3);

/** A call for each command that takes a host or a URL, and its environment. */
const CALLS: readonly (readonly [args: readonly string[], env?: Record<string, string>])[] = [
  [["beat", "a", "--no-done", "--url", `http://${heartbeat.text}`, "--", "true"]],
  [["beat", "b", "--no-done", "--", "true"], { HB_URL: `http://${heartbeat.text}` }],
  [["check", "a", "-H", HOST, "-p", heartbeat.port]],
  [["check", "a", "--url", `http://${heartbeat.text}`]],
  [["heartbeat-url", "a", "-H", HOST, "-p", heartbeat.port]],
  [["members", "--console-url", operator.text]],
  [["members", "-H", HOST, `--console-port=${operator.port}`]],
  [["members", `--console-host=${HOST}`, `--console-port=${operator.port}`]],
  [["game-client", state.text, "--id", "1", "--for", "1s"]],
  [["state", "list", "-s", state.text]],
  [["zmq", "req", `ws://${state.text}/zmq/req`, "GetClientState", "1"]],
  [["zmq", "pub", `tcp://${publishers.text}`, "GetClientState1", ""]],
  [["hev", "values", "-H", HOST, "-p", hev.port]],
];
for (const [args, env] of CALLS) {
  const { status, stdout, stderr } = await runProcess(args, env);
  assert.equal(status, 0, `${args.join(" ")}: ${stdout}${stderr}`);
}
// The request's own field may have the zone, too.
for (const { port } of [operator, state]) {
  using conn = await Deno.connect({ hostname: HOST, port: Number(port) });
  const target = port === state.port ? "/State/Clients" : "/api/v1/members";
  await conn.write(
    new TextEncoder().encode(`GET ${target} HTTP/1.0\r\nHost: [${HOST}]:${port}\r\n\r\n`),
  );
  const buffer = new Uint8Array(64);
  await conn.read(buffer);
  assert.match(new TextDecoder().decode(buffer), /^HTTP\/1\.1 200 /);
}
// A phone there cannot be woken, because the runtime drops its zone: the log says so.
const trigger = await place("trigger", 1);
const registration = `printf '\\0\\0' > '/dev/udp/${HOST}/${trigger.port}'`;
const sent = await new Deno.Command("bash", { args: ["-c", registration] }).output();
assert.ok(sent.success, new TextDecoder().decode(sent.stderr));
await host.stderrHas(/The phone at fe80::1\S* cannot be woken: its address is link-local/);
// A new flag for a host or a URL wants a call here; those of the console are one and the same for all tools.
const OF_CONSOLE: ReadonlySet<Flag> = new Set(Object.values(CONSOLE_FLAGS));
const called = new Set(CALLS.map(([[name]]) => name));
for (const { name, flags } of COMMANDS) {
  const takesPlace = Object.values<Flag>(flags).some((flag) =>
    !OF_CONSOLE.has(flag) && flag.flag !== "console-url" && /^(HOST|URL)$/.test(flag.argument ?? "")
  );
  if (takesPlace) assert(called.has(name), `no call of ${name}`);
}
