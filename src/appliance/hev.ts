/**
 * The HEV role of a host.
 *
 * @module
 */

import type { Logger } from "@logtape/logtape";
import type { PulseEvent } from "../core/events.ts";
import { DumpSource } from "../roles/hev/dump_source.ts";
import { EmulatorSource } from "../roles/hev/emulator_source.ts";
import { hevRules } from "../roles/hev/options.ts";
import { type HevNotice, HevRole } from "../roles/hev/role.ts";
import { SerialSource } from "../roles/hev/serial_source.ts";
import type { Source } from "../roles/hev/source.ts";
import { type BundledRecording, readRecordingFile } from "../store/recordings.ts";
import type { CommandLayout } from "../wire/hev/command_encoder.ts";
import { portOf } from "../net/tcp/listening.ts";
import { readRecording, RECORD_INTERVAL_MS, type Recording } from "../wire/hev/recording.ts";
import type { RoleContext } from "./heartbeat.ts";
import { sourceOfHev } from "./hev_source.ts";
import type { AddressSettings, ConnectionSettings, HevSettings } from "./settings.ts";
import { tellingSources } from "./telling_sources.ts";

/** Recordings to play if the settings name none: the oldest one, and a lively one. */
const RECORDINGS_DEFAULT: Readonly<Record<string, BundledRecording>> = {
  dump: "byteArray.dump",
  emulator: "dump-AA-20200526.dump",
};

const LAYOUTS: Readonly<Record<HevSettings["hevController"], CommandLayout>> = {
  "a0": "A0",
  "a1": "A1 aligned",
  "a1-packed": "A1 packed",
  "aa": "AA",
  "b6": "B6",
};

/** A recording that is played slowly may be silent for this many of its steps. */
const STEPS_OF_SILENCE = 3;

/** Opens the role's roster; returns a function that listens once earlier records are restored. */
export async function prepareHev(
  settings: HevSettings & ConnectionSettings & AddressSettings,
  { members, clock, log, events, places, now, wake, meta }: RoleContext,
): Promise<() => HevRole> {
  const at = async (port: number) => portOf(await places(settings.hevHost, port));
  const web = await at(settings.hevWebPort);
  const native = await at(settings.hevNativePort);
  const query = await at(settings.hevQueryPort);
  members.open(hevRules());
  return () =>
    HevRole.start({
      source: sourceOf(settings, { now, log: log.getChild("hev") }),
      members,
      now,
      wake,
      clock,
      keeper: meta,
      broadcast: [
        { ...web, dialect: settings.hevWebDialect },
        { ...native, dialect: settings.hevNativeDialect },
      ],
      query,
      dataIntervalMs: settings.hevIntervalMs,
      packetBytesMax: settings.hevPacketBytesMax,
      silenceMs: silenceOf(settings),
      firstByteMs: settings.firstByteTimeoutMs,
      requestMs: settings.hevQueryTimeoutMs,
      limits: {
        connectionsMax: settings.connectionsMax,
        connectionsPerAddressMax: settings.connectionsPerAddressMax,
        writeStallMs: settings.writeTimeoutMs,
        sources: tellingSources(settings, log.getChild("hev")),
      },
      onNotice: (notice) => {
        tell(log.getChild("hev"), notice);
        const event = eventOf(notice, now());
        if (event !== undefined) events.publish(event);
      },
      onError: (error) => log.error("The HEV role failed: {error}", { error }),
    });
}

/** The source that the settings choose, in our notation or by the original server's flags. */
function sourceOf(
  settings: HevSettings,
  { now, log }: { readonly now: () => number; readonly log: Logger },
): Source {
  const source = sourceOfHev(settings);
  const colon = source.indexOf(":");
  const kind = colon < 0 ? source : source.slice(0, colon);
  const place = colon < 0 ? RECORDINGS_DEFAULT[kind] ?? "" : source.slice(colon + 1);
  const layout = LAYOUTS[settings.hevController];
  if (kind === "serial") return new SerialSource({ place, layout, now });
  const played = {
    place,
    recording: recordingOf(place, { settings, log }),
    now,
    speed: settings.hevSpeed,
    alarms: {
      everyMs: settings.hevAlarmIntervalMs === 0 ? Infinity : settings.hevAlarmIntervalMs,
      seed: settings.hevAlarmSeed,
    },
  };
  if (kind === "dump") return new DumpSource(played);
  if (played.recording.step(0, 0).bytes === undefined) {
    throw new Error(`Cannot emulate "${place}": its values fit no frame, play it as dump:${place}`);
  }
  return new EmulatorSource({ ...played, layout });
}

function silenceOf({ hevSilenceMs, hevSpeed }: HevSettings): number {
  if (hevSpeed >= 1) return hevSilenceMs;
  return Math.max(hevSilenceMs, STEPS_OF_SILENCE * RECORD_INTERVAL_MS / hevSpeed);
}

function recordingOf(
  file: string,
  { settings, log }: { readonly settings: HevSettings; readonly log: Logger },
): Recording {
  const recording = readRecording(readRecordingFile(file), {
    byteOrder: settings.hevBigEndian ? "big-endian" : "little-endian",
  });
  if ("reason" in recording) throw new Error(`${recording.reason}, in "${file}"`);
  const { skipped, length, firstFault } = recording;
  if (skipped > 0) {
    log.warning(
      'The recording "{file}" is damaged: {skipped} of {all} records or lines are left out. {fault}',
      { file, skipped, all: skipped + length, fault: firstFault },
    );
  }
  return recording;
}

function eventOf(notice: HevNotice, at: number): PulseEvent | undefined {
  if (notice.type !== "alarm" && notice.type !== "acknowledged") return undefined;
  const type = notice.type === "alarm" ? "alarm-raised" : "alarm-acknowledged";
  return { type, at, alarm: notice.name, priority: notice.priority };
}

function tell(log: Logger, notice: HevNotice): void {
  switch (notice.type) {
    case "source-up":
      return log.info("The controller's line is open: {place}", { place: notice.place });
    case "source-down":
      return log.warning("{problem}", { problem: notice.reason });
    case "trouble":
      return log.warning("{problem}", { problem: notice.reason });
    case "refused":
      return log.info("Refused a request: {reason}", { reason: notice.reason });
    case "alarm":
      return log.warning("Alarm {alarm}", { alarm: notice.name, priority: notice.priority });
    case "acknowledged":
      return log.info("Alarm {alarm} acknowledged", {
        alarm: notice.name,
        priority: notice.priority,
      });
  }
}
