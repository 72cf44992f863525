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
import { askForPause } from "./pause_dialog.ts";
import { takeOver } from "./reload.ts";
import { testTelling } from "./telling.ts";
import { Trigger } from "./trigger.ts";
import { VerdictBand } from "./verdict_band.ts";
import { lastRunWords } from "./words.ts";

await takeOver();

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
let games: Games | undefined;
let trigger: Trigger | undefined;
let instrument: Instrument | undefined;

function show(member: MemberView): void {
  const action = member.pause === null
    ? { label: "Pause…", act: () => pause(member) }
    : { label: "Resume", act: () => resume(member) };
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
  members.setTotal(total);
  // The band alone shows times that run.
  const shown = JSON.stringify({ ...host, detail: "" });
  if (shown === shownHost) return;
  shownHost = shown;
  notices.replaceChildren(
    ...[...problems, ...warnings].map((text) =>
      element(
        "p",
        { class: "problem", role: "alert" },
        `✖ ${text} `,
        ...(right === "write" && unconfirmed.includes(text)
          ? [button("Confirm", () => order("api/v1/warnings/confirm"))]
          : []),
      )
    ),
    ...(pause === null ? [] : [element(
      "p",
      { class: "maintenance" },
      `‖ This host is in maintenance${pause.until === null ? "" : ` until ${pause.until}`}. ` +
        pause.reason,
    )]),
    ...(lastRun === null ? [] : [element("p", { class: "last-run" }, lastRunWords(lastRun))]),
  );
  document.getElementById("host-pause")?.replaceChildren(
    pause === null
      ? button("Pause the whole host…", () => askForPause("this host", "api/v1/pause"))
      : button("Resume the whole host", () => order("api/v1/resume")),
    ...(host.ways === 0 ? [] : [button("Test notifications", testTelling)]),
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
  },
  silence() {
    const headline = band.silence();
    document.body.classList.add("is-stale");
    setText(stale, `✖ ${headline}: what is shown is old. Trying again…`);
    stale.hidden = false;
  },
});
