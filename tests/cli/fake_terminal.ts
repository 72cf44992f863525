/**
 * A terminal that remembers what was written.
 *
 * @module
 */

import type { Surroundings } from "../../src/cli/command.ts";
import { run } from "../../src/cli/run.ts";
import type { Terminal } from "../../src/cli/terminal.ts";

/** What a command did. */
export interface Outcome {
  status: number;
  stdout: string;
  stderr: string;
}

class FakeTerminal implements Terminal {
  readonly columns = 80;
  readonly color = false;
  stdout = "";
  stderr = "";

  write(text: string): Promise<void> {
    this.stdout += text;
    return Promise.resolve();
  }

  offer(text: string): Promise<void> {
    return this.write(text);
  }

  complain(text: string): Promise<void> {
    this.stderr += text;
    return Promise.resolve();
  }

  written(): Promise<void> {
    return Promise.resolve();
  }
}

/** Runs a command within this process, with an environment and files of its own. */
export async function runHere(
  args: readonly string[],
  world: {
    env?: Record<string, string>;
    files?: Record<string, string>;
    readTextFile?: (path: string) => Promise<string>;
  } = {},
): Promise<Outcome> {
  const terminal = new FakeTerminal();
  const surroundings: Surroundings = {
    terminal,
    environment: { get: (name) => world.env?.[name] },
    readTextFile: world.readTextFile ?? ((path) => {
      const text = world.files?.[path];
      return text === undefined
        ? Promise.reject(new Deno.errors.NotFound(path))
        : Promise.resolve(text);
    }),
  };
  const status = await run(args, surroundings);
  return { status, stdout: terminal.stdout, stderr: terminal.stderr };
}
