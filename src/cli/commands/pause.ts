/**
 * `pulsebox pause`.
 *
 * @module
 */

import type { Invocation } from "../command.ts";
import type { PAUSE_FLAGS } from "./flags.ts";
import { consoleClientOf } from "../console_place.ts";
import { DAY_MS, SECOND_MS } from "../../core/clock.ts";
import { DURATION_FORM, parseDuration } from "../../appliance/settings/duration.ts";
import { STATUS_DONE, STATUS_FAILED, STATUS_WRONG_USE } from "../exit_status.ts";
import { findTarget } from "../pause_target.ts";

/**
 * Also the page's default: if somebody forgets to end a maintenance, later outages alarm again.
 */
const FOR_DEFAULT = "1h";
/** Ends only when somebody ends it. */
const FOR_EVER = "ever";

/** Begins a maintenance. */
export async function run(
  invocation: Invocation<typeof PAUSE_FLAGS, "console">,
): Promise<number> {
  const { values, settings, terminal } = invocation;
  const { for: duration = FOR_DEFAULT, until } = values;
  const problem = until === undefined ? undefined : problemOf(until, values.for);
  if (problem !== undefined) {
    await terminal.complain(`pulsebox: ${problem}\n`);
    return STATUS_WRONG_USE;
  }
  const forMs = duration === FOR_EVER ? undefined : parseDuration(duration);
  if (duration !== FOR_EVER && !(forMs !== undefined && isPossible(forMs))) {
    await terminal.complain(
      `pulsebox: --for is "${duration}": must be ${DURATION_FORM}, from 1s to 366d, or ${FOR_EVER}\n`,
    );
    return STATUS_WRONG_USE;
  }
  const client = await consoleClientOf(values, settings, invocation);
  const target = await findTarget(
    client,
    invocation.positionals[0],
    values.all === true ? "host" : values.expect === true ? "expected" : "member",
  );
  if ("problem" in target) {
    await terminal.complain(`pulsebox: ${target.problem}\n`);
    return target.kind === "use" ? STATUS_WRONG_USE : STATUS_FAILED;
  }
  const answer = await client.pause(target.id, {
    reason: values.reason,
    ...(until === undefined ? { forMs } : { until: until.replace(" ", "T") }),
    ...(values.expect === true && target.id !== undefined ? { expect: true } : {}),
  });
  const length = duration === FOR_EVER ? "until it is resumed" : `for ${duration}`;
  await terminal.write(
    values.json === true
      ? `${JSON.stringify(answer)}\n`
      : `Maintenance of ${target.label} has begun, ${
        until === undefined ? length : `until ${until}`
      }\n`,
  );
  return STATUS_DONE;
}

function problemOf(until: string, duration: string | undefined): string | undefined {
  if (duration !== undefined) return "Write --for or --until, not both";
  return /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d$/.test(until) && !Number.isNaN(Date.parse(until))
    ? undefined
    : `--until is "${until}": must be a day and a time as 2026-11-30T09:00`;
}

/**
 * The console's limit, checked here because the console would report it in the words of its API.
 */
function isPossible(forMs: number): boolean {
  return forMs >= SECOND_MS && forMs <= 366 * DAY_MS;
}
