/**
 * `pulsebox pause`.
 *
 * @module
 */

import type { Invocation } from "../command.ts";
import type { PAUSE_FLAGS } from "../command_table.ts";
import { consoleClientOf } from "../console_place.ts";
import { DAY_MS, SECOND_MS } from "../../core/clock.ts";
import { DURATION_FORM, parseDuration } from "../duration.ts";
import { STATUS_DONE, STATUS_FAILED, STATUS_WRONG_USE } from "../exit_status.ts";
import { findTarget } from "../pause_target.ts";

/** Begins a maintenance. */
export async function run(
  invocation: Invocation<typeof PAUSE_FLAGS, "console">,
): Promise<number> {
  const { values, settings, terminal } = invocation;
  const forMs = values.for === undefined ? undefined : parseDuration(values.for);
  if (values.for !== undefined && !(forMs !== undefined && isPossible(forMs))) {
    await terminal.complain(
      `pulsebox: --for is "${values.for}": must be ${DURATION_FORM}, from 1s to 366d\n`,
    );
    return STATUS_WRONG_USE;
  }
  const client = await consoleClientOf(values, settings, invocation);
  const target = await findTarget(
    client,
    invocation.positionals[0],
    values.all === true ? "host" : "member",
  );
  if ("problem" in target) {
    await terminal.complain(`pulsebox: ${target.problem}\n`);
    return target.kind === "use" ? STATUS_WRONG_USE : STATUS_FAILED;
  }
  const answer = await client.pause(target.id, {
    ...(values.reason === undefined ? {} : { reason: values.reason }),
    ...(forMs === undefined ? {} : { forMs }),
  });
  const until = values.for === undefined ? "until it is resumed" : `for ${values.for}`;
  await terminal.write(
    values.json === true
      ? `${JSON.stringify(answer)}\n`
      : `Maintenance of ${target.label} has begun, ${until}\n`,
  );
  return STATUS_DONE;
}

/** What the console takes; it would say so in its own words, which are those of its API. */
function isPossible(forMs: number): boolean {
  return forMs >= SECOND_MS && forMs <= 366 * DAY_MS;
}
