/**
 * Reads settings again while the host runs, on SIGHUP.
 *
 * @module
 */

import type { Logger } from "@logtape/logtape";
import type { Appliance } from "../../appliance.ts";
import { faultText } from "../fault_text.ts";
import { OPTION_KEYS, optionOf } from "../../appliance/settings/options.ts";
import type { SettingSet } from "./setting_sets.ts";
import type { SettingSource } from "./settings.ts";

/** The settings that a host started with, and how to read them again. */
export interface ReadAgainCall {
  readonly sources: ReadonlyMap<string, SettingSource>;
  resolveAgain(): Promise<{
    readonly settings: SettingSet<"host"> | undefined;
    readonly sources: ReadonlyMap<string, SettingSource>;
    readonly problems: readonly string[];
  }>;
}

/** Applies the settings as they are now, and logs the result. Never rejects. */
export async function readAgain(
  call: ReadAgainCall,
  appliance: Appliance,
  log: Logger,
): Promise<void> {
  try {
    const { settings, sources, problems } = await call.resolveAgain();
    if (settings === undefined) throw new Error(problems.join("; "));
    for (const flag of changedForLater(call.sources, sources)) {
      log.warning("{flag} has changed and takes effect at the next start", { flag });
    }
    await appliance.reload(settings);
    log.info("Read tokens, certificate and secrets again, and the settings that need no restart");
  } catch (error) {
    log.error("The former settings stay in effect: {problem}", { problem: faultText(error) });
  }
}

/** The flags of changed settings that need a restart. */
function changedForLater(
  before: ReadonlyMap<string, SettingSource>,
  now: ReadonlyMap<string, SettingSource>,
): string[] {
  return OPTION_KEYS.filter((key) =>
    optionOf(key).readAgain !== "setting" &&
    JSON.stringify(before.get(key)?.input) !== JSON.stringify(now.get(key)?.input)
  ).map((key) => `--${optionOf(key).flag}`);
}
