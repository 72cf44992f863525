/**
 * What a system's files say about one setting of its kernel.
 *
 * @module
 */

/** A file of settings, `NAME = VALUE` line by line. */
interface SettingsFile {
  readonly path: string;
  readonly text: string;
}

/**
 * The value that counts, and the file that it stands in; undefined if no file has it.
 *
 * @param files In the order in which the system reads them.
 * @param name With dots, `net.ipv4.ip_local_port_range`.
 */
export function sysctlValueIn(
  files: readonly SettingsFile[],
  name: string,
): { readonly value: string; readonly path: string } | undefined {
  const found = files.flatMap(({ path, text }) =>
    text.split("\n").flatMap((line) => {
      const [, key = "", value = ""] = /^\s*-?\s*([^\s#;=]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
      // The first separator of a name decides which of the two it uses.
      const isSlashed = /^[^./]*\//.test(key);
      return (isSlashed ? key.replaceAll("/", ".") : key) === name ? [{ value, path }] : [];
    })
  );
  return found.at(-1);
}
