/**
 * `pulsebox hev replay`.
 *
 * @module
 */

import { HevReplay } from "../../../clients/hev/replay.ts";
import { messageOf } from "../../../core/message_of.ts";
import { sleep } from "../../../net/sleep.ts";
import { fileReason } from "../../../store/file_error.ts";
import { readCapture } from "../../../wire/hev/capture.ts";
import { STATUS_DONE, STATUS_FAILED } from "../../exit_status.ts";
import type { HevInvocation, HevPlan, HevTool } from "./tool.ts";

/** Plays a capture as it is, or a recording of the originals' formats as a whole server. */
export const replay: HevTool = async (call, plan, signal) => {
  const [path = ""] = call.positionals;
  let text: string;
  try {
    text = await call.readTextFile(path);
  } catch (error) {
    await call.terminal.complain(`pulsebox: Cannot read "${path}": ${fileReason(error, path)}\n`);
    return STATUS_FAILED;
  }
  const capture = readCapture(text);
  if (capture === undefined) return await serve(call, plan, path);
  const { hostname, port, speed } = plan;
  try {
    await using playing = new HevReplay({
      capture,
      address: { hostname, port },
      speed,
      repeat: call.values.once === true ? "once" : "endless",
      begin: "first-client",
    });
    await call.terminal.write(`Replaying on ${playing.url}\n`);
    await Promise.race([playing.finished, sleep(Infinity, signal)]);
  } catch (error) {
    await call.terminal.complain(`pulsebox: ${messageOf(error)}\n`);
    return STATUS_FAILED;
  }
  return STATUS_DONE;
};

/** Alarms, queries and both ports come along with a recording of payloads: that is the role. */
async function serve(
  { terminal, environment, readTextFile, commands }: HevInvocation,
  { hostname, port, queryPort, speed }: HevPlan,
  path: string,
): Promise<number> {
  const args = [
    "--hev",
    "--no-console",
    `--hev-source=dump:${path}`,
    `--hev-speed=${speed}`,
    `--hev-host=${hostname}`,
    `--hev-web-port=${port}`,
    `--hev-query-port=${queryPort}`,
    "--hev-native-port=0",
  ];
  const surroundings = { terminal, environment, readTextFile };
  return await commands.find(({ name }) => name === "serve")?.start(args, surroundings, commands) ??
    STATUS_FAILED;
}
