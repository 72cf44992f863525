import { strict as assert } from "node:assert";
import { AcceptFailures } from "../../../src/net/tcp/accept_failures.ts";

function failing(code: string): Error {
  return Object.assign(new Error(`refused (${code})`), { code });
}

function failures(told: unknown[] = [], shortages: unknown[] = []): AcceptFailures {
  return new AcceptFailures({
    onShortage: () => shortages.push(1),
    onUnforeseen: (error) => told.push(error),
  });
}

Deno.test("AcceptFailures never slows down for a peer that gave up, and tells nobody", () => {
  const told: unknown[] = [];
  using accepting = failures(told);
  // All that accept(2) of Linux names, and what asking for the peer's address adds to that.
  const codes = "ENOTCONN ECONNABORTED ENETDOWN EPROTO ENOPROTOOPT EHOSTDOWN ENONET EHOSTUNREACH " +
    "EOPNOTSUPP ENETUNREACH ECONNRESET ETIMEDOUT EPERM";
  let count = 0;
  for (let round = 0; round < 100; round++) {
    for (const code of codes.split(" ")) {
      assert.equal(accepting.onFailure(failing(code)), undefined, code);
      count++;
    }
  }
  assert.equal(accepting.abandoned, count);
  assert.equal(accepting.failed, 0);
  assert.deepEqual(told, []);
});

Deno.test("AcceptFailures makes way for a shortage, with a pause", async () => {
  const shortages: unknown[] = [];
  using accepting = failures([], shortages);
  for (const code of ["EMFILE", "ENFILE", "ENOBUFS", "ENOMEM"]) {
    const pause = accepting.onFailure(failing(code));
    assert.ok(pause !== undefined, code);
    accepting.onAccepted();
    await pause;
  }
  assert.equal(shortages.length, 4);
  assert.equal(accepting.abandoned, 0);
  const pause = accepting.onFailure(failing("EMFILE"));
  accepting.close();
  await pause;
});

Deno.test("AcceptFailures tells an unforeseen error once, and pauses now and then but briefly", async () => {
  const told: unknown[] = [];
  using accepting = failures(told);
  const started = performance.now();
  const rounds = 500;
  let pauses = 0;
  for (let count = 0; count < rounds; count++) {
    const pause = accepting.onFailure(failing("EODD"));
    if (pause !== undefined) pauses++;
    await pause;
  }
  assert.equal(told.length, 1);
  assert.equal(accepting.failed, rounds);
  assert.equal(pauses, 10, "one for each 50");
  assert.ok(performance.now() - started >= 90, "an error that stays does not take the processor");
  accepting.onFailure(failing("EODDER"));
  assert.equal(told.length, 2, "another kind is told");
  for (let count = 0; count < rounds; count++) {
    accepting.onAccepted();
    assert.equal(accepting.onFailure(failing("EODD")), undefined, "others get through meanwhile");
  }
});
