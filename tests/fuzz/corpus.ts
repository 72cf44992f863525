/**
 * Inputs that failed once.
 *
 * @module
 */

const FOLDER = new URL("./corpus/", import.meta.url);

/** The inputs that a target failed with once. */
export async function corpusOf(target: string): Promise<Uint8Array<ArrayBuffer>[]> {
  const kept: Uint8Array<ArrayBuffer>[] = [];
  try {
    const names = [...Deno.readDirSync(new URL(`${target}/`, FOLDER))].map(({ name }) => name);
    for (const name of names.sort()) {
      kept.push(await Deno.readFile(new URL(`${target}/${name}`, FOLDER)));
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return kept;
}

/** Keeps an input, under a name that follows from its bytes. @return Where. */
export async function keep(target: string, input: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", input));
  const folder = new URL(`${target}/`, FOLDER);
  const file = new URL(digest.toHex().slice(0, 12), folder);
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeFile(file, input);
  return file.pathname;
}
