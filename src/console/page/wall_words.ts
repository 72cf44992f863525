/**
 * Stations as tiles of a wall; the same with and without JavaScript.
 *
 * @module
 */

import { compareNames } from "../../core/name_order.ts";
import type { MemberView } from "../member_view.ts";
import type { StandingAlarm } from "../panels.ts";
import type { Speech } from "./speech.ts";

/** The look of a tile, the worst first. */
export const TILE_LOOKS = ["emergency", "lost", "late", "starting", "paused", "ok"] as const;

/** One of {@linkcode TILE_LOOKS}. */
export type TileLook = typeof TILE_LOOKS[number];

/** The content of a station's tile. */
export interface WallTile {
  /** Identifies the tile. */
  readonly key: string;
  readonly place: string;
  readonly look: TileLook;
  /** The member in the worst state; empty if all are healthy. */
  readonly name: string;
  readonly words: string;
  /** How many members run, of how many. */
  readonly share: string;
}

/** The part of a member that a wall needs. */
export type WallMember = Pick<
  MemberView,
  | "id"
  | "protocol"
  | "name"
  | "station"
  | "address"
  | "state"
  | "since"
  | "pause"
  | "acknowledgement"
>;

/** The part of an alarm that a wall needs. */
export type WallAlarm = Pick<StandingAlarm, "name" | "priority">;

/** The content of a wall. */
export interface WallPicture {
  readonly members: Iterable<WallMember>;
  /** Number of phones; null without that role. */
  readonly phones: number | null;
  /** The instrument's standing alarms, in order of first arrival. */
  readonly alarms: readonly WallAlarm[];
  /** Identities of headsets that were told to stop. */
  readonly stopped: ReadonlySet<string>;
  readonly isHostPaused: boolean;
  /** The host's wall clock in milliseconds. */
  readonly wallMs: number;
  /** Whether the state is unknown now, so that the wall shows the past. */
  readonly isSilent: boolean;
}

interface Station {
  readonly place: string;
  readonly members: WallMember[];
}

/** From this many tiles on, healthy stations share one. */
export const TILES_MAX = 16;

/** Shorter durations are shown with tenths elsewhere, in milliseconds. */
const TENTHS_MS = 10_000;

/** Tiles in the order of their names, whatever their state. */
export function tilesOf(picture: WallPicture, speech: Speech): WallTile[] {
  const stations = new Map<string, Station>();
  for (const member of picture.members) {
    const place = placeOf(member, speech);
    const station = stations.get(place) ?? { place, members: [] };
    station.members.push(member);
    stations.set(place, station);
  }
  const tiles = [...stations.values()].map((station) => {
    const tile = tileOf(station, picture, speech);
    return station.members.some(({ protocol }) => protocol === "hev")
      ? withAlarms(tile, picture, speech)
      : tile;
  });
  if (picture.phones !== null) tiles.push(phoneTile(picture.phones, picture.isSilent, speech));
  tiles.sort((one, other) => compareNames(one.place, other.place));
  return tiles.length <= TILES_MAX ? tiles : joinHealthy(tiles, picture.isSilent, speech);
}

function placeOf({ protocol, station, address }: WallMember, { text }: Speech): string {
  if (protocol === "mlf") return text("bar.headsets");
  if (protocol === "hev") return text("bar.instrument");
  return station ?? address;
}

function tileOf({ place, members }: Station, picture: WallPicture, speech: Speech): WallTile {
  const { text } = speech;
  const looks = new Map(members.map((member) => [member, lookOf(member, picture)]));
  const look = TILE_LOOKS.find((each) => [...looks.values()].includes(each)) ?? "ok";
  const worst = members.filter((member) => looks.get(member) === look)
    .sort((one, other) => Date.parse(other.since) - Date.parse(one.since));
  const running = [...looks.values()].filter((each) => each === "ok").length;
  const share = text("wall.share", { running, total: members.length });
  const [first] = worst;
  if (look === "ok" || first === undefined) {
    const key = picture.isSilent ? "wall.was-running" : "wall.running";
    return { key: place, place, look: "ok", name: "", words: text(key), share };
  }
  const given = first.name === "" ? text("members.no-name") : first.name;
  const name = worst.length === 1
    ? given
    : text("wall.and-more", { name: given, more: worst.length - 1 });
  return { key: place, place, look, name, words: wordsOf(first, look, picture, speech), share };
}

function lookOf({ id, state, pause }: WallMember, picture: WallPicture): TileLook {
  if (picture.stopped.has(id)) return "emergency";
  if (pause !== null || picture.isHostPaused) return "paused";
  switch (state) {
    case "lost":
    case "gone":
      return "lost";
    case "late":
      return "late";
    case "ok":
      return "ok";
    default:
      return "starting";
  }
}

function wordsOf(
  { state, since, pause, acknowledgement }: WallMember,
  look: Exclude<TileLook, "ok">,
  { wallMs, isSilent }: WallPicture,
  speech: Speech,
): string {
  const { text } = speech;
  if (look === "paused") {
    const until = pause?.until ?? null;
    if (until !== null && !isSilent) {
      return text("wall.until", { time: speech.timeOfDay(Date.parse(until)).slice(0, 5) });
    }
    return text(isSilent ? "wall.was.paused" : "wall.paused");
  }
  if (isSilent) return text(`wall.was.${look}`);
  if (look === "starting" && state === "unknown") return text("state.unknown");
  if (look !== "lost") return text(`wall.${look}`);
  if (acknowledgement !== null) return text("care.by", { who: acknowledgement.by });
  const silentMs = Math.max(0, wallMs - Date.parse(since));
  // Tenths of seconds would flicker.
  const duration = silentMs < TENTHS_MS
    ? text("time.seconds", { n: Math.floor(silentMs / 1000) })
    : speech.duration(silentMs);
  return text("wall.lost", { duration });
}

/** The tile of an instrument that runs, with the alarms that count for the verdict. */
function withAlarms(tile: WallTile, picture: WallPicture, { text }: Speech): WallTile {
  const { alarms, isSilent } = picture;
  const high = alarms.filter(({ priority }) => priority === "PRIORITY_HIGH");
  const medium = alarms.filter(({ priority }) => priority === "PRIORITY_MEDIUM");
  const [first] = [...high, ...medium];
  if (first === undefined || tile.look !== "ok") return tile;
  const more = high.length + medium.length - 1;
  return {
    ...tile,
    look: high.length > 0 ? "emergency" : "late",
    name: more === 0 ? first.name : text("wall.and-more", { name: first.name, more }),
    words: text(isSilent ? "wall.was.alarm" : "wall.alarm"),
  };
}

function phoneTile(count: number, isSilent: boolean, { text }: Speech): WallTile {
  const place = text("trigger.title");
  const words = text(isSilent ? "wall.were-woken" : "wall.woken");
  return { key: place, place, look: "ok", name: "", words, share: String(count) };
}

/** Merges healthy stations into one tile, after all others. */
function joinHealthy(tiles: readonly WallTile[], isSilent: boolean, { text }: Speech): WallTile[] {
  const healthy = tiles.filter(({ look }) => look === "ok");
  const others = tiles.filter(({ look }) => look !== "ok");
  if (healthy.length === 0) return others;
  const place = text("wall.stations", { count: healthy.length });
  const words = text(isSilent ? "wall.was-running" : "wall.running");
  return [...others, { key: "", place, look: "ok", name: "", words, share: "" }];
}
