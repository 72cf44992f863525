/**
 * Everything that the pages say, in English. The other tables have the same keys.
 *
 * @module
 */

import { VERDICT_TEXTS } from "../../core/verdict_texts.ts";

/** The sentences by key. */
export const TEXTS = {
  ...VERDICT_TEXTS,

  "silent.headline": "No news since {time}",
  "silent.banner": "{headline}: what is shown is old. Trying again…",
  "title.at": "{headline} at {time}",
  "trouble.member": "{name} {duration}",
  "trouble.member-at": "{name} ({place}) {duration}",
  "trouble.handled": "{name} {duration}, {who} is on it",
  "trouble.handled-at": "{name} ({place}) {duration}, {who} is on it",
  "trouble.more": "{count} more",

  "state.lost": "Lost",
  "state.gone": "Gone",
  "state.late": "Late",
  "state.starting": "Starting",
  "state.unknown": "Not heard yet",
  "state.ok": "OK",
  "state.paused": "Maintenance",
  "state.flapping": "{state} (flapping)",
  "state.failed": "{state}: {failure}",

  "time.seconds": "{n} s",
  "time.minutes": "{n} min",
  "time.hours": "{n} h",
  "time.days": "{n} d",
  "time.ago": "{duration} ago",
  "time.never": "never",
  "time.zone": "Times are in the zone of the host: {zone}",

  "host.login": "Log in",
  "host.logout": "Log out",
  "host.token": "Token",
  "host.fleet": "The fleet",
  "host.paused": "This host is in maintenance. {reason}",
  "host.paused-until": "This host is in maintenance until {until}. {reason}",
  "host.pause": "Pause the whole host…",
  "host.resume": "Resume the whole host",
  "host.this": "this host",
  "host.confirm": "Confirm",
  "host.empty": "Send a first heartbeat, for instance:",
  "host.last-run": "The command for lost members ran last for {member}, until {time}: {problem}",
  "host.last-run-ok":
    "The command for lost members ran last for {member}, until {time}: its exit status was 0",

  "members.title": "Members",
  "members.state": "State",
  "members.name": "Name",
  "members.address": "Address",
  "members.heard": "Last heard",
  "members.left": "Time left",
  "members.actions": "Actions",
  "members.no-name": "(no name)",
  "members.some": "{shown} of {count} members are shown, the worst first.",
  "members.search": "Search",
  "members.show": "Show",
  "members.filter.all": "All",
  "members.filter.attention": "Need attention",
  "members.filter.ok": "OK",
  "members.filter.paused": "In maintenance",
  "members.count": {
    one: "{count} member",
    other: "{count} members",
  },
  "members.count-of": "{shown} of {count} members",
  "members.pause": "Pause…",
  "members.resume": "Resume",
  "members.pause-one": "Pause {name}",
  "members.resume-one": "Resume {name}",

  "phones.count": {
    one: "{count} phone",
    other: "{count} phones",
  },
  "phones.newest": "newest: {address}",

  "pause.title": "Maintenance of {whom}",
  "pause.effect": "Nothing of it alarms until the maintenance ends.",
  "pause.reason": "Reason",
  "pause.for": "For",
  "pause.minutes": "{n} minutes",
  "pause.hours": {
    one: "{count} hour",
    other: "{count} hours",
  },
  "pause.until-resumed": "Until resumed",
  "pause.pause": "Pause",
  "dialog.cancel": "Cancel",
  "dialog.close": "Close",
  "dialog.loading": "Loading…",

  "telling.button": "Test notifications",
  "telling.title": "Test of notifications",
  "telling.ok": "OK: {way} {target}, {detail}",
  "telling.failed": "Failed: {way} {target}, {detail}",
  "fault.status": "The host answers with status {status}",

  "history.title": "What happened",
  "history.events": "Events",
  "history.csv": "Download as CSV",
  "history.days": "Days of the host ({zone})",
  "history.day": "Day",
  "history.the-day": "The day",
  "history.there": "There",
  "history.outages": "Outages",
  "history.away": "Away",
  "history.maintenance": "maintenance",
  "history.not-known": "not known",
  "history.this-host": "This host",
  "history.new": "{who} is new",
  "history.state.lost": "{who} is lost",
  "history.state.gone": "{who} is gone",
  "history.state.late": "{who} is late",
  "history.state.starting": "{who} is starting",
  "history.state.unknown": "{who} is not heard yet",
  "history.state.ok": "{who} is ok",
  "history.after-silence": "{event} after {duration} of silence",
  "history.because": "{event}: {reason}",
  "history.while-paused": "{event} (paused)",
  "history.flapping": "{who} comes and goes",
  "history.paused": "Maintenance of {who} begins",
  "history.resumed": "Maintenance of {who} ends",
  "history.forgotten": "{who} is forgotten ({cause})",
  "history.game": "Game client {client} is {state} ({cause})",
  "history.alarm": "Alarm {alarm}",
  "history.acknowledged": "Alarm {alarm} acknowledged",
  "history.absence": "Pulsebox could not listen for {duration}",
  "history.telling-failed": "{way} failed: {reason}",
  "history.telling-failed-for": "{way} failed for {who}: {reason}",
  "history.telling-recovered": "{way} works again",
  "history.way.command": "The command for lost members",
  "history.way.webhook": "The webhook",
  "history.way.ntfy": "The ntfy",
  "history.way.mail": "The mail",
  "history.way.other": "The {way}",

  "games.title": "Game clients",
  "games.client": "Client",
  "games.state": "State",
  "games.says": "It says",
  "games.address": "Address",
  "games.actions": "Actions",
  "games.same": "the same",
  "games.start": "Start",
  "games.lobby": "Lobby",
  "games.emergency": "Emergency",
  "games.calibrate": "Calibrate",
  "games.start-all": "Start all",
  "games.lobby-all": "Lobby all",
  "games.emergency-all": "Emergency all",
  "games.calibrate-all": "Calibrate all",
  "games.start-one": "Start {id}",
  "games.lobby-one": "Lobby {id}",
  "games.emergency-one": "Emergency {id}",
  "games.calibrate-one": "Calibrate {id}",
  "games.in-emergency": "{state} ⚠ EMERGENCY",

  "trigger.title": "Wake-up clients",
  "trigger.clients": "Clients",
  "trigger.addresses": "Addresses",
  "trigger.rate": "Pings each second",
  "trigger.late": "99 % of turns begin within",
  "trigger.errors": "Send errors",
  "trigger.skipped": "Turns left out",
  "trigger.no-turn": "no turn yet",
  "trigger.more-than": "more than 1 s",
  "trigger.ms": "{n} ms",

  "instrument.title": "Instrument",
  "instrument.pressure": "Pressure",
  "instrument.flow": "Flow",
  "instrument.volume": "Volume",
  "instrument.alarm": "⚠ {name} ({priority})",
  "instrument.acknowledge": "Acknowledge",
  "instrument.acknowledge-one": "Acknowledge {name}",
  "instrument.high": "high",
  "instrument.medium": "medium",
  "instrument.low": "low",

  "fleet.title": "Fleet {fleet}",
  "fleet.find": "Find a host",
  "fleet.this-host": "This host",
  "fleet.wall": "Wall",
  "fleet.no-label": "Hosts",
  "fleet.tile.maintenance": "In maintenance",
  "fleet.tile.lost": "Lost, silent for {duration}",
  "fleet.tile.never": "Lost, never heard",
  "fleet.tile.late": "Late, silent for {duration}",
  "fleet.tile.starting": "Starting",
  "fleet.tile.unknown": {
    one: "{count} member: not known",
    other: "{count} members: not known",
  },
} as const;

/** The tables that there are. */
export const LANGUAGES = ["en", "de"] as const;

/** A language of the pages. */
export type Language = typeof LANGUAGES[number];

/** The key of a sentence. */
export type TextKey = keyof typeof TEXTS;

/** A sentence with the holes of the English one, as far as types can tell. */
type Translation<P> = P extends string ? string : { readonly one: string; readonly other: string };

/** A table of another language. */
export type Translations = { readonly [K in TextKey]: Translation<typeof TEXTS[K]> };
