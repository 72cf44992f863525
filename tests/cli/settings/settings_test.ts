import { strict as assert } from "node:assert";
import { OPTION_KEYS } from "../../../src/appliance/settings/options.ts";
import { type Resolution, resolveSettings } from "../../../src/cli/settings/settings.ts";
import type { OptionKey, Settings } from "../../../src/appliance/settings/options.ts";

interface Sources {
  flags?: Record<string, unknown>;
  env?: Record<string, string>;
  files?: Record<string, string>;
}

function resolve({ flags, env, files }: Sources): Promise<Resolution<OptionKey>> {
  return resolveSettings(OPTION_KEYS, {
    flags: flags ?? {},
    environment: { get: (name) => env?.[name] },
    readTextFile(path) {
      const text = files?.[path];
      return text === undefined
        ? Promise.reject(new Deno.errors.NotFound(path))
        : Promise.resolve(text);
    },
  });
}

async function settingsOf(sources: Sources): Promise<Settings> {
  const { settings, problems } = await resolve(sources);
  assert.deepEqual(problems, []);
  assert(settings !== undefined);
  return settings;
}

async function problemsOf(sources: Sources): Promise<readonly string[]> {
  const { settings, problems } = await resolve(sources);
  assert.equal(settings, undefined);
  return problems;
}

const FILE = { "p.json": '{"heartbeatPort": 3, "consolePort": 3, "idleTimeout": "3s"}' };

Deno.test("resolveSettings gives defaults", async () => {
  const settings = await settingsOf({});
  assert.equal(settings.heartbeat, false);
  assert.equal(settings.heartbeatHost, "127.0.0.1");
  assert.equal(settings.heartbeatPort, 8888);
  assert.equal(settings.heartbeatGraceMs, 15_000);
  assert.equal(settings.console, true);
  assert.equal(settings.data, undefined);
  assert.deepEqual(settings.heartbeatExpect, []);
});

Deno.test("resolveSettings prefers flag, environment, file, default", async () => {
  const { settings, sources } = await resolve({
    flags: { heartbeatPort: "1", config: "p.json" },
    env: { PULSEBOX_HEARTBEAT_PORT: "2", PULSEBOX_CONSOLE_PORT: "2" },
    files: FILE,
  });
  assert.equal(settings?.heartbeatPort, 1);
  assert.equal(settings?.consolePort, 2);
  assert.equal(settings?.idleTimeoutMs, 3_000);
  assert.equal(sources.get("heartbeatPort")?.name, "--heartbeat-port");
  assert.equal(sources.get("consolePort")?.name, "PULSEBOX_CONSOLE_PORT");
  assert.equal(sources.get("idleTimeoutMs")?.name, 'idleTimeout in "p.json"');
  assert.equal(sources.get("headTimeoutMs")?.kind, "default");
});

Deno.test("resolveSettings takes an empty variable for not set", async () => {
  const settings = await settingsOf({
    flags: { heartbeat: true },
    env: { PULSEBOX_HEARTBEAT_PORT: "", HB_URL: "", HB_PORT: "7" },
  });
  assert.equal(settings.heartbeatPort, 7);
});

Deno.test("resolveSettings reads a configuration file with a byte order mark", async () => {
  const settings = await settingsOf({
    flags: { config: "p.json" },
    files: { "p.json": '\ufeff{"heartbeatPort": 99}' },
  });
  assert.equal(settings.heartbeatPort, 99);
});

Deno.test("resolveSettings finds the configuration file through the environment", async () => {
  const settings = await settingsOf({ env: { PULSEBOX_CONFIG: "p.json" }, files: FILE });
  assert.equal(settings.heartbeatPort, 3);
});

Deno.test("resolveSettings reports all problems, each with its source", async () => {
  const problems = await problemsOf({
    flags: { heartbeatPort: "70000", config: "p.json" },
    env: { PULSEBOX_IDLE_TIMEOUT: "15", PULSEBOX_CONSOLE: "maybe" },
    files: { "p.json": '{"heartbeatHost": 7, "conections": 1, "data": ""}' },
  });
  assert.deepEqual([...problems].sort(), [
    '--heartbeat-port is "70000": must be a port number, 0 to 65535',
    'PULSEBOX_CONSOLE is "maybe": must be true or false',
    'PULSEBOX_IDLE_TIMEOUT is "15": must be a duration such as 500ms, 15s, 2h or 7d, ' +
    "from 100ms to 1h",
    'Unknown setting "conections" in "p.json"',
    'data in "p.json" is "": must be a path',
    'heartbeatHost in "p.json" is 7: must be a host name or an address, without a port',
  ]);
});

