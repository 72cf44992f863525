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
import type { MemberView } from "../member_view.ts";
import type { TriggerFigures } from "../panels.ts";
import type { Acknowledged } from "./acknowledge_dialog.ts";
import { complainOf, memberPath, order } from "./api.ts";
import { Attention } from "./attention.ts";
import { button, byId, element, setHidden } from "./dom.ts";
import { idAround } from "./exhibit_row.ts";
import { Exhibits } from "./exhibits.ts";
import type { Games } from "./games.ts";
import { Happenings } from "./history.ts";
import type { Instrument } from "./instrument.ts";
import { HOST_STREAM, Live } from "./live.ts";
import { PageAlerts } from "./page_alerts.ts";
import { NewsClock } from "./news_clock.ts";
import type { MemberPanel } from "./member_panel.ts";
import { fullNameOf, isDown } from "./member_words.ts";
import { MembersModel } from "./members_model.ts";
import { askForPause } from "./pause_dialog.ts";
import { takeOver } from "./reload.ts";
import { openMenu } from "./row_menu.ts";
import { speech, text } from "./say.ts";
import { Silence } from "./silence.ts";
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
const model = new MembersModel(() => performance.now());
// Until the first news, the clock runs from the time when the host made the page.
model.setClock(byId("verdict").dataset["made"] ?? "");
const clock = new NewsClock(() => model.wallMs);
// Load rarely used dialogs when they are first used.
async function acknowledge(
  whom: string,
  ids: readonly string[],
  ...more: [Acknowledged | null, string | undefined]
): Promise<void> {
  (await import("./acknowledge_dialog.ts")).askWhoIsOnIt(whom, ids, ...more);
}
async function forget(member: MemberView): Promise<void> {
  (await import("./forget_dialog.ts")).askToForget(member);
}
async function testTelling(): Promise<void> {
  await (await import("./telling.ts")).testTelling();
}

const actions = {
  pause: (member: MemberView) => askForPause(fullNameOf(member), memberPath(member.id, "/pause")),
  resume: ({ id }: MemberView) => order(memberPath(id, "/resume")),
  acknowledge: (member: MemberView) =>
    acknowledge(
      fullNameOf(member),
      [member.id],
      member.acknowledgement,
      memberPath(member.id, "/acknowledge"),
    ).catch(complainOf),
  acknowledgeAll: (whom: string, members: readonly MemberView[]) =>
    acknowledge(whom, members.map(({ id }) => id), null, undefined).catch(complainOf),
  forget: (member: MemberView) => forget(member).catch(complainOf),
};
const attention = new Attention(model, actions, right);
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
exhibits.selection.actions = {
  pause: (ids) =>
    askForPause(text("bulk.count", { count: ids.length }), "api/v1/members/pause", ids),
  acknowledge: (ids) =>
    acknowledge(text("bulk.count", { count: ids.length }), ids, null, undefined).catch(complainOf),
};
const happenings = new Happenings();
const alerts = new PageAlerts();
let games: Games | undefined;
let trigger: Trigger | undefined;
let instrument: Instrument | undefined;

/** The actions in the menu of a member's row. */
function menuOf(member: MemberView, opener: HTMLElement) {
  const { id, address, pause: paused } = member;
  const orders = [
    ...(isDown(member)
      ? [{ label: text("care.acknowledge"), act: () => actions.acknowledge(member) }]
      : []),
    paused === null
      ? { label: text("care.pause"), act: () => actions.pause(member) }
      : { label: text("members.resume"), act: () => actions.resume(member) },
  ];
  const details = {
    label: text("care.details"),
    act: () => openPanel(id, opener).catch(complainOf),
  };
  const copy = {
    label: text("care.copy"),
    act: () => navigator.clipboard?.writeText(address),
  };
  const forget = { label: text("care.forget"), act: () => actions.forget(member) };
  return right === "write" ? [...orders, details, copy, forget] : [details, copy];
}

exhibits.section.addEventListener("click", ({ target }) => {
  const opener = target instanceof Element ? target.closest<HTMLElement>(".more") : null;
  const id = opener === null ? undefined : idAround(opener);
  const member = id === undefined ? undefined : model.get(id)?.member;
  if (opener === null || member === undefined) return;
  openMenu(opener, fullNameOf(member), menuOf(member, opener));
});

