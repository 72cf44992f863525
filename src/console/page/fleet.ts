/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * The page of a fleet: shows what the console tells, and a verdict only while it tells something.
 *
 * @module
 */

import type { FleetNews } from "../live/fleet_feed.ts";
import type { FleetFinding, FleetHost } from "../panels.ts";
import { complainOf, get } from "./api.ts";
import { byId, element, setText } from "./dom.ts";
import { CONDITION_KEYS, hostGroups, tileOf } from "./fleet_words.ts";
import { arrange } from "./keyed_list.ts";
import { FLEET_STREAM, Live } from "./live.ts";
import { NewsClock } from "./news_clock.ts";
import { PageTurner } from "./page_turner.ts";
import { takeOver } from "./reload.ts";
import { speech, text } from "./say.ts";
import { VerdictBand } from "./verdict_band.ts";

/** How often the silence of hosts is counted on, in milliseconds. */
const TICK_MS = 1_000;
/** How long somebody may pause while typing, in milliseconds. */
const TYPING_MS = 250;
/** How often members are looked for again while hosts change, in milliseconds. */
const FIND_MS = 2_000;

/** A host as it was told, and when, on the page's clock. */
interface Told {
  readonly host: FleetHost;
  readonly at: number;
}

takeOver();

const band = new VerdictBand();
const query = document.getElementById("query");
const turner = document.body.classList.contains("wall") ? new PageTurner(byId("hosts")) : undefined;
const tiles = new Map<string, HTMLLIElement>();
const told = new Map<string, Told>();
/** The halls by their labels. */
const sections = new Map<string, { readonly whole: HTMLElement; readonly list: HTMLElement }>();
let finding: ReturnType<typeof setTimeout> | undefined;
let foundAt = -Infinity;
/** The host's clock at the last news, and when the news arrived. */
let toldWallMs = Date.parse(byId("verdict").dataset["made"] ?? "");
let toldAt = performance.now();
let isSilent = false;
const clock = new NewsClock(() => toldWallMs + performance.now() - toldAt);

query?.addEventListener("input", () => {
  filter();
  clearTimeout(finding);
  finding = setTimeout(findNow, TYPING_MS);
});
document.getElementById("search")?.addEventListener("submit", (event) => event.preventDefault());
setInterval(tick, TICK_MS);

new Live(FLEET_STREAM, {
  // All that the page shows is told of the fleet.
  snapshot() {},
  fleet: take,
}, {
  news() {
    hush(false);
    clock.hear();
    band.hear(toldWallMs);
  },
  silence() {
    hush(true);
    band.silence();
  },
});

/** Without news everything stands still, and the page says so. */
function hush(silent: boolean): void {
  isSilent = silent;
  document.body.classList.toggle("silent", silent);
  const notice = byId("as-of");
  notice.hidden = !silent;
  setText(notice, text("silent.as-it-was", { time: band.time }));
}

function take({ at: madeAt, all, status, hosts, forgotten }: FleetNews): void {
  const at = performance.now();
  toldWallMs = Date.parse(madeAt);
  toldAt = at;
  if (all) told.clear();
  for (const name of forgotten) told.delete(name);
  const changed = hosts.map((host) => ({ host, at }));
  for (const each of changed) told.set(each.host.host, each);
  band.tell(status);
  if (!all && hosts.length === 0 && forgotten.length === 0) return;
  show(changed);
  findSoon();
}

/** A host as it is now: its silence goes on. */
function hostNow({ host, at }: Told): FleetHost {
  const { silentMs } = host;
  return silentMs === null ? host : { ...host, silentMs: silentMs + performance.now() - at };
}

function tick(): void {
  if (isSilent) return;
  for (const each of told.values()) if (each.host.state !== "ok") draw(hostNow(each));
  turner?.arrange();
}

