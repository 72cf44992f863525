import { strict as assert } from "node:assert";
import { OPTION_KEYS } from "../../../../src/appliance/settings/options.ts";
import { resolveSettings } from "../../../../src/cli/settings/settings.ts";

async function resolve(environment: Record<string, string>, flags: Record<string, unknown> = {}) {
  return await resolveSettings(OPTION_KEYS, {
    flags: { trigger: true, ...flags },
    environment: { get: (name) => environment[name] },
    readTextFile: () => Promise.reject(new Deno.errors.NotFound()),
  });
}

Deno.test("the trigger's settings have the original's defaults", async () => {
  const { settings } = await resolve({});
  assert.deepEqual(settings?.triggerHost, ["0.0.0.0"]);
  assert.equal(settings?.triggerPort, 7_561);
  assert.equal(settings?.triggerExpirationMs, 120_000);
});

Deno.test("the original's bare names count while the trigger is the only role", async () => {
  const { settings, problems } = await resolve({
    HOST: "127.0.0.1",
    PORT: "17561",
    LOG_LEVEL: "WARN",
    WORKER_POOL_SIZE: "4",
    CLIENT_EXPIRATION_SECONDS: "0.5",
  });
  assert.deepEqual(problems, []);
  assert.deepEqual(settings?.triggerHost, ["127.0.0.1"]);
  assert.equal(settings?.triggerPort, 17_561);
  assert.equal(settings?.logLevel, "warning");
  assert.equal(settings?.triggerWorkers, 4);
  assert.equal(settings?.triggerExpirationMs, 500);
});

Deno.test("the original's bare names mean nothing beside another role", async () => {
  const { settings } = await resolve({ HOST: "127.0.0.1", PORT: "1" }, { heartbeat: true });
  assert.deepEqual(settings?.triggerHost, ["0.0.0.0"]);
  assert.equal(settings?.triggerPort, 7_561);
});

Deno.test("the prefixed names win over the bare ones and count beside other roles", async () => {
  const environment = { TIX_PORT: "2000", PORT: "1000", TIX_HOST: "127.0.0.1,::1", HOST: "" };
  for (const heartbeat of [false, true]) {
    const { settings } = await resolve(environment, { heartbeat });
    assert.equal(settings?.triggerPort, 2_000);
    assert.deepEqual(settings?.triggerHost, ["127.0.0.1", "::1"]);
  }
});

Deno.test("an empty variable means the default", async () => {
  const { settings, problems } = await resolve({ PORT: "", CLIENT_EXPIRATION_SECONDS: "" });
  assert.deepEqual(problems, []);
  assert.equal(settings?.triggerPort, 7_561);
});

Deno.test("log levels of Python count as names and as numbers", async () => {
  const levels = { DEBUG: "debug", info: "info", Warning: "warning", CRITICAL: "error" };
  const numbers = { "10": "debug", "20": "info", "30": "warning", "40": "error", "50": "error" };
  for (const [text, level] of Object.entries({ ...levels, ...numbers })) {
    assert.equal((await resolve({ LOG_LEVEL: text })).settings?.logLevel, level, text);
  }
});

/** What is refused, and what the one line says. */
const WRONG: readonly [string, string, RegExp][] = [
  ["PORT", "abc", /^PORT is "abc": must be a port number/],
  ["PORT", "65536", /^PORT is "65536"/],
  ["HOST", "a b", /^HOST is "a b": must be a host name/],
  ["LOG_LEVEL", "loud", /^LOG_LEVEL is "loud": must be one of/],
  ["WORKER_POOL_SIZE", "0", /^WORKER_POOL_SIZE is "0": must be a whole number, 1 to/],
  ["WORKER_POOL_SIZE", "-1", /^WORKER_POOL_SIZE is "-1"/],
  ["CLIENT_EXPIRATION_SECONDS", "0", /^CLIENT_EXPIRATION_SECONDS is "0": must be a number of/],
  ["CLIENT_EXPIRATION_SECONDS", "soon", /^CLIENT_EXPIRATION_SECONDS is "soon"/],
  ["TIX_MAX_CLIENTS", "0", /^TIX_MAX_CLIENTS is "0"/],
  ["TIX_UNCONFIRMED_PINGS", "3601", /^TIX_UNCONFIRMED_PINGS is "3601"/],
  ["TIX_ACCEPT_ANY_LENGTH", "perhaps", /^TIX_ACCEPT_ANY_LENGTH is "perhaps": must be true or/],
  ["TIX_ALLOW", "10.0.0.0/33", /^TIX_ALLOW is "10.0.0.0\/33": must end in a number of bits/],
];

for (const [name, text, message] of WRONG) {
  Deno.test(`a wrong setting is told in one line: ${name}=${text}`, async () => {
    const { settings, problems } = await resolve({ [name]: text });
    assert.equal(settings, undefined);
    assert.equal(problems.length, 1);
    assert.match(problems[0] ?? "", message);
  });
}

Deno.test("the added settings are read", async () => {
  const { settings } = await resolve({
    TIX_MAX_CLIENTS: "7",
    TIX_MAX_CLIENTS_PER_IP: "6",
    TIX_MAX_NEW_PER_SECOND: "5",
    TIX_ACCEPT_ANY_LENGTH: "1",
    TIX_SPREAD: "0",
    TIX_UNCONFIRMED_PINGS: "60",
    TIX_DENY: "10.0.0.0/8, 192.0.2.1",
    TIX_METRICS_PORT: "9999",
  });
  assert.equal(settings?.triggerClientsMax, 7);
  assert.equal(settings?.triggerClientsPerAddressMax, 6);
  assert.equal(settings?.triggerNewPerSecondMax, 5);
  assert.equal(settings?.triggerAnyLength, true);
  assert.equal(settings?.triggerSpread, false);
  assert.equal(settings?.triggerUnconfirmedPingsMax, 60);
  assert.deepEqual(settings?.triggerDeny.map(({ prefixBits }) => prefixBits), [8, 32]);
  assert.equal(settings?.consolePort, 9_999);
});
