/**
 * Builds the executable:
 * `deno task compile [--target x86_64|aarch64] [--form compile|portable] [--output FOLDER]`.
 *
 * Without a target it is this machine's; `--target` may be given more than once. Without a form it is
 * what `deno compile` makes, or the portable form where Deno's runtime-only binary is not available.
 * Files go to `dist/` unless told otherwise. Each is started before it is called built and gets its
 * SHA-256 sum; one for another kind of machine is started where qemu can emulate that.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { parseArgs } from "node:util";
import { messageOf } from "../src/core/message_of.ts";
import { VERSION } from "../src/version.ts";
import { buildCompiled } from "./compile/compiled.ts";
import { buildPortable } from "./compile/portable.ts";
import { startBuilt, type Started } from "./compile/start.ts";
import { hideImports } from "./compile/hidden_imports.ts";
import { PROGRAM_FOLDER, stageProgram } from "./compile/staging.ts";
import { type Target, TARGETS } from "./compile/target.ts";

const OUTPUT_FOLDER_DEFAULT = "dist";
const FORMS = ["compile", "portable"] as const;

/** What Debian and others call the processors. */
const ALIASES: Readonly<Record<string, string>> = { arm64: "aarch64", amd64: "x86_64" };
const USAGE =
  "deno task compile [--target x86_64|aarch64] [--form compile|portable] [--output FOLDER]";

/** How an executable is made. */
type Form = typeof FORMS[number];

/** What the command line asks for. */
interface Request {
  readonly targets: readonly Target[];
  /** If not given, the best that is possible here. */
  readonly form: Form | undefined;
  /** The folder for the files. */
  readonly output: string;
}

/** Builds and starts a file. */
async function buildExecutable(
  target: Target,
  form: Form | undefined,
  path: string,
): Promise<Started> {
  const stage = await Deno.makeTempDir({ prefix: "pulsebox-stage-" });
  try {
    await stageProgram(stage);
    if (form !== "portable") {
      const absolute = path.startsWith("/") ? path : `${Deno.cwd()}/${path}`;
      const problem = await buildCompiled({ target, stage, path: absolute });
      if (problem === undefined) return await start(target, "compiled", path);
      if (form === "compile") throw new Error(`Cannot compile for ${target.name}: ${problem}`);
      console.error(`${target.name}: building the portable form, because ${problem}`);
    }
    await hideImports(`${stage}/${PROGRAM_FOLDER}`);
    await buildPortable({ target, version: VERSION, stage, path });
    return await start(target, "portable", path);
  } finally {
    await Deno.remove(stage, { recursive: true });
  }
}

async function start(
  target: Target,
  form: "compiled" | "portable",
  path: string,
): Promise<Started> {
  const cache = await Deno.makeTempDir({ prefix: "pulsebox-start-" });
  try {
    const absolute = path.startsWith("/") ? path : `${Deno.cwd()}/${path}`;
    return await startBuilt({ target, form, path: absolute, cache });
  } finally {
    await Deno.remove(cache, { recursive: true });
  }
}

async function main(args: readonly string[]): Promise<number> {
  if (args.includes("--help") || args.includes("-h")) {
    console.log(USAGE);
    return 0;
  }
  const request = readArguments(args);
  if (typeof request === "string") {
    console.error(request);
    return 2;
  }
  await Deno.mkdir(request.output, { recursive: true });
  for (const target of request.targets) {
    const name = `pulsebox-${VERSION}-${target.name}`;
    const path = `${request.output}/${name}`;
    await Deno.remove(`${path}.sha256`).catch(ignoreNotFound);
    const started = await buildExecutable(target, request.form, path);
    if (started === "deno") {
      // It is worth a look inside, and no more.
      console.error(
        `${path} holds the program and remains the deno command, because DENORT_BIN names the whole ` +
          "of Deno; it cannot run as pulsebox and gets no SHA-256 sum",
      );
      continue;
    }
    if (started === "not-started") {
      console.error(`${path} was not started: it is for ${target.machine}`);
    }
    const bytes = await Deno.readFile(path);
    const sum = createHash("sha256").update(bytes).digest("hex");
    await Deno.writeTextFile(`${path}.sha256`, `${sum}  ${name}\n`);
    console.log(`${path}  ${(bytes.length / 1e6).toFixed(1)} MB  ${sum}`);
  }
  return 0;
}

function ignoreNotFound(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}

/** The request, or a sentence that says what is wrong with it. */
function readArguments(args: readonly string[]): Request | string {
  let values: { target?: string[]; form?: string; output?: string };
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        target: { type: "string", multiple: true },
        form: { type: "string" },
        output: { type: "string" },
      },
    }));
  } catch (error) {
    return `Cannot build: ${messageOf(error)}`;
  }
  const form = FORMS.find((known) => known === values.form);
  if (values.form !== undefined && form === undefined) {
    return `Cannot build form "${values.form}": must be ${FORMS.join(" or ")}`;
  }
  const targets: Target[] = [];
  for (const name of values.target ?? [Deno.build.arch]) {
    const target = TARGETS[ALIASES[name] ?? name];
    if (target === undefined) {
      return `Cannot build for "${name}": must be ${Object.keys(TARGETS).join(" or ")}`;
    }
    targets.push(target);
  }
  return { targets, form, output: values.output ?? OUTPUT_FOLDER_DEFAULT };
}

if (import.meta.main) {
  try {
    Deno.exit(await main(Deno.args));
  } catch (error) {
    console.error(messageOf(error));
    Deno.exit(1);
  }
}