// Do not load the parts of roles that this host does not run.
const parts = new Set((document.body.dataset["parts"] ?? "").split(" "));
const gamesPart = parts.has("games") ? await import("./games.ts") : undefined;
const instrumentPart = parts.has("instrument") ? await import("./instrument.ts") : undefined;
const triggerPart = parts.has("trigger") ? await import("./trigger.ts") : undefined;

function begin(snapshot: Snapshot): void {
  if (main.dataset["live"] === undefined) {
    main.dataset["live"] = "";
    games = gamesPart && new gamesPart.Games(right);
    instrument = instrumentPart && new instrumentPart.Instrument(right);
    trigger = triggerPart && new triggerPart.Trigger();
    const overview = element("div", { class: "overview" }, attention.section, exhibits.section);
    overview.prepend(byId("empty"));
    const sections = new Map<View, HTMLElement>([["exhibits", overview]]);
    if (games !== undefined) sections.set("headsets", games.section);
    if (instrument !== undefined) sections.set("instrument", instrument.section);
    if (trigger !== undefined) sections.set("phones", trigger.section);
    sections.set("history", happenings.section);
    main.replaceChildren(complaint, silence.box, notices, ...sections.values());
    document.body.append(exhibits.selection.bar);
    if (urlValue("member") !== "") withPanel().catch(complainOf);
    bar.take(sections);
  }
  model.setClock(snapshot.at);
  model.replace(snapshot.members, snapshot.host.total);
  games?.replace(snapshot.games ?? []);
  instrument?.showAlarms(snapshot.alarms ?? []);
  if (snapshot.trigger !== null) showPhones(snapshot.trigger);
  showHost(snapshot.host);
}

function showPhones(figures: TriggerFigures): void {
  trigger?.show(figures);
  exhibits.showPhones(figures);
  phones = figures.clients;
}

let shownHost = "";
/** Phones that are woken. */
let phones = 0;

function showHost(host: HostSummary): void {
  const { total, pause, problems, warnings, unconfirmed, lastRun } = host;
  band.tell(host);
  alerts.tell(host);
  exhibits.setTotal(total);
  setHidden(byId("empty"), total + phones > 0);
  // Only the band shows running times.
  const shown = JSON.stringify({ ...host, troubles: null });
  if (shown === shownHost) return;
  shownHost = shown;
  notices.replaceChildren(
    ...[...problems, ...warnings].map((problem) =>
      element(
        "p",
        { class: "problem", role: "alert" },
        `✖ ${problem} `,
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
    ...(lastRun === null
      ? []
      : [element("p", { class: "last-run" }, lastRunWords(lastRun, speech))]),
  );
  hostTools.replaceChildren(
    pause === null
      ? button(text("host.pause"), () => askForPause(text("host.this"), "api/v1/pause"), {
        class: "order",
      })
      : button(text("host.resume"), () => order("api/v1/resume"), { class: "order" }),
    ...(host.ways === 0 ? [] : [button(text("telling.button"), testTelling)]),
  );
}

new Live(HOST_STREAM, {
  snapshot: begin,
  member: (member) => model.put(member),
  forgotten: ({ id }) => model.remove(id),
  strips: (strips) => model.setStrips(strips),
  host: showHost,
  happened: (entry) => happenings.add(entry),
  games: (clients) => games?.replace(clients),
  alarms: (alarms) => instrument?.showAlarms(alarms),
  waves: (batch) => instrument?.add(batch),
  pulse: ({ at, beats, trigger: figures }) => {
    model.setClock(at);
    model.beat(beats);
    if (figures !== undefined) showPhones(figures);
  },
}, {
  news() {
    silence.end();
    document.body.classList.remove("is-stale");
    band.hear();
    clock.hear();
    games?.setSilent(false);
  },
  silence() {
    const headline = band.silence();
    alerts.silence(headline);
    document.body.classList.add("is-stale");
    games?.setSilent(true);
    silence.begin(headline, speech.timeOfDay(model.wallAgo(clock.ageMs)));
  },
});
