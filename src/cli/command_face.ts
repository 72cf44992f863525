/**
 * A command as help, completions and documents see it.
 *
 * @module
 */

import type { FlagTable } from "../appliance/settings/flag.ts";
import type { SettingSetName } from "./settings/setting_sets.ts";

/** What help and completions tell of a command. */
export interface CommandFace {
  readonly name: string;
  /** One line without a full stop. */
  readonly summary: string;
  /** What follows the name, for instance `[APP] [OPTION…]`. */
  readonly usage: string;
  /** Paragraphs. */
  readonly details: readonly string[];
  readonly examples: readonly string[];
  readonly flags: FlagTable;
  /** The settings that it takes as flags too. */
  readonly settings: SettingSetName | undefined;
  /** Words that its first argument may be. */
  readonly words?: readonly string[];
}
