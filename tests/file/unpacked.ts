/**
 * What an executable carries, without its launcher.
 *
 * @module
 */

import { portableFile } from "./executable.ts";

/** More than a launcher has. */
const HEAD_BYTES = 65_536;

/** A program ready to be started. */
export interface UnpackedProgram {
  /** The words that start it. */
  readonly command: readonly string[];
  readonly env: Record<string, string>;
}

/**
 * Unpacks an executable into a folder, as its launcher would.
 *
 * @param denoFlags Further flags for Deno.
 */
export async function unpackProgram(
  target: "x86_64" | "aarch64",
  folder: string,
  denoFlags: readonly string[] = [],
): Promise<UnpackedProgram> {
  const file = await portableFile(target);
  const head = new TextDecoder("latin1").decode(
    (await Deno.readFile(file)).subarray(0, HEAD_BYTES),
  );
  const offset = /^payload_from=(\d+)/m.exec(head)?.[1];
  const flags = /"\$home\/deno" run (.+) "\$home\/program/.exec(head)?.[1];
  if (offset === undefined || flags === undefined) throw new Error(`No launcher in ${file}`);
  const { success, stderr } = await new Deno.Command("sh", {
    args: ["-c", `tail -c +${offset} "$1" | gzip -dc | tar -xf - -C "$2"`, "sh", file, folder],
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return {
    command: [
      `${folder}/deno`,
      "run",
      ...flags.split(" "),
      ...denoFlags,
      `${folder}/program/portable/main.js`,
    ],
    env: {
      DENO_DIR: `${folder}/cache`,
      PULSEBOX_OUTER_DENO_DIR: "",
      PULSEBOX_LAUNCHER_FILE: file,
    },
  };
}
