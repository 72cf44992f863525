import { strict as assert } from "node:assert";
import { fileURLToPath } from "node:url";
import { DATABASE_FILE } from "../../src/store/data_directory.ts";
import { Database } from "../../src/store/database.ts";
import { OBEYING_WORDS } from "../support/obeying.ts";
import { requirement } from "../support/require.ts";
import { temporaryDirectory } from "./virtual_host.ts";
import { canWrap, runWrapped, type Wrapping } from "./wrapped_command.ts";

const CHILD = fileURLToPath(new URL("not_writable_child.ts", import.meta.url));
const CHILD_MS_MAX = 30_000;

const PLAIN: Wrapping = { wrapper: ["bash"], preparation: "true" };
const READ_ONLY: Wrapping = {
  wrapper: ["unshare", "--user", "--map-root-user", "--mount", "bash"],
  preparation: `mount -t tmpfs -o ro tmpfs "$1"`,
};
const OBEYING: Wrapping = { wrapper: [...OBEYING_WORDS, "bash"], preparation: "true" };

async function refusalIn(
  wrapping: Wrapping,
  directory: string,
  permissions: readonly string[],
): Promise<string> {
  const { stdout } = await runWrapped(
    wrapping,
    directory,
    [Deno.execPath(), "run", "--quiet", "--no-prompt", ...permissions, CHILD, directory],
    AbortSignal.timeout(CHILD_MS_MAX),
  );
  return new TextDecoder().decode(stdout).trim();
}

Deno.test("Database says which permission of Deno is missing", async () => {
  using directory = temporaryDirectory();
  const { path } = directory;
  assert.equal(
    await refusalIn(PLAIN, path, [`--allow-read=${path}`]),
    `directory: Cannot use "${path}" for data: Deno runs without --allow-read and --allow-write for it`,
  );
  assert.equal(
    await refusalIn(PLAIN, path, [`--allow-read=${path}`, `--allow-write=${path}`]),
    "it can be used",
  );
});

if (
  requirement("a read-only data directory", {
    name: "unshare",
    available: canWrap(READ_ONLY),
    howToGet: "util-linux, and a kernel that lets users make namespaces",
  })
) {
  Deno.test("Database refuses a read-only file system", async () => {
    using directory = temporaryDirectory();
    assert.equal(
      await refusalIn(READ_ONLY, directory.path, ["--allow-all"]),
      `directory: Cannot use "${directory.path}" for data: its file system is read-only`,
    );
  });
}

if (
  requirement("a database that must not be written", {
    name: "setpriv",
    available: canWrap(OBEYING),
    howToGet: "util-linux",
  })
) {
  Deno.test("Database refuses a file that this user must not write", async () => {
    using directory = temporaryDirectory();
    Database.open({ directory: directory.path }).close();
    const path = `${directory.path}/${DATABASE_FILE}`;
    Deno.chmodSync(path, 0o444);
    assert.equal(
      await refusalIn(OBEYING, directory.path, ["--allow-all"]),
      `directory: Cannot use "${path}" for data: this user must not write to it`,
    );
  });
}
