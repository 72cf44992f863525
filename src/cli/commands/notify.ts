/**
 * `pulsebox notify test`.
 *
 * @module
 */

import type { Invocation } from "../command.ts";
import { NOTIFY_ACTIONS, type NOTIFY_FLAGS } from "./flags.ts";
import { consoleClientOf } from "../console_place.ts";
import { STATUS_DONE, STATUS_FAILED, STATUS_WRONG_USE } from "../exit_status.ts";

/** Sends a test message and writes the results; status 1 if a recipient was not reached. */
export async function run(
  invocation: Invocation<typeof NOTIFY_FLAGS, "console">,
): Promise<number> {
  const { values, settings, terminal, positionals: [word = ""] } = invocation;
  if (!NOTIFY_ACTIONS.some((action) => action === word)) {
    const actions = NOTIFY_ACTIONS.join(", ");
    await terminal.complain(
      `pulsebox: "${word}" is no action: write ${actions}\nTry: pulsebox help notify\n`,
    );
    return STATUS_WRONG_USE;
  }
  const client = await consoleClientOf(values, settings, invocation);
  const answer = await client.testNotifications();
  const lines = answer.trials.map(({ way, target, ok, detail }) =>
    `${ok ? "OK  " : "FAIL"}  ${way} ${target}: ${detail}\n`
  );
  await terminal.write(values.json === true ? `${JSON.stringify(answer)}\n` : lines.join(""));
  return answer.ok ? STATUS_DONE : STATUS_FAILED;
}
