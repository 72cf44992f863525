/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * The operator's page, once there is JavaScript: the same table, alive, and everything to operate.
 *
 * @module
 */

import type { HostSummary, Snapshot } from "../live/snapshot.ts";
import type { MemberView } from "../member_view.ts";
import type { TriggerFigures } from "../panels.ts";
import { complainOf, memberPath, order } from "./api.ts";
import { button, byId, element, setText } from "./dom.ts";
import { Games } from "./games.ts";
import { Happenings, showMember } from "./history.ts";
import { Instrument } from "./instrument.ts";
import { Live } from "./live.ts";
import { MembersTable } from "./members_table.ts";
import { PageAlerts } from "./page_alerts.ts";
import { askForPause } from "./pause_dialog.ts";
import { takeOver } from "./reload.ts";
import { speech, text } from "./say.ts";
import { testTelling } from "./telling.ts";
import { Trigger } from "./trigger.ts";
import { VerdictBand } from "./verdict_band.ts";
import { hostPauseWords, lastRunWords } from "./words.ts";

takeOver();

const right = document.body.dataset["right"] === "write" ? "write" : "read";
const main = byId("main");
const band = new VerdictBand();
const stale = element("p", { class: "stale", role: "alert", hidden: true });
const complaint = button("", () => (complaint.hidden = true), {
  id: "complaint",
  class: "problem",
  hidden: true,
});
const notices = element("div");

const pause = ({ id, name }: MemberView) => askForPause(name, memberPath(id, "/pause"));
const resume = ({ id }: MemberView) => order(memberPath(id, "/resume"));
const members = new MembersTable({ show, pause, resume }, right);
const happenings = new Happenings();
const alerts = new PageAlerts();
let games: Games | undefined;
let trigger: Trigger | undefined;
let instrument: Instrument | undefined;

function show(member: MemberView): void {
  const action = member.pause === null
    ? { label: text("members.pause"), act: () => pause(member) }
    : { label: text("members.resume"), act: () => resume(member) };
  showMember(member, right === "write" ? [action] : []).catch(complainOf);
}

function begin(snapshot: Snapshot): void {
  if (main.dataset["live"] === undefined) {
    main.dataset["live"] = "";
    const hostPause = element("p", { class: "buttons", id: "host-pause" });
    main.replaceChildren(complaint, stale, notices, ...(right === "write" ? [hostPause] : []));
    main.append(members.section);
    if (snapshot.games !== null) games = new Games(right);
    if (snapshot.alarms !== null) instrument = new Instrument(right);
    if (snapshot.trigger !== null) trigger = new Trigger();
    for (const part of [games, instrument, trigger, happenings]) {
      if (part !== undefined) main.append(part.section);
    }
  }
  members.replace(snapshot.members, snapshot.host.total);
  games?.replace(snapshot.games ?? []);
  instrument?.showAlarms(snapshot.alarms ?? []);
  if (snapshot.trigger !== null) showPhones(snapshot.trigger);
  showHost(snapshot.host);
}

function showPhones(figures: TriggerFigures): void {
  trigger?.show(figures);
  members.showPhones(figures);
}

let shownHost = "";

function showHost(host: HostSummary): void {
  const { total, pause, problems, warnings, unconfirmed, lastRun } = host;
  band.tell(host);
  alerts.tell(host);
  members.setTotal(total);
  // The band alone shows times that run.
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
  document.getElementById("host-pause")?.replaceChildren(
    pause === null
      ? button(text("host.pause"), () => askForPause(text("host.this"), "api/v1/pause"))
      : button(text("host.resume"), () => order("api/v1/resume")),
    ...(host.ways === 0 ? [] : [button(text("telling.button"), testTelling)]),
  );
}

new Live({
  snapshot: begin,
  member: (member) => members.put(member),
  forgotten: ({ id }) => members.remove(id),
  host: showHost,
  happened: (entry) => happenings.add(entry),
  games: (clients) => games?.replace(clients),
  alarms: (alarms) => instrument?.showAlarms(alarms),
  waves: (batch) => instrument?.add(batch),
  pulse: ({ beats, trigger: figures }) => {
    members.beat(beats);
    if (figures !== undefined) showPhones(figures);
  },
}, {
  news() {
    stale.hidden = true;
    document.body.classList.remove("is-stale");
    band.hear();
    games?.setSilent(false);
  },
  silence() {
    const headline = band.silence();
    alerts.silence(headline);
    document.body.classList.add("is-stale");
    games?.setSilent(true);
    setText(stale, `✖ ${text("silent.banner", { headline })}`);
    stale.hidden = false;
  },
});
