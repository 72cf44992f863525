/**
 * Commands by their codes, for whoever receives them.
 *
 * @module
 */

import { COMMANDS } from "./commands.ts";

/** The names of a command. */
export interface CommandName {
  /** `undefined` if the version has no such type. */
  readonly cmdtype: string | undefined;
  /** `undefined` if the type has no such command. */
  readonly cmd: string | undefined;
}

/** The names of a command in one version. */
export function findCommandName(version: number, type: number, code: number): CommandName {
  const set = COMMANDS.get(version);
  const cmdtype = set?.types.name(type);
  const cmd = cmdtype === undefined ? undefined : set?.commands.get(cmdtype)?.name(code);
  return { cmdtype, cmd };
}
