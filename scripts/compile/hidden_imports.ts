/**
 * Lazy imports that the runtime is not to look behind.
 *
 * Deno loads every module to which it sees a way, and keeps its source, even if nobody ever runs it. It sees
 * no way through an import whose path is computed. Such an import needs the permission to read, so it
 * cannot lead to what a host loads after it has given that permission back, such as the console.
 *
 * @module
 */

/** Modules that are loaded while the program still has every permission: tools and roles. */
const EARLY_FOLDER = "src/cli/commands";
const ROLES = ["heartbeat", "trigger", "hev", "state", "fleet"] as const;
/** What a host loads in any case is better loaded in one go. */
const HOST = "serve";

/** A lazy import of the bundle: the name of the module, and what the bundler adds to it. */
export const LAZY_IMPORT: RegExp = /\bimport\("(\.\/(\w+)-[0-9A-Z]{8}\.js)"\)/g;

/**
 * Hides tools and roles in a bundle. Whoever starts a host then saves 3 MB and the time to read them.
 *
 * @param folder The bundle's folder.
 * @throws {Error} if there is nothing to hide, because the bundler writes imports differently.
 */
export async function hideImports(folder: string): Promise<void> {
  const early = new Set<string>([...ROLES, ...await moduleNames(EARLY_FOLDER)]);
  early.delete(HOST);
  let count = 0;
  for await (const { name } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    const source = await Deno.readTextFile(path);
    const hidden = source.replace(LAZY_IMPORT, (whole, target: string, module: string) => {
      if (!early.has(module)) return whole;
      count++;
      return `import(["${target}"][0])`;
    });
    if (hidden !== source) await Deno.writeTextFile(path, hidden);
  }
  if (count === 0) throw new Error(`Cannot hide the tools in ${folder}: it has no lazy imports`);
}

/** Names of the modules that a folder itself holds. */
async function moduleNames(folder: string): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(folder));
  return entries.filter(({ isFile }) => isFile).map(({ name }) => name.replace(/\.ts$/, ""));
}
