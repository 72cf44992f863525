/**
 * `pulsebox resume`.
 *
 * @module
 */

import type { Invocation } from "../command.ts";
import type { RESUME_FLAGS } from "./flags.ts";
import { consoleClientOf } from "../console_place.ts";
import { STATUS_DONE, STATUS_FAILED, STATUS_WRONG_USE } from "../exit_status.ts";
import { findTarget } from "../pause_target.ts";

/** Ends a maintenance. */
export async function run(
  invocation: Invocation<typeof RESUME_FLAGS, "console">,
): Promise<number> {
  const { values, settings, positionals, terminal } = invocation;
  const client = await consoleClientOf(values, settings, invocation);
  const target = await findTarget(client, positionals[0], values.all === true ? "host" : "member");
  if ("problem" in target) {
    await terminal.complain(`pulsebox: ${target.problem}\n`);
    return target.kind === "use" ? STATUS_WRONG_USE : STATUS_FAILED;
  }
  const answer = await client.resume(target.id);
  await terminal.write(
    values.json === true
      ? `${JSON.stringify(answer)}\n`
      : `Maintenance of ${target.label} has ended\n`,
  );
  return STATUS_DONE;
}
