/**
 * `pulsebox tag`.
 *
 * @module
 */

import type { MemberTagsInfo } from "../../clients/console.ts";
import type { Invocation } from "../command.ts";
import { consoleClientOf } from "../console_place.ts";
import { STATUS_DONE, STATUS_FAILED, STATUS_WRONG_USE } from "../exit_status.ts";
import { findTarget } from "../pause_target.ts";
import type { TAG_FLAGS } from "./flags.ts";

/** Shows, sets or clears the tags of a member. */
export async function run(invocation: Invocation<typeof TAG_FLAGS, "console">): Promise<number> {
  const { values, settings, positionals, terminal } = invocation;
  const [app, typed] = positionals;
  const isCleared = values.clear === true;
  if (isCleared && typed !== undefined) {
    await terminal.complain("pulsebox: Write tags or --clear, not both\n");
    return STATUS_WRONG_USE;
  }
  const client = await consoleClientOf(values, settings, invocation);
  const target = await findTarget(client, app, "member");
  if ("problem" in target || target.id === undefined) {
    const problem = "problem" in target ? target.problem : "Write which APP";
    await terminal.complain(`pulsebox: ${problem}\n`);
    return STATUS_FAILED;
  }
  if (isCleared) await client.setTags(target.id, []);
  else if (typed !== undefined) await client.setTags(target.id, typed.split(","));
  const now = await client.tags(target.id);
  await terminal.write(
    values.json === true
      ? `${JSON.stringify({ id: target.id, ...now })}\n`
      : `${target.label}: ${describe(now)}\n`,
  );
  return STATUS_DONE;
}

function describe({ tags, configured }: MemberTagsInfo): string {
  const all = [...configured.map((tag) => `${tag} (--tag)`), ...tags];
  return all.length === 0 ? "no tags" : all.join(", ");
}
