/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * The operator's page with JavaScript: the same table, live, with everything to operate.
 *
 * @module
 */

import type { HostSummary, Snapshot } from "../live/snapshot.ts";
import type { GameClient, StandingAlarm, TriggerFigures } from "../panels.ts";
import { complainOf, order } from "./api.ts";
import { Attention } from "./attention.ts";
import { offerCopy } from "./copy.ts";
import { button, byId, element, setHidden } from "./dom.ts";
import { idAround } from "./exhibit_row.ts";
import { Exhibits } from "./exhibits.ts";
import type { Games } from "./games.ts";
import { glide } from "./glide.ts";
import { Happenings } from "./history.ts";
import type { Instrument } from "./instrument.ts";
import { HOST_STREAM, Live } from "./live.ts";
import { PageAlerts } from "./page_alerts.ts";
import { NewsClock } from "./news_clock.ts";
import type { MemberPanel } from "./member_panel.ts";
import type { OutagesReport } from "./outages_report.ts";
import { MemberActions } from "./member_actions.ts";
import { fullNameOf } from "./member_words.ts";
import { MembersModel } from "./members_model.ts";
import { takeOver } from "./reload.ts";
import { english, speech, text } from "./say.ts";
import { Silence } from "./silence.ts";
import { Tiles } from "./tiles.ts";
import { TopBar, type View } from "./top_bar.ts";
import type { Trigger } from "./trigger.ts";
import { setUrl, urlValue } from "./url_state.ts";
import { VerdictBand } from "./verdict_band.ts";
import { hostPauseWords, lastRunWords } from "./words.ts";

takeOver();

const right = document.body.dataset["right"] === "write" ? "write" : "read";
const main = byId("main");
const band = new VerdictBand();
const silence = new Silence();
const complaint = button("", () => (complaint.hidden = true), {
  id: "complaint",
  class: "problem",
  hidden: true,
});
const notices = element("div");

const hostTools = element("div", { class: "host-tools", id: "host-pause" });
const bar = new TopBar(...(right === "write" ? [hostTools] : []));
const model = new MembersModel(
  () => performance.now(),
  (show) => live.showSoon(() => glide(show)),
);
// Until the first news, the clock runs from the time when the host made the page.
model.setClock(byId("verdict").dataset["made"] ?? "");
const clock = new NewsClock(() => model.wallMs);
// Load rarely used dialogs when they are first used.
async function testTelling(): Promise<void> {
  await (await import("./telling.ts")).testTelling();
}

const actions = new MemberActions(model);
const attention = new Attention(model, actions, right);
// The parts of roles that this host has not are not loaded.
const parts = new Set((document.body.dataset["parts"] ?? "").split(" "));
const tiles = new Tiles(parts, model, () => instrument?.read("pressure"));
const exhibits = new Exhibits(model, bar.search, right);
let panel: Promise<MemberPanel> | undefined;

/** Loads the panel when somebody first opens it. */
function withPanel(): Promise<MemberPanel> {
  return panel ??= import("./member_panel.ts").then((module) => {
    const made = new module.MemberPanel(model, actions, right);
    document.body.append(made.panel);
    return made;
  });
}

/** Shows a member next to the list. */
async function openPanel(id: string, opener: HTMLElement): Promise<void> {
  setUrl({ member: id }, "push");
  (await withPanel()).open(opener);
}

// A link to a member opens the panel here; with a modifier key, the browser handles it as usual.
document.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  if (link === null) return;
  const { pathname, searchParams } = new URL(link.href);
  const id = searchParams.get("member");
  if (id === null || pathname !== location.pathname) return;
  event.preventDefault();
  openPanel(id, link).catch(complainOf);
});
addEventListener("popstate", () => {
  if (urlValue("member") !== "") withPanel().catch(complainOf);
});
exhibits.selection.actions = actions;
const happenings = new Happenings(model);
const outages = element("section", { id: "outages", "aria-labelledby": "report-title" });
let report: Promise<OutagesReport> | undefined;

/** Loads the report when somebody wants to see it first. */
function withReport(): Promise<OutagesReport> {
  return report ??= import("./outages_report.ts").then((module) =>
    new module.OutagesReport(outages, bar.search, () => model.wallMs)
  );
}
bar.onView = (view) => {
  if (view === "outages") withReport().then((made) => made.show()).catch(complainOf);
};
const alerts = new PageAlerts();
let games: Games | undefined;
let trigger: Trigger | undefined;
let instrument: Instrument | undefined;

exhibits.section.addEventListener("click", ({ target }) => {
  const opener = target instanceof Element ? target.closest<HTMLElement>(".more") : null;
  const id = opener === null ? undefined : idAround(opener);
  const member = id === undefined ? undefined : model.get(id)?.member;
  if (opener === null || member === undefined) return;
  const details = () => openPanel(member.id, opener).catch(complainOf);
  import("./row_menu.ts").then(({ openMenu }) =>
    openMenu(opener, fullNameOf(member), actions.menuOf(member, right, details))
  ).catch(complainOf);
});

const gamesPart = parts.has("games") ? await import("./games.ts") : undefined;
const instrumentPart = parts.has("instrument") ? await import("./instrument.ts") : undefined;
const triggerPart = parts.has("trigger") ? await import("./trigger.ts") : undefined;

