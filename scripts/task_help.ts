/**
 * `deno task NAME --help`, for the tasks whose script has no help of its own.
 *
 * @module
 */

import config from "../deno.json" with { type: "json" };

/** If help is asked for, prints what the task does and ends the process. */
export function offerHelp(task: keyof typeof config.tasks): void {
  if (!Deno.args.includes("--help") && !Deno.args.includes("-h")) return;
  const found = config.tasks[task];
  console.log(`deno task ${task}\n${typeof found === "string" ? found : found.description}`);
  Deno.exit(0);
}
