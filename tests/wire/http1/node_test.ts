import { strict as assert } from "node:assert";
import { fileURLToPath } from "node:url";
import { findNode } from "../../support/node.ts";
import { requirement } from "../../support/require.ts";
import { CASES } from "./cases.ts";

const ORACLE = fileURLToPath(new URL("./node_oracle.mjs", import.meta.url));

const node = findNode();
const canCompare = requirement("comparison of the HTTP parser with Node's", {
  name: "Node.js",
  available: node !== undefined,
  howToGet: "apt-get install nodejs",
});

if (canCompare && node !== undefined) {
  Deno.test("RequestParser agrees with Node's parser but where a case says why not", async () => {
    const child = new Deno.Command(node, { args: [ORACLE], stdin: "piped", stdout: "piped" })
      .spawn();
    const input = JSON.stringify(CASES.map(({ bytes }) => bytes));
    const writer = child.stdin.getWriter();
    const writing = writer.write(new TextEncoder().encode(input)).then(() => writer.close());
    const killer = setTimeout(() => child.kill(), 30_000);
    const { stdout } = await child.output();
    clearTimeout(killer);
    await writing;
    const seen: unknown = JSON.parse(new TextDecoder().decode(stdout));
    assert(Array.isArray(seen));
    for (const [index, { name, sees, nodeDiffers }] of CASES.entries()) {
      const expected = {
        requests: sees.filter((item) => typeof item === "string" && item !== "more"),
        refused: typeof sees.at(-1) === "number",
      };
      // Where a case says why not, a newer Node may have come round.
      if (nodeDiffers === undefined) assert.deepEqual(seen[index], expected, name);
    }
  });
}
