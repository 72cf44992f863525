import { strict as assert } from "node:assert";
import {
  type NeedName,
  NEEDS,
  NOTIFICATION_FIELD,
  type Provenance,
  provenanceOf,
  refusalOf,
} from "../../src/core/entrance.ts";

const names = new Set(["pi", "pi.local"]);
const from = (fields: Partial<Record<string, string>>): Provenance =>
  provenanceOf((name) => fields[name] ?? null);

/** Requests by what they say, and the entrances that take them. */
const CASES: readonly [what: string, fields: Record<string, string>, taken: readonly NeedName[]][] =
  [
    ["a program", { host: "192.0.2.1:8880" }, Object.keys(NEEDS) as NeedName[]],
    ["a program of HTTP/1.0", {}, Object.keys(NEEDS) as NeedName[]],
    ["a program that uses a name of its own", { host: "server.studio" }, [
      "open",
      "operate",
      "channel",
    ]],
    ["its own page", {
      host: "pi:8880",
      origin: "http://pi:8880",
      "sec-fetch-site": "same-origin",
    }, Object.keys(NEEDS) as NeedName[]],
    ["its own page through TLS of a proxy", {
      host: "pi",
      origin: "https://pi",
    }, Object.keys(NEEDS) as NeedName[]],
    ["a page of another port", { host: "pi:8880", origin: "http://pi:80" }, [
      "open",
      "public",
      "read",
      "operate",
      "channel",
    ]],
    ["a page of another site", { host: "pi:8880", origin: "http://evil.example" }, [
      "open",
      "public",
      "read",
    ]],
    ["another site that hides its origin", { host: "pi:8880", "sec-fetch-site": "cross-site" }, [
      "open",
      "public",
      "read",
    ]],
    ["a page from a file", { host: "pi:8880", origin: "null" }, ["open", "public", "read"]],
    ["a listed page", { host: "pi:8880", origin: "https://games.example" }, [
      "open",
      "public",
      "read",
      "operate",
      "channel",
    ]],
    ["a name that was bent here", { host: "evil.example", origin: "http://evil.example" }, [
      "open",
    ]],
    ["the same, with what a proxy adds", {
      host: "127.0.0.1",
      "x-forwarded-host": "evil.example",
      origin: "http://evil.example",
    }, ["open"]],
    ["no host at all in Host", { host: "a b", origin: "http://a b" }, ["open"]],
  ];

for (const [what, fields, taken] of CASES) {
  Deno.test(`refusalOf: ${what}`, () => {
    for (const name of Object.keys(NEEDS) as NeedName[]) {
      const isListable = name === "operate" || name === "channel";
      const origins = new Set(isListable ? ["https://games.example"] : []);
      const refusal = refusalOf(name, from(fields), { names, origins });
      assert.equal(refusal === undefined, taken.includes(name), `${name}: ${refusal}`);
    }
  });
}

Deno.test("a notification is refused everywhere, wherever it comes from", () => {
  for (const name of Object.keys(NEEDS) as NeedName[]) {
    const fields = { host: "localhost", [NOTIFICATION_FIELD]: "lost" };
    assert.notEqual(refusalOf(name, from(fields), { names: new Set() }), undefined, name);
  }
});
