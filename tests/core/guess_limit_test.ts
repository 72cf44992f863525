import { strict as assert } from "node:assert";
import {
  GuessLimit,
  WRONG_TOKEN_ADDRESSES_MAX,
  WRONG_TOKENS_MAX,
  WRONG_TOKENS_WINDOW_MS,
} from "../../src/core/guess_limit.ts";

function exhausted(address: string, onMany?: (address: string) => void): GuessLimit {
  const limit = new GuessLimit(onMany);
  for (let count = 0; count < WRONG_TOKENS_MAX; count++) {
    assert.equal(limit.wrong(address, 0), false);
  }
  return limit;
}

Deno.test("GuessLimit lets an address try again after the window, and tells of it once", () => {
  const told: string[] = [];
  const limit = exhausted("192.0.2.1", (address) => told.push(address));
  assert.equal(limit.wrong("192.0.2.1", WRONG_TOKENS_WINDOW_MS - 1), true);
  assert.equal(limit.wrong("192.0.2.1", WRONG_TOKENS_WINDOW_MS), false);
  assert.deepEqual(told, ["192.0.2.1"]);
  assert.equal(limit.total, WRONG_TOKENS_MAX + 2);
});

Deno.test("GuessLimit remembers a bounded number of addresses", () => {
  const limit = exhausted("a");
  for (let count = 1; count < WRONG_TOKEN_ADDRESSES_MAX; count++) limit.wrong(`b${count}`, 1);
  assert.equal(limit.wrong("a", 2), true);
  limit.wrong("c", 2);
  assert.equal(limit.wrong("a", 2), false, "the oldest made room");
});

Deno.test("GuessLimit forgets who began to guess the longest ago, not who guesses anew", () => {
  const limit = new GuessLimit();
  limit.wrong("a", 0);
  for (let count = 1; count < WRONG_TOKEN_ADDRESSES_MAX; count++) limit.wrong(`b${count}`, 1);
  const later = WRONG_TOKENS_WINDOW_MS;
  for (let count = 0; count < WRONG_TOKENS_MAX; count++) limit.wrong("a", later);
  limit.wrong("c", later);
  assert.equal(limit.wrong("a", later), true, "b1 made room");
});

Deno.test("GuessLimit counts a network of IPv6 and all of loopback as one", () => {
  for (
    const [first, same, other] of [
      ["2001:db8::1", "2001:db8::ffff:1:2:3", "2001:db8:0:1::1"],
      ["127.0.0.1", "127.9.8.7", "192.0.2.1"],
      ["127.0.0.1", "::1", "::2"],
      ["127.0.0.1", "::ffff:127.3.3.3", "::"],
      ["192.0.2.1", "::ffff:192.0.2.1", "192.0.2.2"],
      ["fe80::1%eth0", "fe80::1%eth0", "fe80::2%eth0"],
    ] as const
  ) {
    assert.equal(exhausted(first).wrong(same, 1), true, same);
    assert.equal(exhausted(first).wrong(other, 1), false, other);
  }
});
