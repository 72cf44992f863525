/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * The page of a fleet: polls the console, and shows a verdict only while the console answers.
 *
 * @module
 */

import type { FleetFinding, FleetHost, FleetStatus } from "../panels.ts";
import { complainOf, get } from "./api.ts";
import { byId, element, setText } from "./dom.ts";
import { CONDITION_KEYS, hostGroups, tileOf } from "./fleet_words.ts";
import { Reload, takeOver } from "./reload.ts";
import { speech, text } from "./say.ts";
import { VerdictBand } from "./verdict_band.ts";

/** How often the console is asked, in milliseconds. */
const ASK_MS = 2_000;
/** How old the last answer may be for its verdict to count, in milliseconds. */
const NEWS_MS_MAX = 5_000;
/** How long somebody may pause while typing, in milliseconds. */
const TYPING_MS = 250;

takeOver();

const band = new VerdictBand();
const query = document.getElementById("query");
const tiles = new Map<string, HTMLLIElement>();
let shown: readonly FleetHost[] = [];
const reload = new Reload();
/** When the page requested what it shows. */
let askedAt = performance.now();

let typing: ReturnType<typeof setTimeout> | undefined;

query?.addEventListener("input", () => {
  filter();
  clearTimeout(typing);
  typing = setTimeout(() => find().catch(complainOf), TYPING_MS);
});
document.getElementById("search")?.addEventListener("submit", (event) => event.preventDefault());
setInterval(watch, 1_000);
setInterval(() => ask().catch(complainOf), ASK_MS);
await ask();

async function ask(): Promise<void> {
  const now = performance.now();
  try {
    const [status, { hosts }] = await Promise.all([
      get<FleetStatus>("api/v1/fleet/status"),
      get<{ hosts: FleetHost[] }>("api/v1/fleet"),
    ]);
    // Ignore an answer that took too long, or that a later one has overtaken.
    if (performance.now() - now > NEWS_MS_MAX || now < askedAt) return;
    askedAt = now;
    band.tell(status);
    band.hear();
    show(hosts);
    await find();
  } catch {
    // Without an answer the state is unknown, which the watchdog shows.
  }
}

function watch(): void {
  const ageMs = performance.now() - askedAt;
  if (ageMs > NEWS_MS_MAX) {
    band.silence();
    document.body.classList.add("silent");
  } else {
    document.body.classList.remove("silent");
  }
  reload.consider(ageMs, () => performance.now() - askedAt > NEWS_MS_MAX);
}

function show(hosts: readonly FleetHost[]): void {
  shown = hosts;
  const names = new Set(hosts.map(({ host }) => host));
  for (const [name, tile] of tiles) {
    if (names.has(name)) continue;
    tile.remove();
    tiles.delete(name);
  }
  const sections = hostGroups(hosts, speech).map(([label, group]) =>
    element(
      "section",
      {},
      element("h2", {}, label),
      element("ul", { class: "tiles" }, ...group.map(draw)),
    )
  );
  const place = byId("hosts");
  // Do not reorder the tiles while one of them holds the focus.
  if (place.contains(document.activeElement) && sameHosts(place, hosts)) {
    for (const host of hosts) draw(host);
  } else {
    place.replaceChildren(...sections);
  }
  filter();
}

function sameHosts(place: HTMLElement, hosts: readonly FleetHost[]): boolean {
  return place.querySelectorAll(".tile").length === hosts.length &&
    hosts.every(({ host }) => tiles.get(host)?.isConnected === true);
}

function draw(host: FleetHost): HTMLLIElement {
  const { look, name, sentence, members, url } = tileOf(host, speech);
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
  tile.className = `tile ${look}`;
  const [said, count] = tile.querySelectorAll("p");
  if (said !== undefined) setText(said, sentence);
  if (count !== undefined) setText(count, members);
  return tile;
}

/** Shows the hosts whose name, label or sentence contains the search text. */
function filter(): void {
  const wanted = asked().toLowerCase();
  for (const host of shown) {
    const tile = tiles.get(host.host);
    if (tile === undefined) continue;
    const said = `${host.host} ${host.label ?? ""} ${host.headline ?? ""}`.toLowerCase();
    tile.hidden = !said.includes(wanted);
  }
  for (const section of document.querySelectorAll<HTMLElement>("#hosts section")) {
    section.hidden = section.querySelector(".tile:not([hidden])") === null;
  }
}

function asked(): string {
  return query instanceof HTMLInputElement ? query.value.trim() : "";
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
