/**
 * Disarms SIGUSR1. On this signal, the runtime opens an inspector through which every user of the
 * machine can run code as this process's user, and no switch of the runtime prevents that.
 *
 * A process that starts with the signal blocked never sees it; the launchers of the executable do
 * that with env(1), from the first moment on. Elsewhere the signal is ignored as soon as the
 * program runs.
 *
 * @module
 */

import { cString, Libc, POLLIN } from "./libc/libc.ts";
import { readTextFile } from "./libc/files.ts";
import { inBackground } from "./background.ts";

const SIGUSR1 = 10;
/** `signal`: ignore it. */
const SIG_IGN = 1n;
/** Bytes of glibc's `sigset_t`. */
const SIGNAL_SET_BYTES = 128;
/** Bytes of the kernel's `struct signalfd_siginfo`. */
const SIGNAL_INFO_BYTES = 128;
/** `signalfd`: `read` does not block, and started programs do not inherit the descriptor. */
const SFD_FLAGS = 0o2004000;
/** Longest command line that can be started again, in bytes; the kernel has the same limit. */
const COMMAND_LINE_BYTES_MAX = 2_097_152;
const BLOCKER = ["env", "--block-signal=USR1"];

/** Ignores SIGUSR1 from now on. Without `--allow-ffi` nothing happens. */
export function ignoreUserSignal(): void {
  using libc = acquire();
  if (libc === undefined) return;
  // The runtime would install its handler half a second after the start. It installs one for a signal
  // only once, so it does that here, and then the handler is taken away for good.
  const listener = () => undefined;
  Deno.addSignalListener("SIGUSR1", listener);
  Deno.removeSignalListener("SIGUSR1", listener);
  libc.symbols.signal(SIGUSR1, Deno.UnsafePointer.create(SIG_IGN));
}

/**
 * Starts this process over, as the same process, with SIGUSR1 blocked. Returns if that is not possible
 * or not needed.
 */
export function blockUserSignal(): void {
  using libc = acquire();
  if (libc === undefined || isBlocked(libc) || !canBlock()) return;
  const words = readTextFile(libc, "/proc/self/cmdline", COMMAND_LINE_BYTES_MAX)?.split("\0") ?? [];
  // The last one ends with a NUL, too.
  const args = [...BLOCKER, Deno.execPath(), ...words.slice(1, -1)].map(cString);
  const pointers = new BigUint64Array(args.length + 1);
  for (const [index, text] of args.entries()) {
    pointers[index] = Deno.UnsafePointer.value(Deno.UnsafePointer.of(text));
  }
  libc.symbols.execvp(cString(BLOCKER[0] ?? ""), pointers);
}

/**
 * Calls back with each SIGUSR1 for as long as the process lives, if the signal is blocked.
 *
 * @return False, and nothing is told, if it is not.
 */
export function onUserSignal(listener: () => void): boolean {
  const libc = acquire();
  if (libc === undefined || !isBlocked(libc)) {
    libc?.[Symbol.dispose]();
    return false;
  }
  const wanted = new Uint8Array(SIGNAL_SET_BYTES);
  wanted[(SIGUSR1 - 1) >> 3] = 1 << ((SIGUSR1 - 1) & 7);
  const descriptor = libc.symbols.signalfd(-1, wanted, SFD_FLAGS);
  if (descriptor < 0) return false;
  inBackground(listen(libc, descriptor, listener));
  return true;
}

async function listen(libc: Libc, descriptor: number, listener: () => void): Promise<void> {
  const { read, pollOffThread } = libc.symbols;
  const info = new Uint8Array(SIGNAL_INFO_BYTES);
  for (;;) {
    const entry = new Int32Array([descriptor, POLLIN]);
    await libc.lend(entry, pollOffThread(entry, 1n, -1));
    while (read(descriptor, info, BigInt(info.length)) > 0) listener();
  }
}

function isBlocked(libc: Libc): boolean {
  const blocked = new Uint8Array(SIGNAL_SET_BYTES);
  libc.symbols.pthread_sigmask(0, null, blocked);
  return ((blocked[(SIGUSR1 - 1) >> 3] ?? 0) & (1 << ((SIGUSR1 - 1) & 7))) !== 0;
}

/** Only the env(1) of coreutils can block signals. */
function canBlock(): boolean {
  const [program = "", ...args] = BLOCKER;
  try {
    const command = new Deno.Command(program, {
      args,
      stdin: "null",
      stdout: "null",
      stderr: "null",
    });
    return command.outputSync().success;
  } catch {
    // No such program, or no permission to run any.
    return false;
  }
}

function acquire(): Libc | undefined {
  try {
    return Libc.acquire();
  } catch {
    // Without the permission the runtime keeps handling the signal.
    return undefined;
  }
}
