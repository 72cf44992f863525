/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * The page for a wall: stations as tiles, no controls, legible across a hall.
 *
 * @module
 */

import type { HostSummary, Snapshot } from "../live/snapshot.ts";
import type { MemberView } from "../member_view.ts";
import type { GameClient, StandingAlarm } from "../panels.ts";
import { byId, setText } from "./dom.ts";
import { isNight } from "./night.ts";
import { HOST_STREAM, Live } from "./live.ts";
import { takeOver } from "./reload.ts";
import { speech, text } from "./say.ts";
import { VerdictBand } from "./verdict_band.ts";
import { WallGrid } from "./wall_grid.ts";
import { tilesOf } from "./wall_words.ts";

const TICK_MS = 1_000;

takeOver();

const band = new VerdictBand();
const grid = new WallGrid();
const members = new Map<string, MemberView>();
const dim = new URLSearchParams(location.search).get("dim");
let stopped: ReadonlySet<string> = new Set();
let phones: number | null = null;
let alarms: readonly StandingAlarm[] = [];
let isHostPaused = false;
let isSilent = false;
let hasSnapshot = false;
let frame = 0;
/** The host's clock at the last news, and when the news arrived. */
let toldWallMs = Date.parse(byId("verdict").dataset["made"] ?? "");
let toldAt = performance.now();

function begin(snapshot: Snapshot): void {
  hasSnapshot = true;
  members.clear();
  for (const member of snapshot.members) members.set(member.id, member);
  takeGames(snapshot.games ?? []);
  phones = snapshot.trigger?.clients ?? null;
  alarms = snapshot.alarms ?? [];
  takeHost(snapshot.host);
  takeTime(snapshot.at);
}

function takeGames(clients: readonly GameClient[]): void {
  const ids = clients.filter(({ emergency }) => emergency).map(({ id }) => `mlf/${id}`);
  stopped = new Set(ids);
  showSoon();
}

function takeHost(host: HostSummary): void {
  band.tell(host);
  isHostPaused = host.pause !== null;
  showSoon();
}

function takeTime(at: string): void {
  toldWallMs = Date.parse(at);
  toldAt = performance.now();
}

function wallNow(): number {
  return toldWallMs + performance.now() - toldAt;
}

function showSoon(): void {
  if (frame !== 0) return;
  frame = requestAnimationFrame(() => {
    frame = 0;
    if (!hasSnapshot) return;
    const told = { members: members.values(), phones, alarms, stopped };
    const picture = { ...told, isHostPaused, isSilent };
    grid.show(tilesOf({ ...picture, wallMs: wallNow() }, speech));
  });
}

function tick(): void {
  const time = speech.timeOfDay(wallNow());
  setText(byId("clock"), time.slice(0, 5));
  const ageMs = performance.now() - toldAt;
  setText(
    byId("news"),
    isSilent ? text("wall.no-news") : text("wall.news", { duration: speech.duration(ageMs) }),
  );
  document.body.classList.toggle("dimmed", dim !== null && isNight(time, dim));
  showSoon();
}

new Live(HOST_STREAM, {
  snapshot: begin,
  member(member) {
    members.set(member.id, member);
    showSoon();
  },
  forgotten({ id }) {
    members.delete(id);
    showSoon();
  },
  host: takeHost,
  games: takeGames,
  pulse({ at, trigger }) {
    phones = trigger?.clients ?? phones;
    takeTime(at);
  },
  alarms(standing) {
    alarms = standing;
    showSoon();
  },
  // Another tab may need these events, because a browser has only one stream.
  happened() {},
  strips() {},
  waves() {},
}, {
  news() {
    isSilent = false;
    document.body.classList.remove("silent");
    band.hear(wallNow());
  },
  silence() {
    isSilent = true;
    document.body.classList.add("silent");
    band.silence();
    tick();
  },
});
setInterval(tick, TICK_MS);
tick();
