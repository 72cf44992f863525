/** Folders whose access control lists let another user in, whatever their mode says. */

import { strict as assert } from "node:assert";
import { addToken } from "../../src/appliance/new_token.ts";
import { checkPlace, openFresh, UnsafePlaceError } from "../../src/store/safe_place.ts";
import { WholeHost } from "../cli/whole_host.ts";
import { canGrant, grant } from "../support/acl.ts";
import { eventually } from "../support/eventually.ts";
import { requirement } from "../support/require.ts";
import { temporaryDirectory } from "./virtual_host.ts";

const NOBODY = 65_534;

/** Runs a command as another user; whether it can. */
function nobodyCan(...command: string[]): boolean {
  const args = [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups", ...command];
  return new Deno.Command("setpriv", { args, stdout: "null", stderr: "null" }).outputSync().success;
}

if (
  requirement("access control lists", {
    name: "root, Python and a file system with access control lists",
    available: Deno.uid() === 0 && canGrant(),
    howToGet: "sudo, and apt-get install python3",
  })
) {
  Deno.test("a folder that an access control list opens to another user counts as shared", () => {
    using directory = temporaryDirectory();
    Deno.chmodSync(directory.path, 0o755);
    const folder = `${directory.path}/folder`;
    Deno.mkdirSync(folder, { mode: 0o700 });
    assert.ok(!nobodyCan("touch", `${folder}/file`));
    grant(folder, "access", NOBODY);
    assert.ok(nobodyCan("touch", `${folder}/file`));
    assert.throws(() => checkPlace(`${folder}/file`), UnsafePlaceError);
    // The mode of a file with a list shows the most that any entry of it gives: 0700 closes all.
    Deno.chmodSync(folder, 0o700);
    assert.ok(!nobodyCan("touch", `${folder}/other`));
  });

  Deno.test("what is written stays its owner's where the folder's list would open all that is made", async () => {
    using directory = temporaryDirectory();
    const folder = `${directory.path}/data`;
    Deno.mkdirSync(folder);
    for (const path of [directory.path, folder]) {
      Deno.chmodSync(path, 0o777);
      grant(path, "default", NOBODY);
    }
    await using host = new WholeHost([`--data=${folder}`]);
    const url = `http://${await host.address("heartbeat")}`;
    await (await fetch(`${url}/hb_init?5000&appid=a`)).body?.cancel();
    await eventually("a commit", () => Deno.statSync(`${folder}/pulsebox.db-wal`).size > 0);
    openFresh(`${folder}/fresh`).close();
    addToken(`${folder}/tokens`, "read");
    const names = [...Deno.readDirSync(folder)].map(({ name }) => name);
    assert.ok(names.includes("pulsebox.db") && names.includes("tokens"), names.join());
    for (const name of names) assert.ok(!nobodyCan("cat", `${folder}/${name}`), name);
  });
}
