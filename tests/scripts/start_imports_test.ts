import { strict as assert } from "node:assert";
import { refuseCostlyStart } from "../../scripts/compile/start_imports.ts";
import { temporaryDirectory } from "../store/virtual_host.ts";

interface Case {
  /** The sources of a bundle by name. */
  readonly bundle: Record<string, string>;
  /** Part of the refusal, if it must be refused. */
  readonly refused?: RegExp;
}

const CASES: Record<string, Case> = {
  "a start without modules of the runtime": { bundle: { "main.js": `console.log("node");` } },
  "what any part may import": {
    bundle: { "main.js": `import{a}from"node:sqlite";import{b}from"node:timers";` },
  },
  "a costly module in the first file": {
    bundle: { "main.js": `import x from"node:util";x();` },
    refused: /Cannot ship main: it imports node:util \(in main\.js\)/,
  },
  "a costly module two imports away": {
    bundle: {
      "main.js": `import"./chunk-AAAAAAAA.js";`,
      "chunk-AAAAAAAA.js": `export{b}from"./chunk-BBBBBBBB.js";`,
      "chunk-BBBBBBBB.js": `import"node:process";`,
    },
    refused: /Cannot ship main: it imports node:process \(in chunk-BBBBBBBB\.js\)/,
  },
  "a costly module that is required": {
    bundle: { "main.js": `var u=r("node:util");` },
    refused: /node:util/,
  },
  "a costly module behind a lazy import that a start may take": {
    bundle: {
      "main.js": `import("./fresh-AAAAAAAA.js");`,
      "fresh-AAAAAAAA.js": `import{c}from"node:crypto";`,
    },
    refused: /Cannot ship fresh: it imports node:crypto/,
  },
  "a costly module in a part that is loaded late": {
    bundle: {
      "main.js": `import("./console-AAAAAAAA.js");`,
      "console-AAAAAAAA.js": `import{c}from"node:process";`,
    },
  },
  "a costly module that is itself imported lazily": {
    bundle: { "main.js": `const{lookup:l}=await import("node:dns/promises");` },
  },
};

for (const [name, { bundle, refused }] of Object.entries(CASES)) {
  Deno.test(`refuseCostlyStart ${refused === undefined ? "takes" : "refuses"} ${name}`, async () => {
    using directory = temporaryDirectory();
    for (const [file, source] of Object.entries(bundle)) {
      await Deno.writeTextFile(`${directory.path}/${file}`, source);
    }
    const checked = refuseCostlyStart(directory.path);
    if (refused === undefined) await checked;
    else await assert.rejects(checked, refused);
  });
}
