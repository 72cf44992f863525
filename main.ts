/**
 * The executable: arguments in, exit status out.
 *
 * @module
 */

import { leaveLauncher, refuseInspector } from "./src/cli/launch.ts";
import { run } from "./src/cli/run.ts";
import { ProcessTerminal } from "./src/cli/terminal.ts";

if (import.meta.main) {
  refuseInspector(Deno.args, Deno.env);
  leaveLauncher(Deno.env);
  Deno.exit(
    await run(Deno.args, {
      terminal: new ProcessTerminal(),
      environment: Deno.env,
      readTextFile: (path) => Deno.readTextFile(path),
    }),
  );
}
