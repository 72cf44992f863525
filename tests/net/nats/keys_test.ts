import { strict as assert } from "node:assert";
import { nkeyAuthenticator } from "@nats-io/nats-core";
import { keyAuthenticator, makeUserKey, publicKeyOf } from "../../../src/net/nats/keys.ts";

/** So many keys that a digit, a bit or a leading zero read wrongly shows. */
const KEYS = 20;

Deno.test("keyAuthenticator answers as the client's own authenticator does", () => {
  for (let count = 0; count < KEYS; count++) {
    const { seed, publicKey } = makeUserKey();
    const nonce = `challenge ${count}`;
    const answer = keyAuthenticator(seed)(nonce);
    assert.deepEqual(answer, nkeyAuthenticator(new TextEncoder().encode(seed))(nonce));
    assert.equal((answer as { nkey: string }).nkey, publicKey);
  }
});

Deno.test("keyAuthenticator reads a key as a file holds it, with a line break", () => {
  const { seed } = makeUserKey();
  assert.deepEqual(keyAuthenticator(`${seed}\n`)("nonce"), keyAuthenticator(seed)("nonce"));
});

Deno.test("publicKeyOf refuses what is no key", () => {
  const { seed } = makeUserKey();
  // Not the last digit, which also stands for bits that nobody reads.
  const wrong = seed.slice(0, 20) + (seed[20] === "A" ? "B" : "A") + seed.slice(21);
  for (const text of ["", "SU", wrong, seed.toLowerCase()]) assert.throws(() => publicKeyOf(text));
});
