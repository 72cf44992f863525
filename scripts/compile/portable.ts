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
/** How each program begins; a shell cannot write the first character without a process. */
const PROGRAM_MAGIC = "\x7fELF";

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
  const script = await launcherFor({
    target,
    version,
    stage,
    key: createHash("sha256").update(bytes).digest("hex"),
  });
  const head = new TextEncoder().encode(script);
  await Deno.writeFile(path, concatenate([head, bytes]), { mode: 0o755 });
  await Deno.chmod(path, 0o755);
}

/**
 * The launcher's text, up to where the payload begins.
 *
 * @param stage A folder that holds what the payload holds.
 * @param key The payload's SHA-256 sum in hexadecimal digits; copies are named after it.
 */
export async function launcherFor(
  { target, version, stage, key }: {
    target: Pick<Target, "name" | "machine">;
    version: string;
    stage: string;
    key: string;
  },
): Promise<string> {
  const template = await Deno.readTextFile(new URL("launcher.sh", import.meta.url));
  const paths = (await pathsIn(stage)).sort();
  const sizes = paths.map((path) => Deno.statSync(`${stage}/${path}`).size);
  const script = fill(template, {
    VERSION: version,
    TARGET: target.name,
    MACHINE: target.machine,
    KEY: key,
    FLAGS: RUNTIME_FLAGS.join(" "),
    PATHS: paths.join("\n"),
    SIZES: sizes.join("\n"),
    MAGIC: PROGRAM_MAGIC,
  });
  return withOffset(script);
}

async function pathsIn(root: string, folder = "."): Promise<string[]> {
  const paths: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(`${root}/${folder}`)) {
    const path = `${folder}/${name}`;
    // The launcher splits the list at blanks.
    if (!/^[\w.-]+$/.test(name)) throw new Error(`The launcher cannot hold the name "${path}"`);
    if (isDirectory) paths.push(...await pathsIn(root, path));
    else paths.push(path);
  }
  return paths;
}

function fill(template: string, words: Readonly<Record<string, string>>): string {
  return template.replaceAll(/@([A-Z]+)@/g, (placeholder, name) => words[name] ?? placeholder);
}

/** `tail -c +N` counts from one. */
function withOffset(script: string): string {
  const bytes = new TextEncoder().encode(script).length - "@OFFSET@".length + OFFSET_DIGITS;
  return script.replace("@OFFSET@", String(bytes + 1).padEnd(OFFSET_DIGITS));
}
