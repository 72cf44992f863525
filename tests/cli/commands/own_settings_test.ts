/**
 * Tools read the settings of the host on this machine: with the environment, the file or the options
 * with which it runs, they find it and trust it.
 */

import { strict as assert } from "node:assert";
import { COMMANDS } from "../../../src/cli/command_table.ts";
import { HilbertClient } from "../../../src/clients/hilbert/client.ts";
import { environmentName, fileKey } from "../../../src/appliance/settings/option.ts";
import { OPTION_KEYS, type OptionKey, optionOf } from "../../../src/appliance/settings/options.ts";
import { SETTING_SETS } from "../../../src/cli/settings/setting_sets.ts";
import { temporaryDirectory } from "../../store/virtual_host.ts";
import { hasOpenssl, makeCertificate } from "../../support/certificate.ts";
import { requirement } from "../../support/require.ts";
import { runHere } from "../fake_terminal.ts";
import { runProcess } from "../pulsebox_process.ts";
import { ANSWERED, callsWithoutPlace } from "../tool_calls.ts";
import { hearsNews } from "../watching.ts";
import { WholeHost } from "../whole_host.ts";

const TOKEN = "write-token-0123456789";
/** Calls of commands that no URL leads to their server. */
const MORE_CALLS: [name: string, args: string[]][] = [
  ["hev", ["hev", "values", "--json"]],
  ["hev", ["hev", "cmd", "SET_TIMEOUT", "INHALE", "1111"]],
  ["heartbeat-url", ["heartbeat-url", "tetris"]],
];

/** The commands that take settings of a running host without being one. */
function tools() {
  return COMMANDS.filter(({ name, settings }) =>
    settings !== undefined && settings !== "host" && name !== "token"
  );
}

Deno.test("a tool takes every setting of the servers that it asks, or none", () => {
  for (const { name, settings } of tools()) {
    const taken = new Set<OptionKey>(SETTING_SETS[settings ?? "host"]);
    for (const server of ["console", "heartbeat", "state", "hev"] as const) {
      const all = OPTION_KEYS.filter((key) => optionOf(key).tools?.includes(server));
      // Port and host of a server are for its tools alone.
      const isAsked = all.some((key) => taken.has(key) && optionOf(key).tools?.length === 1);
      if (isAsked) assert.deepEqual(all.filter((key) => !taken.has(key)), [], `${name}: ${server}`);
    }
  }
});

Deno.test("what belongs to a port that tools ask is for tools, too", () => {
  for (const key of OPTION_KEYS) {
    const { tools: servers, listens } = optionOf(key);
    if (servers === undefined || listens === undefined) continue;
    assert.deepEqual(optionOf(listens.host as OptionKey).tools, servers, listens.host);
    const tls = OPTION_KEYS.find((each) => each === `${listens.role}Tls`);
    if (tls !== undefined) assert.deepEqual(optionOf(tls).tools, servers, tls);
  }
  // Who is given one half of a pair is given the other.
  assert.deepEqual(optionOf("tlsKey").tools, optionOf("tlsCert").tools);
});

if (
  requirement("tools with the settings of their host", {
    name: "openssl",
    available: hasOpenssl(),
    howToGet: "apt-get install openssl",
  })
) {
  Deno.test("every tool finds its host by the environment, the file or the options of it", async () => {
    using directory = temporaryDirectory();
    const { cert, key } = makeCertificate(directory.path, "localhost");
    const tokenFile = `${directory.path}/tokens`;
    await Deno.writeTextFile(tokenFile, `write ${TOKEN}\n`, { mode: 0o600 });
    const secure = {
      tokenFile,
      tlsCert: cert,
      tlsKey: key,
      heartbeatTls: true,
      stateTls: true,
    };
    await using host = new WholeHost([
      ...optionsOf(secure),
      "--heartbeat-host=0.0.0.0",
      "--on-lost=true",
    ]);
    const tcp = String.raw`Listening on tcp://127\.0\.0\.1:(\d+) role=hev[^]*?`;
    const [, web, , query] = await host.process.stderrHas(new RegExp(tcp.repeat(3)));
    const heard = await host.process.stderrHas(/https:\/\/0\.0\.0\.0:(\d+) role=heartbeat/);
    const settings = {
      ...secure,
      consolePort: Number(await host.port("console", "https")),
      heartbeatHost: "0.0.0.0",
      heartbeatPort: Number(heard[1]),
      statePort: Number(await host.port("state", "https")),
      hevWebPort: Number(web),
      hevQueryPort: Number(query),
    };
    const env = Object.fromEntries(
      keysOf(settings).map((key) => [environmentName(optionOf(key)), String(settings[key])]),
    );
    const file = `${directory.path}/pulsebox.json`;
    const inFile = keysOf(settings).map((key) => [fileKey(optionOf(key)), settings[key]]);
    await Deno.writeTextFile(file, JSON.stringify(Object.fromEntries(inFile)));

    const calls = [...callsWithoutPlace(), ...MORE_CALLS];
    const called = new Set(calls.map(([name]) => name));
    for (const { name } of tools()) assert.ok(called.has(name), `say how ${name} is called`);
    const judge = (args: string[], end: { status: number; stdout: string; stderr: string }) => {
      const said = end.stdout + end.stderr;
      assert.ok(end.status === 0 || ANSWERED.test(said), `${args.join(" ")}: ${said}`);
      assert.doesNotMatch(said, /Cannot reach|do not arrive/, args.join(" "));
      if (args[0] === "heartbeat-url") {
        assert.match(said, new RegExp(`^HB_URL=https://127\\.0\\.0\\.1:${heard[1]}$`, "m"));
      }
    };
    const beat = ["beat", "tetris", "--no-done", "--quiet", "--", "true"];
    judge(beat, await runProcess(beat, env));
    const heartbeats = new HilbertClient({
      url: `https://127.0.0.1:${heard[1]}`,
      appId: "tetris",
      caCerts: [await Deno.readTextFile(cert)],
    });
    const ping = (appId: string) => {
      heartbeats.appId = appId;
      return heartbeats.ping(60_000);
    };
    await hearsNews(["watch", "--json"], ping, env);
    const readTextFile = (path: string) => Deno.readTextFile(path);
    for (const [name, args] of calls) {
      // The one takes settings of the environment alone; the other has been looked at.
      if (name === "beat" || name === "watch") continue;
      const { settings: set } = COMMANDS.find((each) => each.name === name) ?? {};
      const taken = new Set<OptionKey>(SETTING_SETS[set ?? "host"]);
      const own = Object.entries(settings).filter(([key]) => taken.has(key as OptionKey));
      const options = optionsOf(Object.fromEntries(own));
      const ways = [
        runHere([...args, ...options], { readTextFile }),
        runHere(args, { env, readTextFile }),
        runHere(args, { env: { PULSEBOX_CONFIG: file }, readTextFile }),
      ];
      for (const end of await Promise.all(ways)) judge(args, end);
      // Of what forget has taken away, the next call wants something.
      await ping("tetris");
    }
  });
}

function keysOf<T extends object>(settings: T): (keyof T & OptionKey)[] {
  return Object.keys(settings) as (keyof T & OptionKey)[];
}

function optionsOf(settings: Readonly<Record<string, string | number | boolean>>): string[] {
  return Object.entries(settings).map(([key, value]) => {
    const { flag } = optionOf(key as OptionKey);
    return value === true ? `--${flag}` : `--${flag}=${value}`;
  });
}
