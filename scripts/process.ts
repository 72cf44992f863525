/**
 * Child processes of scripts: start one, wait for its address, read what it used, end it.
 *
 * @module
 */

/** A running child. */
export interface Child extends AsyncDisposable {
  readonly pid: number;
  /** The first line that matched what was waited for. */
  readonly line: string;
}

/** Waiting for a child's first line ends after this time. */
const START_TIMEOUT_MS = 30_000;
/** Linux counts processor time in hundredths of a second. */
const TICKS_PER_SECOND = 100;

/** Starts Deno with a script and waits until it prints a line that matches. */
export async function startChild(args: readonly string[], awaited: RegExp): Promise<Child> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [...args],
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const timer = setTimeout(() => child.kill("SIGKILL"), START_TIMEOUT_MS);
  let text = "";
  let line: string | undefined;
  while (line === undefined) {
    const { value, done } = await lines.read();
    if (done) throw new Error(`Cannot start "${args.join(" ")}": it printed "${text}" and ended`);
    text += value;
    line = text.split("\n").slice(0, -1).find((candidate) => awaited.test(candidate));
  }
  clearTimeout(timer);
  const drained = drain(lines);
  return {
    pid: child.pid,
    line,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.status;
      await drained;
    },
  };
}

async function drain(reader: ReadableStreamDefaultReader<string>): Promise<void> {
  while (!(await reader.read()).done);
}

/** Runs Deno with a script to its end and parses what it printed. */
export async function runChild<T>(args: readonly string[]): Promise<T> {
  const { success, stdout } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    stdin: "null",
    stderr: "inherit",
  }).output();
  if (!success) throw new Error(`Cannot run "${args.join(" ")}": it failed`);
  return JSON.parse(new TextDecoder().decode(stdout));
}

/** Processor time that a process has used so far, in seconds. */
export function cpuSeconds(pid: number): number {
  const fields = Deno.readTextFileSync(`/proc/${pid}/stat`).split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** Resident memory of a process in bytes. */
export function residentBytes(pid: number): number {
  const status = Deno.readTextFileSync(`/proc/${pid}/status`);
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? NaN) * 1024;
}
