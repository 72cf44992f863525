/**
 * Translates the original server's flags into a source of values.
 *
 * @module
 */

import type { HevSettings } from "./settings.ts";

/** The source in the notation of `--hev-source`, if that option is not given. */
function originalSource(
  { inputFile, useDumpData, useDumpFile, demo }: Pick<
    HevSettings,
    "inputFile" | "useDumpData" | "useDumpFile" | "demo"
  >,
): string {
  if (inputFile !== undefined) return `dump:${inputFile}`;
  if (useDumpData || useDumpFile) return "dump";
  // The recording with the most curves.
  return demo ? "dump:B6-20200805.dump" : "serial:auto";
}

/** The source that applies, in the notation of `--hev-source`. */
export function sourceOfHev(
  settings: Pick<HevSettings, "hevSource" | "inputFile" | "useDumpData" | "useDumpFile" | "demo">,
): string {
  return settings.hevSource ?? originalSource(settings);
}
