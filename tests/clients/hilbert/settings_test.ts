import { strict as assert } from "node:assert";
import { HilbertError } from "../../../src/clients/hilbert/error.ts";
import {
  type HilbertSettings,
  parseHilbertUrl,
  resolveHilbertSettings,
} from "../../../src/clients/hilbert/settings.ts";

function environment(values: Record<string, string>): (name: string) => string | undefined {
  return (name) => values[name];
}

const RESOLVED: readonly [name: string, settings: HilbertSettings, url: string][] = [
  ["nothing", {}, "http://127.0.0.1:8888"],
  ["host", { host: "station" }, "http://station:8888"],
  ["port", { port: 9000 }, "http://127.0.0.1:9000"],
  ["IPv6 host", { host: "::1", port: 9000 }, "http://[::1]:9000"],
  ["URL before host", { url: "http://a:1", host: "b" }, "http://a:1"],
  ["HB_URL", { environment: environment({ HB_URL: "http://a:1", HB_HOST: "b" }) }, "http://a:1"],
  [
    "HB_HOST and HB_PORT",
    { environment: environment({ HB_HOST: "b", HB_PORT: "2" }) },
    "http://b:2",
  ],
  [
    "empty variables",
    { environment: environment({ HB_URL: "", HB_HOST: "", HB_PORT: "" }) },
    "http://127.0.0.1:8888",
  ],
  [
    "option before HB_URL",
    { port: 9000, environment: environment({ HB_URL: "http://a:1", HB_HOST: "b" }) },
    "http://b:9000",
  ],
];

for (const [name, settings, url] of RESOLVED) {
  Deno.test(`resolveHilbertSettings takes: ${name}`, () => {
    assert.equal(resolveHilbertSettings(settings).url, url);
  });
}

Deno.test("resolveHilbertSettings takes the name from option, APP_ID, default", () => {
  const env = environment({ APP_ID: "tetris" });
  assert.equal(resolveHilbertSettings({ appId: "zelda", environment: env }).appId, "zelda");
  assert.equal(resolveHilbertSettings({ environment: env }).appId, "tetris");
  assert.equal(resolveHilbertSettings({}).appId, "deno_heartbeat_client_demo");
});

const PARSED: readonly [url: string, hostname: string, port: number, path: string][] = [
  ["http://127.0.0.1:8888", "127.0.0.1", 8888, ""],
  ["HTTP://Station:1/", "Station", 1, "/"],
  ["http://station", "station", 80, ""],
  ["station", "station", 8888, ""],
  ["station:9000/x", "station", 9000, "/x"],
  ["//localhost:8888", "localhost", 8888, ""],
  ["http://[::1]:8888/a?b", "::1", 8888, "/a?b"],
  ["https://station", "station", 443, ""],
  ["http://[fe80::1%eth0]:8888", "fe80::1%eth0", 8888, ""],
  ["http://a:1?x=%n#y", "a", 1, "?x=%n"],
];

for (const [url, hostname, port, path] of PARSED) {
  Deno.test(`parseHilbertUrl takes apart: ${url}`, () => {
    const form = path.includes("%n") ? "template" : "commands";
    const scheme = url.startsWith("https") ? "https" : "http";
    assert.deepEqual(parseHilbertUrl(url), { scheme, hostname, port, path, form });
  });
}

for (
  const url of ["", "http://", "http://a@b", "ftp://a", "http://a:0", "http://a:65536", "a b:1"]
) {
  Deno.test(`parseHilbertUrl refuses: "${url}"`, () => {
    assert.throws(
      () => parseHilbertUrl(url),
      (error) => error instanceof HilbertError && error.kind === "settings",
    );
  });
}
