/**
 * A browser that asks for a page gets a page in its language, whatever is wrong; a program a document.
 */

import { strict as assert } from "node:assert";
import { TABLES } from "../../src/console/language.ts";
import { WRONG_TOKENS_MAX } from "../../src/core/guess_limit.ts";
import { type Bench, setUp } from "./bench.ts";

const TOKENS = "read 0123456789abcdef\n";

const WRONGS: readonly {
  readonly name: string;
  readonly status: number;
  readonly title: keyof typeof TABLES.en;
  readonly detail: RegExp;
  readonly setUp: () => Bench | Promise<Bench>;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
}[] = [
  {
    ...{
      name: "nothing there",
      status: 404,
      title: "refusal.nothing",
      setUp,
      path: "/no/such/page",
    },
    detail: /There is nothing at \/no\/such\/page/,
  },
  {
    ...{ name: "no fleet", status: 404, title: "refusal.nothing", setUp, path: "/fleet" },
    detail: /There is nothing at \/fleet/,
  },
  {
    ...{ name: "a foreign name", status: 403, title: "refusal.not-allowed", setUp, path: "/" },
    headers: { host: "evil<b>.example" },
    detail: /The host name &quot;evil&lt;b&gt;\.example&quot; is not one of this host/,
  },
  {
    ...{ name: "no token", status: 401, title: "refusal.token", path: "/no-page" },
    setUp: () => setUp({ tokens: TOKENS }),
    detail: /This host wants a token/,
  },
  {
    ...{ name: "a wrong token", status: 401, title: "refusal.token", path: "/no-page" },
    setUp: () => setUp({ tokens: TOKENS }),
    headers: { authorization: "Bearer wrong" },
    detail: /The token is not one of this host&#39;s --token-file/,
  },
  {
    ...{ name: "too many wrong tokens", status: 429, title: "refusal.wait", path: "/" },
    setUp: async () => {
      const bench = setUp({ tokens: TOKENS });
      const headers = { authorization: "Bearer wrong" };
      // The bench's clock stands still: no minute passes.
      for (let guess = 0; guess < WRONG_TOKENS_MAX; guess++) {
        await (await bench.request("/", { headers })).body?.cancel();
      }
      return bench;
    },
    headers: { authorization: "Bearer wrong" },
    detail: /Too many wrong tokens came from your address: try again in a minute/,
  },
  {
    ...{ name: "a fault", status: 500, title: "refusal.fault", path: "/" },
    setUp: () => {
      const bench = setUp();
      Object.defineProperty(bench.members, "rosters", {
        value: () => {
          throw new Error("boom");
        },
      });
      return bench;
    },
    detail: /The console failed to answer; the log says why/,
  },
];

for (const wrong of WRONGS) {
  Deno.test(`refusal: ${wrong.name} is a page for browsers, a document for programs`, async () => {
    using bench = await wrong.setUp();
    const ask = (headers: Record<string, string>) =>
      bench.request(wrong.path, { headers: { ...wrong.headers, ...headers } });
    for (const language of ["en", "de"] as const) {
      const response = await ask({ accept: "text/html,*/*;q=0.8", "accept-language": language });
      assert.equal(response.status, wrong.status);
      assert.equal(response.headers.get("content-type"), "text/html; charset=UTF-8");
      assert.equal(response.headers.get("cache-control"), "no-store");
      const page = await response.text();
      assert.match(page, new RegExp(`<html lang="${language}">`));
      assert.ok(page.includes(`<h1>${TABLES[language][wrong.title]}</h1>`), page);
      assert.match(page, wrong.detail);
      // The host tells the details in English, and says so.
      const [, marked = ""] = /<p [^>]*lang="en">([^<]*)<\/p>/.exec(page) ?? [];
      assert.match(marked, wrong.detail);
      assert.ok(marked.startsWith(`${wrong.status} · `), marked);
      // Its style is in it and is allowed; nothing else is.
      const [, style = ""] = /<style>([^]*?)<\/style>/.exec(page) ?? [];
      const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(style));
      const policy = response.headers.get("content-security-policy") ?? "";
      assert.ok(policy.includes(`'sha256-${new Uint8Array(digest).toBase64()}'`), policy);
      assert.match(policy, /^default-src 'none'/);
    }
    const document = await ask({ accept: "*/*" });
    assert.equal(document.headers.get("content-type"), "application/problem+json");
    assert.equal((await document.json()).status, wrong.status);
  });
}

Deno.test("refusal: what the API refuses is a document even to a browser", async () => {
  using bench = setUp();
  for (const path of ["/api/v1/nothing", "/api/v1/members/nobody", "/assets/nothing.js"]) {
    const response = await bench.request(path, { headers: { accept: "text/html" } });
    assert.equal(response.headers.get("content-type"), "application/problem+json", path);
    await response.body?.cancel();
  }
});

Deno.test("refusal: a page leads home from any depth", async () => {
  using bench = setUp();
  for (const [path, home] of [["/a", "./"], ["/a/b", "../"], ["/a/b/c", "../../"]] as const) {
    const page = await (await bench.request(path, { headers: { accept: "text/html" } })).text();
    assert.ok(page.includes(`<a href="${home}">`), path);
    assert.equal(new URL(home, `http://pi${path}`).pathname, "/");
  }
});
