/**
 * `pulsebox hev record`.
 *
 * @module
 */

import { fileReason } from "../../../store/file_error.ts";
import { openFresh } from "../../../store/safe_place.ts";
import { captureHead, captureLine } from "../../../wire/hev/capture.ts";
import { payloadLine } from "../../../wire/hev/dump_payloads.ts";
import { payloadOfAlarmName, payloadOfPacket } from "../../../wire/hev/packet_payload.ts";
import type { HevPacket } from "../../../wire/hev/packet_reader.ts";
import { STATUS_DONE, STATUS_FAILED } from "../../exit_status.ts";
import type { HevTool } from "./tool.ts";
import { clientOf } from "./values.ts";

/** Writes what a server broadcasts to a file, until a signal or `--for` ends it. */
export const record: HevTool = async (call, plan, signal) => {
  const [path = ""] = call.positionals;
  let file: Deno.FsFile;
  try {
    file = openFresh(path, call.values.force === true);
  } catch (error) {
    const detail = isFolder(path)
      ? "it is a folder, not a file"
      : error instanceof Deno.errors.AlreadyExists
      ? "it exists already; --force replaces it"
      : fileReason(error, path, "write");
    await call.terminal.complain(`pulsebox: Cannot write "${path}": ${detail}\n`);
    return STATUS_FAILED;
  }
  using _file = file;
  const writer = plan.format === "capture" ? new CaptureWriter() : new DumpWriter();
  let packets = 0;
  {
    await using client = clientOf(plan, signal, call.terminal);
    for await (const packet of client.packets()) {
      const text = writer.add(packet, performance.now());
      if (text === "") continue;
      await writeAll(file, text);
      if (++packets === plan.count) break;
    }
  }
  const left = writer.left === 0 ? "" : `, ${writer.left} fit no payload and were left out`;
  await call.terminal.complain(`${packets} packets in "${path}"${left}\n`);
  return packets > 0 ? STATUS_DONE : STATUS_FAILED;
};

function isFolder(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    // Whatever it is, it is no folder that can be told of.
    return false;
  }
}

/** Packets with their times. */
class CaptureWriter {
  readonly left = 0;
  #startAt: number | undefined;

  /** The text to append for a packet; empty if there is none. */
  add({ dialect, text }: HevPacket, now: number): string {
    const head = this.#startAt === undefined ? captureHead(dialect) : "";
    this.#startAt ??= now;
    return head + captureLine({ atMs: now - this.#startAt, text });
  }
}

/** Payloads as the original wrote them. */
class DumpWriter {
  left = 0;
  #alarms: ReadonlySet<string> = new Set();

  /** The text to append for a packet; empty if there is none. */
  add(packet: HevPacket): string {
    if (!("values" in packet)) return "";
    const payload = payloadOfPacket(packet);
    if (payload === undefined) {
      this.left++;
      return "";
    }
    return this.#newAlarms(packet) + payloadLine(payload);
  }

  /** In the older dialect, an alarm is reported by its appearance in the list. */
  #newAlarms(packet: Extract<HevPacket, { values: unknown }>): string {
    if (packet.dialect === "nul") return "";
    const before = this.#alarms;
    this.#alarms = new Set(packet.alarms);
    const version = Number(packet.values["version"]);
    return packet.alarms.filter((name) => !before.has(name)).map((name) => {
      const payload = payloadOfAlarmName(version, name);
      return payload === undefined ? "" : payloadLine(payload);
    }).join("");
  }
}

async function writeAll(file: Deno.FsFile, text: string): Promise<void> {
  for (let rest = new TextEncoder().encode(text); rest.length > 0;) {
    rest = rest.subarray(await file.write(rest));
  }
}
