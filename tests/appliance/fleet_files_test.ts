/**
 * The files that a host's part in a fleet needs: what is none is refused at the start.
 */

import { strict as assert } from "node:assert";
import { readFleetCa } from "../../src/appliance/fleet_ca.ts";
import { readFleetKey } from "../../src/appliance/fleet_key.ts";
import { makeUserKey } from "../../src/net/nats/keys.ts";
import { temporaryDirectory } from "../store/virtual_host.ts";

Deno.test("the file of --fleet-key holds a key as it was made", () => {
  using folder = temporaryDirectory();
  const path = `${folder.path}/foyer.nk`;
  const { seed } = makeUserKey();
  Deno.writeTextFileSync(path, `# foyer\r\n${seed}\r\n`);
  assert.equal(readFleetKey(path), seed);
  const other = seed.at(20) === "A" ? "B" : "A";
  for (
    const [text, fault] of [
      [seed.slice(0, 20) + other + seed.slice(21), /its checksum is wrong/],
      ["", /it holds no nkey of a user/],
      [makeUserKey().publicKey, /it holds no nkey of a user/],
    ] as const
  ) {
    Deno.writeTextFileSync(path, text);
    assert.throws(() => readFleetKey(path), fault);
  }
});

Deno.test("the file of --fleet-ca holds a certificate", () => {
  using folder = temporaryDirectory();
  const path = `${folder.path}/ca.pem`;
  for (const text of ["", "hello", "-----BEGIN PRIVATE KEY-----\n"]) {
    Deno.writeTextFileSync(path, text);
    assert.throws(
      () => readFleetCa(path),
      /Cannot use ".*" of --fleet-ca: it holds no certificate/,
    );
  }
  Deno.writeTextFileSync(path, "-----BEGIN CERTIFICATE-----\n");
  assert.equal(readFleetCa(path).length, 1);
  assert.deepEqual(readFleetCa(undefined), []);
});
