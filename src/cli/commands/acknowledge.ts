/**
 * `pulsebox acknowledge`.
 *
 * @module
 */

import type { Invocation } from "../command.ts";
import { consoleClientOf } from "../console_place.ts";
import { STATUS_DONE, STATUS_FAILED, STATUS_WRONG_USE } from "../exit_status.ts";
import { findTarget } from "../pause_target.ts";
import type { ACKNOWLEDGE_FLAGS } from "./flags.ts";

/** Says who looks after a member, or that nobody does any more. */
export async function run(
  invocation: Invocation<typeof ACKNOWLEDGE_FLAGS, "console">,
): Promise<number> {
  const { values, settings, positionals, terminal } = invocation;
  const { note } = values;
  const by = values.by ?? Deno.env.get("USER") ?? "";
  const isWithdrawn = values.withdraw === true;
  if (isWithdrawn && (values.by !== undefined || note !== undefined)) {
    await terminal.complain("pulsebox: Write --withdraw, or --by and --note, not both\n");
    return STATUS_WRONG_USE;
  }
  if (!isWithdrawn && by.trim() === "") {
    await terminal.complain("pulsebox: Write --by NAME: who looks after it\n");
    return STATUS_WRONG_USE;
  }
  const client = await consoleClientOf(values, settings, invocation);
  const target = await findTarget(client, positionals[0], "member");
  if ("problem" in target || target.id === undefined) {
    const problem = "problem" in target ? target.problem : "Write which APP";
    await terminal.complain(`pulsebox: ${problem}\n`);
    return STATUS_FAILED;
  }
  const answer = isWithdrawn
    ? await client.acknowledge(target.id)
    : await client.acknowledge(target.id, { by, note });
  const said = isWithdrawn
    ? `Nobody looks after ${target.label} any more`
    : `${by} looks after ${target.label} until it is heard again`;
  await terminal.write(values.json === true ? `${JSON.stringify(answer)}\n` : `${said}\n`);
  return STATUS_DONE;
}