Deno.test("resolveSettings validates only the value that wins", async () => {
  const settings = await settingsOf({
    flags: { heartbeat: true, heartbeatPort: "1", heartbeatHost: "::1" },
    env: { PULSEBOX_HEARTBEAT_PORT: "nonsense", HB_URL: "https://nowhere" },
  });
  assert.equal(settings.heartbeatPort, 1);
});

const NUMBERS: Record<string, boolean> = {
  "0": true,
  "65535": true,
  "0080": true,
  "65536": false,
  "-1": false,
  "0x10": false,
  "1e3": false,
  "1.5": false,
  " 1": false,
  "": false,
};

for (const [text, ok] of Object.entries(NUMBERS)) {
  Deno.test(`resolveSettings ${ok ? "takes" : "refuses"} "${text}" as a port`, async () => {
    const { problems } = await resolve({ flags: { heartbeatPort: text } });
    assert.equal(problems.length, ok ? 0 : 1);
  });
}

const HILBERT_URLS: Record<string, { env: Record<string, string>; is: string }> = {
  "host and port": { env: { HB_URL: "http://10.0.0.7:99" }, is: "10.0.0.7 99" },
  "any path": { env: { HB_URL: "http://h:99/a/b?c=%n#d" }, is: "h 99" },
  "an address of version 6": { env: { HB_URL: "http://[::1]:99" }, is: "::1 99" },
  "port 80 if it is written": { env: { HB_URL: "http://h:80/" }, is: "h 80" },
  "the same host and port": {
    env: { HB_URL: "http://h:99", HB_HOST: "h", HB_PORT: "099" },
    is: "h 99",
  },
  "host and port of their own": { env: { HB_HOST: "h", HB_PORT: "99" }, is: "h 99" },
  "our own name before the others": {
    env: { PULSEBOX_HEARTBEAT_PORT: "98", HB_URL: "http://h:99" },
    is: "h 98",
  },
  "a missing port": {
    env: { HB_URL: "http://h" },
    is: 'HB_URL is "http://h": has no port, must be http://HOST:PORT',
  },
  "TLS": { env: { HB_URL: "https://h:99" }, is: "h 99" },
  "a zone": { env: { HB_URL: "http://[fe80::1%eth0]:99" }, is: "fe80::1%eth0 99" },
  "another scheme": {
    env: { HB_URL: "ftp://h:99" },
    is: 'HB_URL is "ftp://h:99": must be http://HOST:PORT',
  },
  "no scheme": { env: { HB_URL: "h:99" }, is: 'HB_URL is "h:99": must be http://HOST:PORT' },
  "no host": {
    env: { HB_URL: "http://:99" },
    is: 'HB_URL is "http://:99": must name a host',
  },
  "a port that is no number": {
    env: { HB_URL: "http://h:x" },
    is: 'HB_URL is "http://h:x": must have a port number after the host, 0 to 65535',
  },
  "a port that is too large": {
    env: { HB_URL: "http://h:70000" },
    is: 'HB_URL is "http://h:70000": must have a port number after the host, 0 to 65535',
  },
  "another host": {
    env: { HB_URL: "http://h:99", HB_HOST: "i" },
    is: 'HB_HOST is "i": must be the host of HB_URL, "h"',
  },
  "another port": {
    env: { HB_URL: "http://h:99", HB_PORT: "98" },
    is: 'HB_PORT is "98": must be the port of HB_URL, 99',
  },
};

for (const [name, { env, is }] of Object.entries(HILBERT_URLS)) {
  Deno.test(`resolveSettings reads HB_URL with ${name}`, async () => {
    const { settings, problems } = await resolve({ flags: { heartbeat: true }, env });
    const told = settings === undefined
      ? problems.join("\n")
      : `${settings.heartbeatHost} ${settings.heartbeatPort}`;
    assert.equal(told, is);
  });
}

