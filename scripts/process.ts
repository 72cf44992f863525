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
  const lineOf = (text: string) => text.split("\n").find((candidate) => awaited.test(candidate));
  const child = await startProgram({
    command: Deno.execPath(),
    args,
    speaks: "stdout",
    isReady: (text) => lineOf(text) !== undefined,
  });
  return { ...child, line: lineOf(child.text) ?? "" };
}

/** A program, and how it says that it is ready. */
export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  /** Where it says it. The other stream goes to nobody, or to ours if it is standard error. */
  readonly speaks: "stdout" | "stderr";
  /** Whether it is ready after it has written these whole lines. */
  readonly isReady: (text: string) => boolean;
}

/** A running program that is ready. */
export interface RunningProgram extends AsyncDisposable {
  readonly pid: number;
  /** The lines it had written by then. */
  readonly text: string;
}

/**
 * Starts a program and waits until it is ready. It is killed with the disposal of the result.
 *
 * @throws {Error} if it ends before, or is not ready in time.
 */
export async function startProgram(program: Program): Promise<RunningProgram> {
  const { command, args, speaks, isReady } = program;
  const child = new Deno.Command(command, {
    args: [...args],
    stdin: "null",
    stdout: speaks === "stdout" ? "piped" : "null",
    stderr: speaks === "stderr" ? "piped" : "inherit",
  }).spawn();
  const lines = child[speaks].pipeThrough(new TextDecoderStream()).getReader();
  const timer = setTimeout(() => child.kill("SIGKILL"), START_TIMEOUT_MS);
  let written = "";
  let text = "";
  while (!isReady(text)) {
    const { value, done } = await lines.read();
    if (done) {
      const what = `${command} ${args.join(" ")}`;
      throw new Error(`Cannot start "${what}": it wrote "${written}" and ended`);
    }
    written += value;
    text = written.slice(0, written.lastIndexOf("\n") + 1);
  }
  clearTimeout(timer);
  const drained = drain(lines);
  return {
    pid: child.pid,
    text,
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
