import { strict as assert } from "node:assert";
import { entrancesOf } from "./entrances.ts";

/** The source files below a folder, with their text. */
function* sources(folder: URL): Generator<{ path: string; text: string }> {
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    const url = new URL(name, folder);
    if (isDirectory) yield* sources(new URL(`${url}/`));
    else if (name.endsWith(".ts")) yield { path: url.pathname, text: Deno.readTextFileSync(url) };
  }
}

/** A service that takes connections over, and the role whose port it is at. */
function takeovers(): { path: string; role: string }[] {
  const src = new URL("../../src/", import.meta.url);
  return [...sources(src)]
    .filter(({ text }) => /^\s+upgrade(: |\()/m.test(text))
    .map(({ path }) => path.slice(src.pathname.length))
    // The server itself, and what roles hand on to.
    .filter((path) => !/^(net|wire)\//.test(path))
    .map((path) => ({ path, role: path.split("/")[path.startsWith("roles/") ? 1 : 0] ?? "" }));
}

Deno.test("every service that takes connections over is attacked by the matrix of ports", () => {
  const found = takeovers();
  assert.ok(found.length > 0);
  for (const { path, role } of found) {
    const place = { role, url: "http://127.0.0.1:1", certificate: "", urls: [] };
    assert.ok(entrancesOf(place).length > 0, `${path} has no honest client in entrances.ts`);
  }
});
