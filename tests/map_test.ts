/**
 * The maps of the house lead to its rooms: what the documents name is there. The house test follows
 * their links.
 */

import { strict as assert } from "node:assert";

const ROOT = new URL("../", import.meta.url);
/** Rows of the table "Where is it?": a question, the file that answers it, and a name in that file. */
const ANSWER = /^\| (.+\?) +\| `([^`]+)` +\| `([^`]+)` +\|$/gm;
const ANSWERS_MIN = 10;
const LAYERS = ["core", "wire", "net", "store", "roles", "console", "appliance", "clients", "cli"];
/** A path that begins with a layer, or with another folder of the repository. */
const PATH = /^(?:src|lib|tests|scripts|docs|\.ci)\/|\w\.(?:ts|sh|md)$/;
const INSIDE_SRC = new RegExp(`^(?:${LAYERS.join("|")})/[\\w/]+$`);

function read(path: string): string {
  return Deno.readTextFileSync(new URL(path, ROOT));
}

function exists(path: string): boolean {
  try {
    Deno.statSync(new URL(path, ROOT));
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

Deno.test("map: every answer of CONTRIBUTING.md is in the file that it names", () => {
  const answers = [...read("CONTRIBUTING.md").matchAll(ANSWER)];
  assert(answers.length >= ANSWERS_MIN, `the table has ${answers.length} answers`);
  const wrong = answers.flatMap(([, question, path = "", name = ""]) => {
    if (!exists(path)) return [`${question} ${path} does not exist`];
    return new RegExp(`\\b${name}\\b`).test(read(path))
      ? []
      : [`${question} ${path} has no ${name}`];
  });
  assert.deepEqual(wrong, []);
});

Deno.test("map: every path that ARCHITECTURE.md and CONTRIBUTING.md name exists", () => {
  const lost = ["ARCHITECTURE.md", "CONTRIBUTING.md"].flatMap((document) => {
    const code = [...read(document).matchAll(/`([^`\s]+)`/g)].map(([, text = ""]) => text);
    const paths = code.filter((text) => PATH.test(text) || INSIDE_SRC.test(text));
    assert(paths.length >= ANSWERS_MIN, `${document} names ${paths.length} paths`);
    return paths
      .filter((path) =>
        ![path, `src/${path}`, `src/${path}.ts`].some((candidate) => exists(candidate))
      )
      .map((path) => `${document}: ${path}`);
  });
  assert.deepEqual(lost, []);
});

function documents(): string[] {
  const guides = [...Deno.readDirSync(new URL("docs/", ROOT))].map(({ name }) => `docs/${name}`);
  return ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", ...guides]
    .filter((path) => path.endsWith(".md"));
}

Deno.test("map: every path of the repository that a document names exists", () => {
  const inside = /^(?:src|lib|tests|scripts|docs|dumps|\.ci)\/[\w./-]+$/;
  // The changelog tells of what has been, too.
  const lost = documents().filter((document) => document !== "CHANGELOG.md").flatMap((document) =>
    [...read(document).matchAll(/`([^`\s]+)`/g)].map(([, text = ""]) => text)
      .filter((text) => inside.test(text) && !exists(text))
      .map((path) => `${document}: ${path}`)
  );
  assert.deepEqual(lost, []);
});
