/**
 * POSIX access control lists (acl(5)) without the package that shows them.
 *
 * @module
 */

import { PYTHON } from "./python.ts";

/** The extended attribute's form: a version, then tag, permissions and identity of each entry. */
const SET = `
import os, struct, sys
path, kind, user, bits = sys.argv[1], sys.argv[2], int(sys.argv[3]), 7
entry = lambda tag, bits, who=0xffffffff: struct.pack("<HHI", tag, bits, who)
others = bits if kind == "default" else 0
acl = [entry(1, 7), entry(2, bits, user), entry(4, 0), entry(16, bits), entry(32, others)]
os.setxattr(path, "system.posix_acl_" + kind, struct.pack("<I", 2) + b"".join(acl))
`;

/**
 * Lets a user do everything in a folder (`access`), or with whatever is made in it (`default`); with
 * the latter, all others too.
 *
 * @throws {Error} if the file system has no such lists.
 */
export function grant(path: string, kind: "access" | "default", user: number): void {
  const args = ["-c", SET, path, kind, `${user}`];
  const { success, stderr } = new Deno.Command(PYTHON, { args }).outputSync();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}

/** Whether a temporary folder of this machine can have such a list. */
export function canGrant(): boolean {
  const path = Deno.makeTempDirSync();
  try {
    grant(path, "access", 65_534);
    return true;
  } catch {
    return false;
  } finally {
    Deno.removeSync(path);
  }
}