/** Whether the server's page has given way to the living one. */
function hasBegun(): boolean {
  return main.dataset["live"] !== undefined;
}

function begin(snapshot: Snapshot): void {
  if (!hasBegun()) {
    main.dataset["live"] = "";
    games = gamesPart && new gamesPart.Games(right);
    instrument = instrumentPart && new instrumentPart.Instrument(right);
    trigger = triggerPart && new triggerPart.Trigger();
    const overview = element(
      "div",
      { class: "overview" },
      attention.section,
      exhibits.section,
      tiles.column,
    );
    const empty = byId("empty");
    overview.prepend(empty);
    for (const command of empty.querySelectorAll("pre")) offerCopy(command);
    const sections = new Map<View, HTMLElement>([["exhibits", overview]]);
    if (games !== undefined) sections.set("headsets", games.section);
    if (instrument !== undefined) sections.set("instrument", instrument.section);
    if (trigger !== undefined) sections.set("phones", trigger.section);
    sections.set("outages", outages);
    sections.set("history", happenings.section);
    main.replaceChildren(complaint, silence.box, notices, ...sections.values());
    document.body.append(exhibits.selection.bar);
    if (urlValue("member") !== "") withPanel().catch(complainOf);
    bar.take(sections);
  }
  model.setClock(snapshot.at);
  model.replace(snapshot.members, snapshot.host.total);
  showGames(snapshot.games ?? []);
  showAlarms(snapshot.alarms ?? []);
  if (snapshot.trigger !== null) showPhones(snapshot.trigger);
  // Either nothing has had a place before, or all of the snapshot glides.
  showHost(snapshot.host, (change) => change());
}

function showGames(clients: readonly GameClient[]): void {
  games?.replace(clients);
  tiles.showHeadsets(clients);
}

function showAlarms(alarms: readonly StandingAlarm[]): void {
  instrument?.showAlarms(alarms);
  tiles.showAlarms(alarms);
}

function showPhones(figures: TriggerFigures): void {
  trigger?.show(figures);
  exhibits.showPhones(figures);
  tiles.showPhones(figures);
  phones = figures.clients;
}

let shownHost = "";
/** Phones that are woken. */
let phones = 0;

/** @param move Makes a change that pushes other parts of the page aside. */
function showHost(host: HostSummary, move: (change: () => void) => void = glide): void {
  const { total, pause, problems, warnings, unconfirmed, lastRun, ways } = host;
  band.tell(host);
  alerts.tell(host);
  exhibits.setTotal(total);
  setHidden(byId("empty"), total + phones > 0);
  // Verdict and counts are shown elsewhere: nobody loses a button for them who is about to press it.
  const shown = JSON.stringify({ pause, ways, problems, warnings, unconfirmed, lastRun });
  if (shown === shownHost) return;
  shownHost = shown;
  move(() => showNotices(host));
  hostTools.replaceChildren(
    pause === null
      ? button(text("host.pause"), () => actions.pauseHost(), {
        class: "order",
      })
      : button(text("host.resume"), () => order("api/v1/resume"), { class: "order" }),
    ...(ways === 0 ? [] : [button(text("telling.button"), testTelling)]),
  );
}

function showNotices({ pause, problems, warnings, unconfirmed, lastRun }: HostSummary): void {
  notices.replaceChildren(
    ...[...problems, ...warnings].map((problem) =>
      element(
        "p",
        { class: "problem", role: "alert" },
        "✖ ",
        english(problem),
        " ",
        ...(right === "write" && unconfirmed.includes(problem)
          ? [button(text("host.confirm"), () => order("api/v1/warnings/confirm"))]
          : []),
      )
    ),
    ...(pause === null ? [] : [element(
      "p",
      { class: "maintenance" },
      `‖ ${hostPauseWords(pause, speech)}`,
    )]),
    ...(lastRun === null ? [] : [element(
      "p",
      { class: "last-run" },
      lastRunWords(lastRun, speech),
      english(lastRun.problem ?? ""),
    )]),
  );
}

const live = new Live(HOST_STREAM, {
  snapshot: (snapshot) => hasBegun() ? glide(() => begin(snapshot)) : begin(snapshot),
  member: (member) => model.put(member),
  forgotten: ({ id }) => model.remove(id),
  strips: (strips) => model.setStrips(strips),
  host: (host) => showHost(host),
  happened: (entry) => happenings.add(entry),
  games: showGames,
  alarms: showAlarms,
  waves: (batch) => instrument?.add(batch),
  pulse: ({ at, beats, trigger: figures }) => {
    model.setClock(at);
    model.beat(beats);
    if (figures !== undefined) showPhones(figures);
  },
}, {
  news() {
    if (document.body.classList.contains("is-stale")) {
      document.body.classList.remove("is-stale");
      glide(() => silence.end());
      games?.setSilent(false);
    }
    band.hear(model.wallMs);
    clock.hear();
  },
  silence() {
    const headline = band.silence();
    alerts.silence(headline);
    document.body.classList.add("is-stale");
    games?.setSilent(true);
    glide(() => silence.begin(headline, band.time));
  },
});
