/**
 * Programs with mounts and processes of their own, all of which end with the test, however it ends.
 *
 * @module
 */

/** The kernel ends the first process with its parent, and its whole namespace with that. */
const WORDS = ["setpriv", "--pdeathsig=KILL", "unshare", "--mount", "--pid", "--fork"];
const MORE_WORDS = ["--kill-child", "--mount-proc"];

/** What a contained program wrote. */
export interface Contained {
  readonly success: boolean;
  /** Standard output, then standard error. */
  readonly text: string;
}

/**
 * Runs a program to its end; after a time it is killed, with all that it has started.
 *
 * @param words The program and its arguments.
 * @param waitMsMax How long it may take, in milliseconds.
 */
export async function runContained(
  words: readonly string[],
  waitMsMax: number,
): Promise<Contained> {
  const [program = "", ...args] = [...WORDS, ...MORE_WORDS, ...words];
  const child = new Deno.Command(program, {
    args,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const timer = setTimeout(() => child.kill("SIGKILL"), waitMsMax);
  const { success, stdout, stderr } = await child.output();
  clearTimeout(timer);
  const decoder = new TextDecoder();
  return { success, text: decoder.decode(stdout) + decoder.decode(stderr) };
}
