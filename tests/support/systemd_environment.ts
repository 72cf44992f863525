/**
 * How systemd itself reads an `EnvironmentFile`: with the function that the service manager calls.
 *
 * @module
 */

/** Where Debian keeps the library that systemd's programs share. */
const FOLDERS = ["/usr/lib/x86_64-linux-gnu/systemd", "/usr/lib/aarch64-linux-gnu/systemd"];
const LIBRARY = /^libsystemd-shared-\d+.*\.so$/;
/** More variables than any file of a test has. */
const VARIABLES_MAX = 1_000;

/** The path of systemd's library; `undefined` if it is not installed. */
export function systemdLibrary(): string | undefined {
  for (const folder of FOLDERS) {
    try {
      for (const { name } of Deno.readDirSync(folder)) {
        if (LIBRARY.test(name)) return `${folder}/${name}`;
      }
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return undefined;
}

/**
 * Reads the variables of a file.
 *
 * @throws {Error} if systemd refuses it.
 */
export function readSystemdEnvironment(library: string, path: string): Map<string, string> {
  using systemd = opened(library);
  const result = new BigUint64Array(1);
  const fileName = new TextEncoder().encode(`${path}\0`);
  const status = systemd.symbols.load_env_file(null, fileName, result);
  if (status < 0) throw new Error(`systemd cannot read "${path}": error ${status}`);
  const variables = new Map<string, string>();
  const list = Deno.UnsafePointer.create(result[0] ?? 0n);
  if (list === null) return variables;
  const view = new Deno.UnsafePointerView(list);
  for (let index = 0; index < VARIABLES_MAX; index++) {
    const entry = view.getPointer(index * 8);
    if (entry === null) return variables;
    const text = new Deno.UnsafePointerView(entry).getCString();
    const cut = text.indexOf("=");
    variables.set(text.slice(0, cut), text.slice(cut + 1));
  }
  throw new Error(`"${path}" has more than ${VARIABLES_MAX} variables`);
}

function opened(library: string) {
  const systemd = Deno.dlopen(library, {
    load_env_file: { parameters: ["pointer", "buffer", "buffer"], result: "i32" },
  });
  return { symbols: systemd.symbols, [Symbol.dispose]: () => systemd.close() };
}
