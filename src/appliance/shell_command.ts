/**
 * Runs a shell command of the operator, and says why it failed if it did.
 *
 * @module
 */

import { MINUTE_MS } from "../core/clock.ts";
import { messageOf } from "../core/message_of.ts";
import { visibleCut } from "../core/visible.ts";
import { sleep } from "../net/sleep.ts";
import { Patience, Timer } from "../net/timer.ts";

/** The timeout of a command, in milliseconds. */
export const ACTION_TIMEOUT_MS: number = MINUTE_MS;
/** How long a command may take to end when it is asked to, in milliseconds. */
const GRACE_MS = 500;
/** Longest part of a failed command's stderr that is reported, in UTF-16 code units. */
export const ACTION_STDERR_LENGTH_MAX = 300;

/** How a command ended. */
export interface CommandEnd {
  /** Null if it was killed, or could not be started. */
  readonly exitStatus: number | null;
  /** Why it failed, with the beginning of its stderr; undefined if its exit status was 0. */
  readonly problem?: string;
}

/**
 * Runs a command once.
 *
 * @param variables Added to its environment: text from the network is never part of the command.
 * @param signal Ends the command.
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

/** Waits for a command; when the signal is aborted, it is first asked to end, then killed. */
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
 * Reads the beginning of a command's stderr. Everything is read, because a full pipe would block
 * the command; processes that it left running may write more until the signal is aborted.
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
