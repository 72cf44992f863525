/**
 * Runs a command of the operator's shell, and says why it failed if it did.
 *
 * @module
 */

import { MINUTE_MS } from "../core/clock.ts";
import { messageOf } from "../core/message_of.ts";
import { visibleCut } from "../core/visible.ts";
import { sleep } from "../net/sleep.ts";
import { Patience, Timer } from "../net/timer.ts";

/** A command that takes longer is ended, in milliseconds. */
export const ACTION_TIMEOUT_MS: number = MINUTE_MS;
/** How long a command that is to end may take for that, in milliseconds. */
const GRACE_MS = 500;
/** Longest piece of what a failed command said on its stderr that is told, in UTF-16 code units. */
export const ACTION_STDERR_LENGTH_MAX = 300;

/** How a command ended. */
export interface CommandEnd {
  /** Null if it did not end by itself, or could not be started. */
  readonly exitStatus: number | null;
  /** Why it failed, with the beginning of what it said; undefined if its exit status was 0. */
  readonly problem?: string;
}

/**
 * Runs a command once.
 *
 * @param variables Added to its environment: what comes from the network is never part of its text.
 * @param signal Ends it.
 */
export async function runCommand(
  command: string,
  variables: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<CommandEnd> {
  using patience = new Patience(ACTION_TIMEOUT_MS, signal);
  try {
    const child = new Deno.Command("/bin/sh", {
      args: ["-c", command],
      env: variables,
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    const said = firstOf(child.stderr, signal);
    const { code } = await ended(child, patience.signal);
    if (signal.aborted && code !== 0) {
      return { exitStatus: null, problem: "the host ended before it did" };
    }
    if (patience.signal.aborted) {
      const problem = `it took longer than ${ACTION_TIMEOUT_MS / 1_000} s${await said.told()}`;
      return { exitStatus: null, problem };
    }
    if (code === 0) return { exitStatus: code };
    return { exitStatus: code, problem: `its exit status was ${code}${await said.told()}` };
  } catch (error) {
    const problem = messageOf(error);
    return { exitStatus: null, problem };
  }
}

/** Waits for a command; when the signal comes it is asked to end, and then made to. */
async function ended(
  child: Deno.ChildProcess,
  signal: AbortSignal,
): Promise<Deno.CommandStatus> {
  let grace: Timer | undefined;
  const end = () => {
    child.kill("SIGTERM");
    grace = Timer.after(GRACE_MS, () => child.kill("SIGKILL"));
  };
  if (signal.aborted) end();
  else signal.addEventListener("abort", end, { once: true });
  try {
    return await child.status;
  } finally {
    signal.removeEventListener("abort", end);
    grace?.stop();
  }
}

/**
 * The beginning of what a command says. All is read, or it would be held up; what it left running may
 * say more until the signal comes.
 */
function firstOf(
  stream: ReadableStream<Uint8Array>,
  signal: AbortSignal,
): { told(): Promise<string> } {
  const decoder = new TextDecoder();
  let text = "";
  const sink = new WritableStream<Uint8Array>({
    write(bytes) {
      if (text.length <= ACTION_STDERR_LENGTH_MAX) {
        const room = 4 * ACTION_STDERR_LENGTH_MAX;
        text += decoder.decode(bytes.subarray(0, room), { stream: true });
      }
    },
  });
  const read = stream.pipeTo(sink, { signal }).catch(() => {});
  return {
    async told() {
      using patience = new Patience(GRACE_MS, signal);
      await Promise.race([read, sleep(Infinity, patience.signal)]);
      const said = visibleCut(text.trim(), ACTION_STDERR_LENGTH_MAX);
      return said === "" ? "" : `: ${said}`;
    },
  };
}
