import { strict as assert } from "node:assert";
import { loadAssets } from "../../src/console/assets.ts";
import { PAGE_MODULES } from "../../src/console/page_files.ts";
import { LANGUAGES } from "../../src/console/page/texts_en.ts";
import { pageWeight } from "../support/page_weight.ts";
import { hear, setUp } from "./bench.ts";

/** Bytes on the wire of all that the page loads in one language, without uPlot. */
const PAGE_BYTES_MAX = 60_000;

Deno.test("the page weighs at most 60 kB on the wire", async () => {
  const assets = await loadAssets();
  using bench = setUp();
  for (let count = 0; count < 20; count++) hear(bench, `exhibit-${count}`);
  for (const language of LANGUAGES) {
    const html = await (await bench.request(`/?lang=${language}`)).text();
    const packed = new Blob([html]).stream().pipeThrough(new CompressionStream("gzip"));
    const page = (await new Response(packed).bytes()).length;
    const { bytes: files, files: names } = pageWeight(assets, language);
    const bytes = page + files;
    assert.ok(names.size > 20, "imports are followed");
    assert.ok(bytes <= PAGE_BYTES_MAX, `${bytes} bytes in ${language}`);
  }
});

Deno.test("an asset is sent compressed to whom takes that, and only then", async () => {
  using bench = setUp();
  const plain = await (await bench.request("/assets/main.js")).text();
  for (
    const [encodings, isCompressed] of [
      ["gzip", true],
      ["gzip, deflate, br", true],
      ["br;q=1.0, gzip;q=0.5", true],
      ["gzip;q=0", false],
      ["gzip;q=0.0, br", false],
      ["br", false],
      ["xgzip", false],
      ["", false],
    ] as const
  ) {
    const response = await bench.request("/assets/main.js", {
      headers: { "accept-encoding": encodings },
    });
    assert.equal(response.headers.get("content-encoding"), isCompressed ? "gzip" : null, encodings);
    assert.equal(response.headers.get("vary"), "accept-encoding");
    const body = isCompressed
      ? response.body?.pipeThrough(new DecompressionStream("gzip"))
      : response.body;
    assert.equal(await new Response(body).text(), plain);
  }
});

Deno.test("every module of the page is served, as JavaScript, and so is all that it imports", async () => {
  const folder = new URL("../../src/console/page/", import.meta.url);
  const sources = [...Deno.readDirSync(folder)].map(({ name }) => name)
    .filter((name) => name.endsWith(".ts"));
  assert.deepEqual(Object.keys(PAGE_MODULES).map((name) => `${name}.ts`).sort(), sources.sort());
  using bench = setUp();
  for (const name of Object.keys(PAGE_MODULES)) {
    const response = await bench.request(`/assets/${name}.js`);
    assert.equal(response.headers.get("content-type"), "text/javascript; charset=utf-8");
    const text = await response.text();
    for (const [, path] of text.matchAll(/^(?:import|export) [^;]*?from "([^"]+)";$/gm)) {
      assert.match(path ?? "", /^\.\/[a-z_]+\.js$/);
      const imported = await bench.request(`/assets/${path?.slice(2)}`);
      assert.equal(imported.status, 200, path);
      await imported.body?.cancel();
    }
    // What is left is JavaScript, and asks nobody else.
    const body = text.replace(/^import [^;]*;$/gm, "").replace(/^export /gm, "");
    new Function(`async () => {\n${body}\n}`);
    assert.doesNotMatch(text, /https?:\/\/(?!www\.w3\.org\/2000\/svg)/);
  }
});

Deno.test("no text of the page has blanks that are taken out with the indentation", () => {
  for (const [name, source] of Object.entries(PAGE_MODULES)) {
    const code = source.replace(/^ *(?:\/\*[^]*?\*\/|\/\/.*$)/gm, "");
    for (const line of code.split("\n")) {
      assert.doesNotMatch(line.trim(), / {2}/, name);
      assert.equal(line.split("`").length % 2, 1, `${name}: a text over several lines: ${line}`);
    }
  }
});

Deno.test("an asset that the browser has is not sent again", async () => {
  using bench = setUp();
  const first = await bench.request("/assets/main.js");
  await first.body?.cancel();
  const tag = first.headers.get("etag") ?? "";
  assert.match(tag, /^W\/"[0-9a-f]{24}"$/);
  const again = await bench.request("/assets/main.js", { headers: { "if-none-match": tag } });
  assert.equal(again.status, 304);
  assert.equal(await again.text(), "");
  assert.equal((await bench.request("/assets/nothing.js")).status, 404);
});
