/**
 * The ventilator of a simulated host: its settings, and who plays it.
 *
 * @module
 */

import type { HostPause } from "./expectation.ts";
import { Instrument } from "./instrument.ts";
import type { Part } from "./part.ts";
import { Player, recordingOf, tapeOf } from "./player.ts";
import type { Random } from "./random.ts";
import { recordingPath } from "./recordings.ts";
import type { Flags, World } from "./world.ts";

/** How many steps of a recording come in a second at most, so that a run stays short. */
const STEPS_PER_SECOND_MAX = 3;
/** How long a recording says nothing at first: only what it sends tells the host that a client has left. */
const SILENT_MS_MAX = 45_000;
const SPEEDS = ["0.5", "1", "1", "2", "3", "10"] as const;

/** The peers of the HEV role. */
export interface Hev extends Part {
  /** @throws {Error} unless each alarm that was listed was told once. */
  finish(told: readonly { readonly alarm: string; readonly priority: string }[]): void;
  /** Whoever only listens goes. */
  leave(): void;
}

/** The ventilator that a host's settings name, on a serial line or recorded. */
export function hevOf(world: World, settings: Flags, hostPause: () => HostPause): Hev {
  return recordingOf(settings) === undefined
    ? new Instrument(world, settings, hostPause)
    : new Player(world, settings, hostPause);
}

/** Which ventilator a host has, and which clients. */
export function hevSettingsOf(random: Random): Flags {
  return random.chance(0.5) ? serialSettings(random) : playedSettings(random);
}

function serialSettings(random: Random): Flags {
  const hevController = random.pick(["a0", "a1-packed", "aa", "b6"]);
  return {
    hev: true,
    hevSource: random.pick(["serial:auto", "serial:/dev/ttyACM0"]),
    hevController,
    ...dialects(hevController !== "aa", random),
  };
}

function playedSettings(random: Random): Flags {
  const played = playedFile(random);
  const { items, passMs } = tapeOf(played);
  const stepsPerSecond = items.length / passMs * 1_000;
  const speeds = SPEEDS.filter((speed) => stepsPerSecond * Number(speed) <= STEPS_PER_SECOND_MAX);
  const firstValueMs = items.find(({ kind }) => kind === "value")?.atMs ?? 0;
  const slow = Math.max(1 / stepsPerSecond, firstValueMs / SILENT_MS_MAX).toFixed(3);
  return {
    hev: true,
    ...played,
    hevSpeed: random.pick(speeds.length === 0 ? [slow] : speeds),
    ...(random.chance(0.5) ? { hevAlarmIntervalMs: random.pick(["0s", "5s", "60s"]) } : {}),
    ...(random.chance(0.5) ? { hevAlarmSeed: String(random.whole(1, 1_000)) } : {}),
    ...dialects(!/aa-/i.test(recordingOf(played) ?? ""), random),
  };
}

function playedFile(random: Random): Flags {
  const path = recordingPath(random);
  return {
    ...random.pick([
      { hevSource: `dump:${path}` },
      { hevSource: `dump:${path}` },
      { hevSource: `dump:${path}` },
      { inputFile: path },
      random.pick([{ hevSource: "dump" }, { useDumpData: true }, { useDumpFile: true }]),
      {
        hevSource: `dump:${
          random.pick([
            "byteArray.dump",
            "sample.txt",
            "dump-AA-20200526.dump",
            "B6-20200805.dump",
          ])
        }`,
      },
    ]),
    ...(random.chance(0.2) ? { hevBigEndian: true } : {}),
  };
}

/** Version 0xAA promises a packet each 50 ms to newer clients, which would fill each run. */
function dialects(hasNewer: boolean, random: Random): Flags {
  const known = hasNewer ? ["seed", "nul"] : ["seed"];
  return { hevWebDialect: random.pick(known), hevNativeDialect: random.pick(known) };
}
