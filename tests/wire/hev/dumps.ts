/**
 * The recordings that ship with Pulsebox.
 *
 * @module
 */

const DIRECTORY = new URL("../../../dumps/", import.meta.url);

/** A recording as bytes. */
export function dumpBytes(name: string): Uint8Array<ArrayBuffer> {
  return Deno.readFileSync(new URL(name, DIRECTORY));
}

/** A recording as text. */
export function dumpText(name: string): string {
  return Deno.readTextFileSync(new URL(name, DIRECTORY));
}
