/**
 * `pulsebox hev emulate`.
 *
 * @module
 */

import { HevEmulator } from "../../../clients/hev/emulator.ts";
import { messageOf } from "../../../core/message_of.ts";
import { Timer } from "../../../net/timer.ts";
import { readRecordingFile } from "../../../store/recordings.ts";
import type { ReceivedCommand } from "../../../wire/hev/controller.ts";
import { readRecording } from "../../../wire/hev/recording.ts";
import { STATUS_DONE, STATUS_FAILED } from "../../exit_status.ts";
import type { HevTool } from "./tool.ts";

const RECORDING_DEFAULT = "dump-AA-20200526.dump";
/** How often the end of a recording that plays once is checked, in milliseconds. */
const END_POLL_MS = 100;

/** Plays the microcontroller on a pseudo terminal and writes the commands that it gets. */
export const emulate: HevTool = async (call, plan, signal) => {
  const { terminal, values, positionals } = call;
  const path = values.file ?? positionals[0] ?? RECORDING_DEFAULT;
  try {
    const recording = readRecording(readRecordingFile(path));
    if ("reason" in recording) throw new Error(`${recording.reason}, in "${path}"`);
    if (recording.step(0, 0).bytes === undefined) {
      throw new Error(`Cannot emulate "${path}": its values fit no frame`);
    }
    await using emulator = await HevEmulator.open({
      recording,
      speed: plan.speed,
      repeat: values.once === true ? "once" : "endless",
      alarms: { everyMs: Infinity },
      link: values.tty,
      onCommand: (command) => {
        const text = values.json === true ? JSON.stringify(command) : describe(command);
        // The command reports at its end why output could not be written.
        terminal.write(`${text}\n`).catch(() => {});
      },
    });
    await terminal.complain(
      `The microcontroller is at ${values.tty ?? emulator.portPath}, use it with ` +
        `--hev-source serial:${values.tty ?? emulator.portPath}\n`,
    );
    await untilDone(emulator, signal);
    const { sent, acknowledged } = emulator.counters;
    await terminal.complain(`${sent} payloads sent, ${acknowledged} acknowledged\n`);
    return STATUS_DONE;
  } catch (error) {
    await terminal.complain(`pulsebox: ${messageOf(error)}\n`);
    return STATUS_FAILED;
  }
};

function describe({ cmdtype, cmd, param, version }: ReceivedCommand): string {
  const name = `${cmdtype ?? "unknown type"} ${cmd ?? "unknown command"}`;
  return `command ${name} ${param} (version 0x${version.toString(16).toUpperCase()})`;
}

async function untilDone(emulator: HevEmulator, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  using _ = Timer.every(END_POLL_MS, () => {
    if (emulator.isDone) resolve();
  });
  signal.addEventListener("abort", () => resolve(), { once: true });
  await promise;
}
