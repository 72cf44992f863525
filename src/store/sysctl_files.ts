/**
 * The files that configure a system's kernel at the start.
 *
 * @see https://manpages.debian.org/sysctl.d
 * @module
 */

/** One of these files. */
export interface SysctlFile {
  /** Path below the root of its system. */
  readonly path: string;
  readonly text: string;
}

/** Of two files with the same name, the one in the earlier folder counts. */
const FOLDERS = ["/etc/sysctl.d", "/run/sysctl.d", "/usr/local/lib/sysctl.d", "/usr/lib/sysctl.d"];
/** Read after all other files. */
const LAST_FILE = "/etc/sysctl.conf";
/** Links to follow to a file of sysctl. */
const LINKS_MAX = 8;

/**
 * Reads the files of the system below a folder, in the order in which that system reads them: later
 * settings win. Unreadable files are left out.
 *
 * @param root Without a trailing slash; empty for the running system.
 */
export async function readSysctlFiles(root: string): Promise<SysctlFile[]> {
  const paths = new Map<string, string>();
  for (const folder of FOLDERS) {
    for (const name of await namesIn(root + folder)) {
      if (!paths.has(name)) paths.set(name, `${folder}/${name}`);
    }
  }
  const ordered = [...paths].sort(([a], [b]) => a < b ? -1 : 1).map(([, path]) => path);
  const files: SysctlFile[] = [];
  for (const path of [...ordered, LAST_FILE]) {
    const text = await readBelow(root, path);
    if (text !== undefined) files.push({ path, text });
  }
  return files;
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    const entries = await Array.fromAsync(Deno.readDir(folder));
    return entries.map(({ name }) => name).filter((name) => name.endsWith(".conf"));
  } catch {
    // No such folder, as most systems have only some of them.
    return [];
  }
}

/** An absolute link means a file of the system below the root, not of the running system. */
async function readBelow(root: string, path: string): Promise<string | undefined> {
  let place = path;
  try {
    for (let links = 0; (await Deno.lstat(root + place)).isSymlink; links++) {
      if (links === LINKS_MAX) return undefined;
      const target = await Deno.readLink(root + place);
      const folder = place.slice(0, place.lastIndexOf("/"));
      place = new URL(target, `file://${folder}/`).pathname;
    }
    return await Deno.readTextFile(root + place);
  } catch {
    return undefined;
  }
}
