/**
 * `pulsebox forget`.
 *
 * @module
 */

import type { Invocation } from "../command.ts";
import type { FORGET_FLAGS } from "./flags.ts";
import { consoleClientOf } from "../console_place.ts";
import { STATUS_DONE, STATUS_FAILED } from "../exit_status.ts";
import { findTarget } from "../pause_target.ts";

/** Takes a member off the list. */
export async function run(
  invocation: Invocation<typeof FORGET_FLAGS, "console">,
): Promise<number> {
  const { values, settings, positionals, terminal } = invocation;
  const client = await consoleClientOf(values, settings, invocation);
  const target = await findTarget(client, positionals[0], "member");
  if ("problem" in target || target.id === undefined) {
    await terminal.complain(
      `pulsebox: ${"problem" in target ? target.problem : "Write which APP"}\n`,
    );
    return STATUS_FAILED;
  }
  const answer = await client.forget(target.id);
  await terminal.write(
    values.json === true
      ? `${JSON.stringify(answer)}\n`
      : `${target.label} is forgotten until it is heard again\n`,
  );
  return STATUS_DONE;
}