/** @param changed Hosts that are not as they were shown. */
function show(changed: readonly Told[]): void {
  for (const [name, tile] of tiles) {
    if (told.has(name)) continue;
    tile.remove();
    tiles.delete(name);
  }
  for (const each of changed) draw(hostNow(each));
  const place = byId("hosts");
  const isShown = [...tiles.values()].every((tile) => place.contains(tile));
  // Do not reorder the tiles while one of them holds the focus.
  if (!isShown || !place.contains(document.activeElement)) order(place);
  filter();
  turner?.arrange();
}

/** Moves only those tiles whose place has changed. */
function order(place: HTMLElement): void {
  const groups = hostGroups([...told.values()].map(({ host }) => host), speech);
  const labels = new Set(groups.map(([label]) => label));
  for (const label of sections.keys()) if (!labels.has(label)) sections.delete(label);
  const wanted = groups.map(([label, hosts]) => {
    let section = sections.get(label);
    if (section === undefined) {
      const list = element("ul", { class: "hosts" });
      section = { list, whole: element("section", {}, element("h2", {}, label), list) };
      sections.set(label, section);
    }
    arrange<Element>(section.list, hosts.flatMap(({ host }) => tiles.get(host) ?? []));
    return section.whole;
  });
  arrange<Element>(place, wanted);
}

function draw(host: FleetHost): HTMLLIElement {
  const { look, name, sentence, isHosts, members, url } = tileOf(host, speech);
  let tile = tiles.get(name);
  if (tile === undefined || tile.dataset["url"] !== (url ?? "")) {
    tile = element(
      "li",
      {},
      url === null ? element("strong", {}, name) : element("a", { href: url }, name),
      element("p", { class: "said" }),
      element("p", { class: "members" }),
    );
    tile.dataset["url"] = url ?? "";
    tiles.set(name, tile);
  }
  if (tile.className !== `host ${look}`) tile.className = `host ${look}`;
  const [said, count] = tile.querySelectorAll("p");
  if (said !== undefined) {
    setText(said, sentence);
    if (isHosts) said.lang = "en";
    else said.removeAttribute("lang");
  }
  if (count !== undefined) setText(count, members);
  return tile;
}

/** Shows the hosts whose name, label or sentence contains the search text. */
function filter(): void {
  const wanted = asked().toLowerCase();
  for (const { host } of told.values()) {
    const tile = tiles.get(host.host);
    if (tile === undefined) continue;
    const said = `${host.host} ${host.label ?? ""} ${host.headline ?? ""}`.toLowerCase();
    tile.hidden = !said.includes(wanted);
  }
  for (const section of document.querySelectorAll<HTMLElement>("#hosts section")) {
    section.hidden = section.querySelector(".host:not([hidden])") === null;
  }
}

function asked(): string {
  return query instanceof HTMLInputElement ? query.value.trim() : "";
}

/** Looks for members again, if somebody looks for some; not too often. */
function findSoon(): void {
  if (asked() === "") return;
  finding ??= setTimeout(findNow, Math.max(0, foundAt + FIND_MS - performance.now()));
}

function findNow(): void {
  finding = undefined;
  foundAt = performance.now();
  find().catch(complainOf);
}

/** Shows the members of all hosts whose name contains the search text. */
async function find(): Promise<void> {
  const place = document.getElementById("found");
  if (place === null) return;
  const wanted = asked();
  if (wanted === "") {
    place.hidden = true;
    return;
  }
  const path = `api/v1/fleet/members?q=${encodeURIComponent(wanted)}`;
  const { members, total } = await get<{ members: FleetFinding[]; total: number }>(path);
  // The search text has changed meanwhile.
  if (wanted !== asked()) return;
  place.hidden = false;
  setText(byId("found-count"), text("fleet.found", { count: total }));
  byId("findings").replaceChildren(...members.map(drawFinding));
}

function drawFinding({ name, station, state, host, url }: FleetFinding): HTMLLIElement {
  const isLink = url !== null && /^https?:\/\//i.test(url);
  const said = text(CONDITION_KEYS[state]);
  return element(
    "li",
    { class: state },
    element("strong", {}, name),
    ` · ${said}${station === null ? "" : ` · ${station}`} · `,
    isLink ? element("a", { href: url }, host) : host,
  );
}
