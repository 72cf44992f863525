/**
 * `pulsebox check --fleet`: asks a console for the verdict on its fleet.
 *
 * @module
 */

import { ConsoleError } from "../../../clients/console.ts";
import type { FleetStatusInfo } from "../../../clients/console_fleet.ts";
import type { VerdictWord } from "../../../core/verdict.ts";
import { visible } from "../../../core/visible.ts";
import type { Invocation } from "../../command.ts";
import { consoleClientOf } from "../../console_place.ts";
import type { CHECK_FLAGS } from "./flags.ts";
import { STATUS_OF_WORD, unknown, type Verdict } from "./verdict.ts";

/** The plug-in status of each verdict. A fleet whose hosts have not reported yet is UNKNOWN. */
const WORD_OF_VERDICT: Readonly<Record<VerdictWord, string>> = {
  problem: "WARNING",
  alarm: "CRITICAL",
  lost: "CRITICAL",
  late: "WARNING",
  starting: "UNKNOWN",
  maintenance: "OK",
  well: "OK",
};

/** Asks the console that options and settings name. */
export async function checkFleet(
  call: Invocation<typeof CHECK_FLAGS, "check">,
  timeoutMs: number,
): Promise<Verdict> {
  const { values, settings } = call;
  const host = values.host === undefined ? settings : { ...settings, consoleHost: values.host };
  try {
    const client = await consoleClientOf(values, host, call);
    return judgeFleetStatus(await client.fleetStatus(timeoutMs));
  } catch (error) {
    if (error instanceof ConsoleError) return unknown(error.message);
    throw error;
  }
}

/** Judges a fleet for a monitor: UNKNOWN if the console does not hear the fleet. */
export function judgeFleetStatus({ verdict, headline, deaf, hosts }: FleetStatusInfo): Verdict {
  const word = deaf ? "UNKNOWN" : WORD_OF_VERDICT[verdict];
  const total = Object.values(hosts).reduce((sum, count) => sum + count, 0);
  const figures = Object.entries(hosts).map(([state, count]) => `${state}=${count}`);
  return {
    line: `${word} - ${visible(headline)} | hosts=${total} ${figures.join(" ")}`,
    status: STATUS_OF_WORD.get(word) ?? 3,
  };
}
