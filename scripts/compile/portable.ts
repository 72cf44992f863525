/**
 * The portable form: a shell file that carries Deno and the program, unpacks them once and becomes
 * them.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { concatenate } from "../../src/wire/bytes/concatenate.ts";
import { archive } from "./command.ts";
import { denoBinary } from "./deno_binary.ts";
import { RUNTIME_FLAGS } from "./runtime_flags.ts";
import type { Target } from "./target.ts";

/** Digits of the place where the payload begins, so that saying it does not move it. */
const OFFSET_DIGITS = 6;

/**
 * Builds the portable form.
 *
 * @param stage A folder that holds the staged program; Deno is added to it.
 * @param path The file to write.
 */
export async function buildPortable(
  { target, version, stage, path }: {
    target: Target;
    version: string;
    stage: string;
    path: string;
  },
): Promise<void> {
  await Deno.copyFile(await denoBinary(target), `${stage}/deno`);
  await Deno.chmod(`${stage}/deno`, 0o755);
  const payload = `${path}.payload`;
  await archive({ folder: stage, members: ["."], path: payload });
  const bytes = await Deno.readFile(payload);
  await Deno.remove(payload);
  const sizes = await sizesOf(stage);
  const launcher = await Deno.readTextFile(new URL("launcher.sh", import.meta.url));
  const script = fill(launcher, {
    VERSION: version,
    TARGET: target.name,
    MACHINE: target.machine,
    KEY: createHash("sha256").update(bytes).digest("hex"),
    FLAGS: RUNTIME_FLAGS.join(" "),
    SIZES: sizes.join("\n"),
  });
  const head = new TextEncoder().encode(withOffset(script));
  await Deno.writeFile(path, concatenate([head, bytes]), { mode: 0o755 });
  await Deno.chmod(path, 0o755);
}

/** The size and the path of each file of a folder, as the launcher's `stat` prints them. */
async function sizesOf(root: string, folder = "."): Promise<string[]> {
  const lines: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(`${root}/${folder}`)) {
    const path = `${folder}/${name}`;
    // The launcher splits the list at blanks.
    if (!/^[\w.-]+$/.test(name)) throw new Error(`The launcher cannot hold the name "${path}"`);
    if (isDirectory) lines.push(...await sizesOf(root, path));
    else lines.push(`${(await Deno.stat(`${root}/${path}`)).size} ${path}`);
  }
  return lines.sort();
}

function fill(template: string, words: Readonly<Record<string, string>>): string {
  return template.replaceAll(/@([A-Z]+)@/g, (placeholder, name) => words[name] ?? placeholder);
}

/** `tail -c +N` counts from one. */
function withOffset(script: string): string {
  const bytes = new TextEncoder().encode(script).length - "@OFFSET@".length + OFFSET_DIGITS;
  return script.replace("@OFFSET@", String(bytes + 1).padEnd(OFFSET_DIGITS));
}
