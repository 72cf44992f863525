import { strict as assert } from "node:assert";
import { add, NOTHING, report, tallyOf } from "../../scripts/test_tally.ts";

const PASSED = "running 2 tests\na ... ok (1ms)\n\nok | 2 passed (3 steps) | 0 failed (83ms)\n";
const FAILED = `b ... FAILED (1ms)

 ERRORS 

b ... inner => ./b_test.ts:1:47
error: Error: x

 FAILURES 

b ... inner => ./b_test.ts:1:47
./c_test.ts (uncaught error)

FAILED | 1 passed | 2 failed (1 step) (83ms)
`;

Deno.test("tallyOf() counts what passed, and names what failed", () => {
  assert.deepEqual(tallyOf(PASSED, true), { passed: 2, failed: 0, failures: [] });
  assert.deepEqual(tallyOf(FAILED, false), {
    passed: 1,
    failed: 2,
    failures: ["b ... inner => ./b_test.ts:1:47", "./c_test.ts (uncaught error)"],
  });
});

Deno.test("tallyOf() counts a failure when the runner dies without a summary", () => {
  assert.deepEqual(tallyOf("Killed", false), {
    passed: 0,
    failed: 1,
    failures: ["the test runner ended without a summary"],
  });
});

Deno.test("report() ends with the counts, after the names of what failed and was skipped", () => {
  const tally = { ...NOTHING, failures: [] };
  add(tally, tallyOf(PASSED, true));
  assert.equal(report(tally, []), "2 passed, 0 failed");
  add(tally, tallyOf(FAILED, false));
  assert.equal(
    report(tally, ["skipped: HTTPS: needs OpenSSL; get it with apt-get install openssl"]),
    `skipped: HTTPS: needs OpenSSL; get it with apt-get install openssl
failed: b ... inner => ./b_test.ts:1:47
failed: ./c_test.ts (uncaught error)
1 skipped
3 passed, 2 failed`,
  );
});

Deno.test("A suite that is skipped in the test command is seen in its last lines", async () => {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--allow-all", "scripts/test.ts", "wire/http1/node_test"],
    // Without a PATH there is no Node.js.
    env: { PATH: "/nowhere", PULSEBOX_TEST_REQUIRE: "", NO_COLOR: "1" },
    stdin: "null",
    stderr: "null",
  }).output();
  assert.match(
    new TextDecoder().decode(stdout),
    /\nskipped: .* with Node's: needs Node.js; get it with .*\n1 skipped\n0 passed, 0 failed\n$/,
  );
});
