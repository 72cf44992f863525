import { strict as assert } from "node:assert";
import { cString, ENOENT, Libc, O_RDONLY } from "../../../src/net/libc/libc.ts";
import {
  groupOfFile,
  listFolder,
  pseudoTerminalPath,
  readLink,
  readTextFile,
  replaceLink,
  TEXT_FILE_BYTES_MAX,
} from "../../../src/net/libc/files.ts";

function withFolder(run: (libc: Libc, folder: string) => void): void {
  using libc = Libc.acquire();
  const folder = Deno.makeTempDirSync();
  try {
    run(libc, folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

Deno.test("readTextFile reads a line, an empty file, and no more than its limit", () =>
  withFolder((libc, folder) => {
    const path = `${folder}/attribute`;
    for (const [content, expected] of [["2341\n", "2341"], ["", ""], ["a\nb\n", "a\nb"]] as const) {
      Deno.writeTextFileSync(path, content);
      assert.equal(readTextFile(libc, path), expected);
    }
    Deno.writeTextFileSync(path, "x".repeat(TEXT_FILE_BYTES_MAX + 1));
    assert.equal(readTextFile(libc, path)?.length, TEXT_FILE_BYTES_MAX);
    assert.equal(readTextFile(libc, `${folder}/none`), undefined);
    assert.equal(readTextFile(libc, folder), undefined);
  }));

Deno.test("listFolder names what is in a folder", () =>
  withFolder((libc, folder) => {
    assert.deepEqual(listFolder(libc, folder), []);
    Deno.mkdirSync(`${folder}/one`);
    Deno.writeTextFileSync(`${folder}/zwölf`, "");
    assert.deepEqual(listFolder(libc, folder).sort(), ["one", "zwölf"]);
    assert.deepEqual(listFolder(libc, `${folder}/none`), []);
  }));

Deno.test("replaceLink makes a link, replaces one, and says why it cannot", () =>
  withFolder((libc, folder) => {
    const path = `${folder}/link`;
    assert.equal(readLink(libc, path), undefined);
    assert.equal(replaceLink(libc, "/dev/pts/1", path), 0);
    assert.equal(replaceLink(libc, "/dev/pts/2", path), 0);
    assert.equal(readLink(libc, path), "/dev/pts/2");
    assert.equal(replaceLink(libc, "/dev/pts/3", `${folder}/none/link`), -ENOENT);
    Deno.mkdirSync(`${folder}/folder`);
    assert.ok(replaceLink(libc, "/dev/pts/3", `${folder}/folder`) < 0);
    assert.deepEqual(listFolder(libc, folder).sort(), ["folder", "link"]);
  }));

Deno.test("groupOfFile names the owning group, or its number", () =>
  withFolder((libc, folder) => {
    const gid = Deno.statSync(folder).gid;
    const { stdout } = new Deno.Command("stat", { args: ["-c", "%G", folder] }).outputSync();
    const name = new TextDecoder().decode(stdout).trim();
    assert.equal(groupOfFile(libc, folder), name === "UNKNOWN" ? String(gid) : name);
    assert.equal(groupOfFile(libc, `${folder}/none`), undefined);
  }));

Deno.test("pseudoTerminalPath knows that other files are none", () => {
  using libc = Libc.acquire();
  const descriptor = libc.symbols.open(cString("/"), O_RDONLY);
  assert.equal(pseudoTerminalPath(libc, descriptor), undefined);
  libc.symbols.close(descriptor);
});