Deno.test("resolveSettings leaves the originals' names alone unless their role runs", async () => {
  const settings = await settingsOf({ env: { HB_URL: "https://for.clients/", HB_PORT: "x" } });
  assert.equal(settings.heartbeatPort, 8888);
  const own = await settingsOf({ env: { PULSEBOX_HEARTBEAT_PORT: "99" } });
  assert.equal(own.heartbeatPort, 99);
});

Deno.test("resolveSettings turns on every role with --all but those turned off", async () => {
  assert.equal((await settingsOf({ flags: { all: true } })).heartbeat, true);
  assert.equal((await settingsOf({ env: { PULSEBOX_ALL: "1" } })).heartbeat, true);
  assert.equal((await settingsOf({ flags: { all: true, heartbeat: false } })).heartbeat, false);
});

Deno.test("resolveSettings reads lists from flags, environment, files of lines and the file", async () => {
  const expected = [
    { name: "tetris", address: "127.0.0.1" },
    { name: "a @ b", address: "10.0.0.7" },
  ];
  const texts = ["tetris", "a @ b @ 10.0.0.7"];
  const byFlag = await settingsOf({ flags: { heartbeatExpect: texts } });
  assert.deepEqual(byFlag.heartbeatExpect, expected);
  const byEnvironment = await settingsOf({
    env: { PULSEBOX_HEARTBEAT_EXPECT: "tetris, a @ b @ 10.0.0.7," },
  });
  assert.deepEqual(byEnvironment.heartbeatExpect, expected);
  const byFile = await settingsOf({
    flags: { config: "p.json" },
    files: { "p.json": JSON.stringify({ heartbeatExpect: texts }) },
  });
  assert.deepEqual(byFile.heartbeatExpect, expected);
  const stations = await settingsOf({
    flags: { heartbeatStations: ["names.txt", "::1=Here=there"] },
    files: { "names.txt": "# the hall\n\n10.0.0.7=Entrance\n" },
  });
  assert.deepEqual(stations.heartbeatStations, [
    { address: "10.0.0.7", name: "Entrance" },
    { address: "::1", name: "Here=there" },
  ]);
});

Deno.test("resolveSettings names the item of a list that is wrong", async () => {
  assert.deepEqual(
    await problemsOf({ flags: { heartbeatExpect: ["tetris", "x @ nowhere"] } }),
    [`--heartbeat-expect is "x @ nowhere": must be NAME, or 'NAME @ ADDRESS' with an IP address`],
  );
  assert.deepEqual(
    await problemsOf({ flags: { heartbeatStations: ["names.txt"] } }),
    ['Cannot read "names.txt": there is no such file'],
  );
});

Deno.test("resolveSettings takes the level names of Python", async () => {
  for (const [text, level] of [["DEBUG", "debug"], ["WARN", "warning"], ["CRITICAL", "error"]]) {
    assert.equal((await settingsOf({ flags: { logLevel: text } })).logLevel, level);
  }
  assert.deepEqual(await problemsOf({ flags: { logLevel: "constructor" } }), [
    '--log-level is "constructor": must be one of debug, info, warning, error',
  ]);
});

const BAD_FILES: Record<string, RegExp> = {
  "": /^Cannot read "p.json": not JSON/,
  "{": /^Cannot read "p.json": not JSON/,
  "[]": /^Cannot read "p.json": must hold one JSON object of settings$/,
  "null": /must hold one JSON object/,
  '{"config": "x"}': /^Unknown setting "config"/,
  '{"__proto__": 1}': /^Unknown setting "__proto__"/,
  '{"hartbeat": true}': /^Unknown setting "hartbeat" in "p.json": did you mean heartbeat\?$/,
};

for (const [text, problem] of Object.entries(BAD_FILES)) {
  Deno.test(`resolveSettings refuses a configuration file with ${text || "nothing"}`, async () => {
    const problems = await problemsOf({ flags: { config: "p.json" }, files: { "p.json": text } });
    assert.equal(problems.length, 1);
    assert.match(problems[0] ?? "", problem);
  });
}
