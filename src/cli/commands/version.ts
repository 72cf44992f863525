/**
 * `pulsebox version`.
 *
 * @module
 */

import { VERSION } from "../../version.ts";
import type { Invocation } from "../command.ts";
import type { JSON_FLAG } from "./flags.ts";
import { STATUS_DONE } from "../exit_status.ts";
import { type ProgramForm, programForm } from "../launch.ts";

/** What this program is and runs on. */
export interface VersionReport {
  readonly pulsebox: string;
  readonly deno: string;
  readonly v8: string;
  readonly target: string;
  readonly form: ProgramForm;
}

/** Collects the versions. */
export function versionReport(): VersionReport {
  return {
    pulsebox: VERSION,
    deno: Deno.version.deno,
    v8: Deno.version.v8,
    target: Deno.build.target,
    form: programForm(),
  };
}

/** Writes the versions. */
export async function run(
  { values, terminal }: Invocation<typeof JSON_FLAG, undefined>,
): Promise<number> {
  const report = versionReport();
  await terminal.write(
    values.json === true
      ? `${JSON.stringify(report)}\n`
      : `pulsebox ${report.pulsebox} (Deno ${report.deno}, V8 ${report.v8}, ${report.target}, ${report.form})\n`,
  );
  return STATUS_DONE;
}
