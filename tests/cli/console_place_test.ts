import { strict as assert } from "node:assert";
import { consoleClientOf } from "../../src/cli/console_place.ts";

Deno.test("consoleClientOf reaches a host that listens everywhere", () => {
  const at = (consoleHost: string) =>
    consoleClientOf(undefined, { consoleHost, consolePort: 99, config: undefined }).url;
  assert.equal(at("0.0.0.0"), "http://127.0.0.1:99");
  assert.equal(at("::"), "http://[::1]:99");
  assert.equal(at("10.0.0.7"), "http://10.0.0.7:99");
  assert.equal(at("fe80::1"), "http://[fe80::1]:99");
});
