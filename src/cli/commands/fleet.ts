/**
 * `pulsebox fleet …`: the hosts of a fleet, and setting one up.
 *
 * @module
 */

import type { Invocation } from "../command.ts";
import { STATUS_WRONG_USE } from "../exit_status.ts";
import { didYouMean } from "../suggest.ts";
import { FLEET_ACTIONS, type FLEET_FLAGS } from "./fleet/flags.ts";

/** One call of `pulsebox fleet`. */
type FleetInvocation = Invocation<typeof FLEET_FLAGS, "fleet">;

type Action = typeof FLEET_ACTIONS[number];

/** Each is loaded only when it is needed. */
const TOOLS: Readonly<Record<Action, (call: FleetInvocation) => Promise<number>>> = {
  hosts: async (call) => await (await import("./fleet/hosts.ts")).showHosts(call),
  forget: async (call) => await (await import("./fleet/hosts.ts")).forgetHost(call),
  plan: async (call) => await (await import("./fleet/plan.ts")).plan(call),
  init: async (call) => await (await import("./fleet/init.ts")).init(call),
};

/** Runs the tool that the first word names; without one, it shows the hosts. */
export async function run(call: FleetInvocation): Promise<number> {
  const [word = "hosts", ...words] = call.positionals;
  const action = FLEET_ACTIONS.find((known) => known === word);
  const isComplete = words.length === (action === "forget" ? 1 : 0);
  if (action !== undefined && isComplete) {
    return await TOOLS[action]({ ...call, positionals: words });
  }
  const problem = action === undefined
    ? `Unknown action "${word}"${
      didYouMean(word, FLEET_ACTIONS) || `: must be one of ${FLEET_ACTIONS.join(", ")}`
    }`
    : `Write: pulsebox fleet ${action}${action === "forget" ? " HOST" : ""}`;
  await call.terminal.complain(`pulsebox: ${problem}\nTry: pulsebox help fleet\n`);
  return STATUS_WRONG_USE;
}
