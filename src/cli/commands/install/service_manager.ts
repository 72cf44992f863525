/**
 * Tells systemd and udev that their files have changed.
 *
 * @module
 */

import { messageOf } from "../../../core/message_of.ts";
import { PLACES } from "./plan.ts";

/** A command and what it is for. */
export interface SystemStep {
  readonly words: readonly string[];
  /** Whether the rest is of no use if it fails. */
  readonly isNeeded: boolean;
}

/** After files were written. */
export const START_STEPS: readonly SystemStep[] = [
  { words: ["udevadm", "control", "--reload"], isNeeded: false },
  { words: ["udevadm", "trigger", "--subsystem-match=tty"], isNeeded: false },
  { words: ["sysctl", "-p", PLACES.ports], isNeeded: false },
  { words: ["systemctl", "daemon-reload"], isNeeded: true },
  { words: ["systemctl", "enable", "pulsebox.service"], isNeeded: true },
  { words: ["systemctl", "restart", "pulsebox.service"], isNeeded: true },
];
/** Before files are removed. */
export const STOP_STEPS: readonly SystemStep[] = [
  { words: ["systemctl", "disable", "--now", "pulsebox.service"], isNeeded: false },
];
/** After files were removed. */
export const FORGET_STEPS: readonly SystemStep[] = [
  { words: ["systemctl", "daemon-reload"], isNeeded: false },
];

/**
 * Runs steps one after the other.
 *
 * @throws {Error} if a needed one fails; the message is what it said.
 */
export async function runSteps(steps: readonly SystemStep[]): Promise<void> {
  for (const { words: [program = "", ...args], isNeeded } of steps) {
    const problem = await runStep(program, args);
    if (problem !== undefined && isNeeded) {
      throw new Error(`Cannot run "${[program, ...args].join(" ")}": ${problem}`);
    }
  }
}

async function runStep(program: string, args: readonly string[]): Promise<string | undefined> {
  try {
    const { success, stderr } = await new Deno.Command(program, {
      args: [...args],
      stdin: "null",
      stdout: "null",
    }).output();
    if (success) return undefined;
    return new TextDecoder().decode(stderr).trim().replaceAll("\n", "; ") || "it failed";
  } catch (error) {
    return error instanceof Deno.errors.NotFound ? "there is no such program" : messageOf(error);
  }
}
