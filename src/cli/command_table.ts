/**
 * The table of all commands: help text, arguments and code.
 *
 * @module
 */

import { type Command, command } from "./command.ts";
import { BEAT_FLAGS } from "./commands/beat/flags.ts";
import { CHECK_FLAGS, refuseCheck } from "./commands/check/flags.ts";
import { DOCTOR_FLAGS } from "./commands/doctor/flags.ts";
import { FLEET_ACTIONS, FLEET_FLAGS } from "./commands/fleet/flags.ts";
import {
  ACKNOWLEDGE_FLAGS,
  CONFIG_FLAGS,
  FORGET_FLAGS,
  HEARTBEAT_URL_FLAGS,
  JSON_FLAG,
  MEMBERS_FLAGS,
  NOTIFY_ACTIONS,
  NOTIFY_FLAGS,
  OUTAGES_FLAGS,
  PAUSE_FLAGS,
  RESUME_FLAGS,
  SHELLS,
  TAG_FLAGS,
  TRIGGER_ACTIONS,
  TRIGGER_FLAGS,
  VERSION_FLAG,
  WATCH_FLAGS,
} from "./commands/flags.ts";
import { GAME_CLIENT_FLAGS } from "./commands/game_client_flags.ts";
import { HEV_ACTIONS, HEV_FLAGS } from "./commands/hev/flags.ts";
import { INSTALL_FLAGS, UNINSTALL_FLAGS } from "./commands/install/flags.ts";
import { STATE_ACTIONS, STATE_FLAGS } from "./commands/state_flags.ts";
import { TOKEN_ACTIONS, TOKEN_FLAGS } from "./commands/token_flags.ts";
import { TRIGGER_CLIENT_FLAGS } from "./commands/trigger_client_flags.ts";
import { ZMQ_ACTS, ZMQ_FLAGS } from "./commands/zmq_flags.ts";

/** All commands, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  command({
    name: "serve",
    summary: "Run the roles that the options turn on",
    usage: "ROLE… [OPTION…]",
    details: [],
    examples: [],
    flags: VERSION_FLAG,
    settings: "host",
    load: () => import("./commands/serve.ts"),
  }),
  command({
    name: "check",
    summary: "Check an application or the whole host, as a Nagios plug-in",
    usage: "[APP] [OPTION…]",
    details: [
      "Follows the rules of Nagios plug-ins: one line with performance data, and the exit status 0 for OK, 1 " +
      "for WARNING, 2 for CRITICAL and 3 for UNKNOWN.",
      "Without APP, asks the console of the host for its verdict on all members. CRITICAL: one is lost, until " +
      "you pause or forget it, or there is an emergency or an alarm of high priority. WARNING: one is late, or " +
      "there is an alarm of medium priority or a warning of Pulsebox itself. UNKNOWN: a role has a problem, " +
      "nobody has been heard yet, or the console gives no usable answer. If no console listens, and with " +
      "--no-console, asks the heartbeat port instead.",
      "With APP, the server's status of that application decides; with -w or -c, its od decides, which is the " +
      "silence divided by the wait. A RANGE holds the values that do not alarm, as in every Nagios plug-in: " +
      "10 is 0 to 10, 10: is 10 and above, ~:10 is 10 and below, 10:20 is 10 to 20, @10:20 is all others.",
      "With --fleet, asks the console for the hosts of its fleet. CRITICAL: one is lost or in alarm, or reports " +
      "a lost member. WARNING: one is late, or reports a late member or a problem. UNKNOWN: the console does " +
      "not hear the fleet.",
      "The server is that of HB_URL, or of HB_HOST and HB_PORT, or else the one on this machine, found by its " +
      "settings (--heartbeat-host, --heartbeat-port, --heartbeat-tls). APP is APP_ID if not given.",
    ],
    examples: ["pulsebox check", "pulsebox check tetris -H 10.0.0.7 -t 5 -w 3 -c 5"],
    flags: CHECK_FLAGS,
    settings: "check",
    positionalsMax: 1,
    refuse: refuseCheck,
    load: () => import("./commands/check.ts"),
  }),
  command({
    name: "beat",
    summary: "Run a program and send heartbeats for it",
    usage: "[APP] [OPTION…] -- COMMAND [ARGUMENT…]",
    details: [
      "Announces the start, sends heartbeats while the program runs, says goodbye at its end, and ends with " +
      "the program's exit status. Heartbeats never block or stop the program, also while the server is away.",
      "APP is APP_ID if not given; without both the program runs without heartbeats. HB_URL (or HB_HOST and " +
      "HB_PORT), HB_SEND_INIT, HB_INIT_TIMEOUT, HB_SEND_PING, HB_PING_INTERVAL, HB_SEND_DONE and " +
      "HB_DONE_TIMEOUT work as in hb_wrapper.sh, and are passed on to the program. If none of them names the " +
      "server, PULSEBOX_HEARTBEAT_HOST, PULSEBOX_HEARTBEAT_PORT and PULSEBOX_HEARTBEAT_TLS do.",
    ],
    examples: [
      "pulsebox beat tetris -- ./tetris --fullscreen",
      "HB_URL=http://10.0.0.7:8888 pulsebox beat pong --init 30s -- java -jar pong.jar",
    ],
    flags: BEAT_FLAGS,
    settings: undefined,
    positionalsMax: 1,
    takesRest: true,
    load: () => import("./commands/beat.ts"),
  }),
  command({
    name: "members",
    summary: "List what a running host watches",
    usage: "[--state STATE] [--group STATION] [--tag TAG] [OPTION…]",
    details: [],
    examples: [
      "pulsebox members",
      "pulsebox members --state lost --group Foyer",
      "pulsebox members --tag kiosk --json",
    ],
    flags: MEMBERS_FLAGS,
    settings: "console",
    load: () => import("./commands/members.ts"),
  }),
  command({
    name: "outages",
    summary: "List how often and for how long each application was down",
    usage: "[--days N | --from DAY [--to DAY]] [--sort ORDER] [--json]",
    details: [
      "Days are those of the host's calendar. The last line is about all of them together. Maintenance and time " +
      "in which Pulsebox itself did not run do not count. An application that was forgotten is in the list while any of " +
      "its days is.",
    ],
    examples: [
      "pulsebox outages",
      "pulsebox outages --from 2026-10-01 --to 2026-10-31 --sort uptime",
    ],
    flags: OUTAGES_FLAGS,
    settings: "console",
    load: () => import("./commands/outages.ts"),
  }),
  command({
    name: "watch",
    summary: "Show the members, and keep the list up to date",
    usage: "[--json]",
    details: [
      "In a terminal, shows the table of the members, the worst first, until Ctrl-C. Otherwise, and with " +
      "--json, writes one line for each thing that happens.",
    ],
    examples: ["pulsebox watch", "pulsebox watch --json | jq .member"],
    flags: WATCH_FLAGS,
    settings: "console",
    load: () => import("./commands/watch.ts"),
  }),
  command({
    name: "pause",
    summary: "Put an application or the whole host in maintenance",
    usage: "APP | --all [--for DURATION | --until TIME] [--reason TEXT]",
    details: [
      "During maintenance nothing alarms. APP is a name; where several applications have it, write " +
      "'NAME @ ADDRESS' or 'NAME @ STATION'. An unknown name is refused, unless --expect says that it will " +
      "be heard.",
    ],
    examples: [
      "pulsebox pause tetris --for 2h --reason 'new joystick'",
      "pulsebox pause pong --until 2026-11-30T09:00",
      "pulsebox pause --all --for ever",
    ],
    flags: PAUSE_FLAGS,
    settings: "console",
    positionalsMax: 1,
    load: () => import("./commands/pause.ts"),
  }),
  command({
    name: "resume",
    summary: "End a maintenance",
    usage: "APP | --all",
    details: [],
    examples: ["pulsebox resume tetris", "pulsebox resume --all"],
    flags: RESUME_FLAGS,
    settings: "console",
    positionalsMax: 1,
    load: () => import("./commands/resume.ts"),
  }),
  command({
    name: "acknowledge",
    summary: "Say that somebody looks after an application that is late or lost",
    usage: "APP [--by NAME] [--note TEXT] | APP --withdraw",
    details: [
      "The page, the verdict and the record of the outage show the name and the note, and reminders stop. " +
      "The acknowledgement ends when the application is heard again. APP is written as for pause.",
    ],
    examples: [
      "pulsebox acknowledge tetris --by Anna --note 'power supply ordered'",
      "pulsebox acknowledge tetris --withdraw",
    ],
    flags: ACKNOWLEDGE_FLAGS,
    settings: "console",
    positionalsMin: 1,
    positionalsMax: 1,
    load: () => import("./commands/acknowledge.ts"),
  }),
  command({
    name: "tag",
    summary: "Show or set the tags of an application",
    usage: "APP [TAG,TAG | --clear]",
    details: [
      "Tags are letters, digits and hyphens; the page and pulsebox members filter by them. The tags given here " +
      "replace those given here before, and stay over restarts. Those of --tag come on top: only the settings " +
      "change them. APP is written as for pause.",
    ],
    examples: [
      "pulsebox tag tetris kiosk,ground-floor",
      "pulsebox tag tetris",
      "pulsebox tag tetris --clear",
    ],
    flags: TAG_FLAGS,
    settings: "console",
    positionalsMin: 1,
    positionalsMax: 2,
    load: () => import("./commands/tag.ts"),
  }),
  command({
    name: "forget",
    summary: "Remove an application from the list",
    usage: "APP",
    details: [
      "Use it for an application that will not come back, such as an exhibit that was taken down. This ends " +
      "its outage and keeps its history. If the application is heard again, it is back on the list; one of " +
      "--heartbeat-expect is expected again at the next start. APP is written as for pause.",
    ],
    examples: ["pulsebox forget tetris", "pulsebox forget 'tetris @ 10.0.0.7'"],
    flags: FORGET_FLAGS,
    settings: "console",
    positionalsMin: 1,
    positionalsMax: 1,
    load: () => import("./commands/forget.ts"),
  }),
  command({
    name: "notify",
    summary: "Test whether the notifications of a running host arrive",
    usage: "test [--json]",
    details: [
      "Sends a test message to every webhook, and runs the command of --on-lost once with PULSEBOX_TEST=1. " +
      "Each line says OK or FAIL, with the status or the error. The exit status is 1 if any line says FAIL, " +
      "or if the host notifies nobody.",
    ],
    examples: ["pulsebox notify test"],
    flags: NOTIFY_FLAGS,
    settings: "console",
    words: NOTIFY_ACTIONS,
    positionalsMin: 1,
    positionalsMax: 1,
    load: () => import("./commands/notify.ts"),
  }),
  command({
    name: "heartbeat-url",
    summary: "Print the environment variables that a program or container needs for its heartbeats",
    usage: "APP [OPTION…]",
    details: [],
    examples: [
      "pulsebox heartbeat-url pong > pong.env && docker run --env-file pong.env …",
      "pulsebox heartbeat-url pong --template --host 10.0.0.7",
    ],
    flags: HEARTBEAT_URL_FLAGS,
    settings: "heartbeat",
    positionalsMin: 1,
    positionalsMax: 1,
    load: () => import("./commands/heartbeat_url.ts"),
  }),
  command({
    name: "trigger",
    summary: "Show the phones that are woken",
    usage: "list [ADDRESS[:PORT]] [OPTION…]",
    details: [
      "Lists each phone; pulsebox members shows all of them as one line, because there may be thousands. " +
      "With an ADDRESS, tells whether that phone is registered; the exit status is 1 if it is not.",
    ],
    examples: ["pulsebox trigger list", "pulsebox trigger list 10.0.0.40"],
    flags: TRIGGER_FLAGS,
    settings: "console",
    words: TRIGGER_ACTIONS,
    positionalsMin: 1,
    positionalsMax: 2,
    load: () => import("./commands/trigger.ts"),
  }),
  command({
    name: "trigger-client",
    summary: "Simulate phones at a trigger service and show how regularly they are woken",
    usage: "HOST[:PORT] [-n COUNT] [OPTION…]",
    details: [
      "Registers the phones, registers them again every third of the lease, and prints how regular the pings " +
      "are: the mean interval, and how far intervals are off from one second. The exit status is 1 if no " +
      "ping came at all.",
    ],
    examples: ["pulsebox trigger-client 10.0.0.7", "pulsebox trigger-client 127.0.0.1:7561 -n 500"],
    flags: TRIGGER_CLIENT_FLAGS,
    settings: undefined,
    positionalsMin: 1,
    positionalsMax: 1,
    load: () => import("./commands/trigger_client.ts"),
  }),
  command({
    name: "game-client",
    summary: "Simulate game clients at a game server and show their states",
    usage: "[HOST[:PORT]] [--id ID] [OPTION…]",
    details: [
      "Sends heartbeats, connects over ZeroMQ after the first one that is accepted, fetches its calibration, " +
      "and writes one line for each state and command. The exit status is 1 if no heartbeat was accepted.",
    ],
    examples: ["pulsebox game-client --id 1", "pulsebox game-client 10.0.0.7 -n 6 --calibrated"],
    flags: GAME_CLIENT_FLAGS,
    settings: "state",
    positionalsMax: 1,
    load: () => import("./commands/game_client.ts"),
  }),
  command({
    name: "state",
    summary: "Show, set or watch the states of game clients",
    usage: "get ID | set ID STATE | list | watch [ID] [OPTION…]",
    details: [
      "States are DISCONNECTED, UNCALIBRATED, CALIBRATED and RUNNING. set forces a state on the client; " +
      "DISCONNECTED removes it until its next heartbeat. watch writes a line for each state, and ends with " +
      "status 1 if none came within the time of --for.",
    ],
    examples: ["pulsebox state get 1", "pulsebox state set 1 RUNNING", "pulsebox state watch"],
    flags: STATE_FLAGS,
    settings: "state",
    words: STATE_ACTIONS,
    positionalsMin: 1,
    positionalsMax: 3,
    load: () => import("./commands/state.ts"),
  }),
  command({
    name: "hev",
    summary: "Show, control, record or replay a ventilator's data server",
    usage: "values | watch | cmd | ack | record | replay | emulate [ARGUMENT…] [OPTION…]",
    details: [
      "values shows the present values, and watch one line for each packet; both end with status 1 if " +
      "nothing came. cmd TYPE COMMAND [PARAM] sends a command, and ack ALARM [PRIORITY] acknowledges an " +
      "alarm; both end with status 1 if they are refused.",
      "record FILE writes what a server sends, and replay FILE serves it to clients again, byte for byte; " +
      "replay also plays the original's recordings. emulate plays the microcontroller on a pseudo terminal.",
      "Unless they are given, host and ports are those of --hev-host, --hev-web-port and --hev-query-port.",
    ],
    examples: [
      "pulsebox hev cmd SET_TIMEOUT INHALE 1111",
      "pulsebox hev record breath.hev --for 10m && pulsebox hev replay breath.hev --speed 10",
      "pulsebox hev emulate -f B6-20200805.dump --tty ttyEMU0",
    ],
    flags: HEV_FLAGS,
    settings: "hev",
    words: HEV_ACTIONS,
    positionalsMin: 1,
    positionalsMax: 4,
    load: () => import("./commands/hev.ts"),
  }),
  command({
    name: "fleet",
    summary: "Show the hosts of a fleet, or set one up",
    usage: "[hosts | plan | init | forget HOST] [OPTION…]",
    details: [
      "Without an action, shows the hosts, the worst first, as a console that runs with --fleet-view knows " +
      "them. forget HOST removes a host from that list.",
      "plan writes the configuration of the brokers (nats-server) and a key for each host, with which it can " +
      "publish only about itself. To add hosts, run plan again with all names; existing keys stay.",
      "init creates the streams in which the brokers keep the fleet's memory, or corrects existing ones.",
    ],
    examples: [
      "pulsebox fleet",
      "pulsebox fleet plan --brokers pi1,pi2,pi3 --hosts foyer,hall1,hall2 --consoles desk",
      "pulsebox fleet init --fleet nats://pi1:4222 --fleet-key fleet/keys/operator.nk",
    ],
    flags: FLEET_FLAGS,
    settings: "fleet",
    words: FLEET_ACTIONS,
    positionalsMax: 2,
    load: () => import("./commands/fleet.ts"),
  }),
  command({
    name: "zmq",
    summary: "Subscribe, publish or ask over ZeroMQ",
    usage: "sub URL [TOPIC…] | pub URL [TOPIC FRAME…] | req URL FRAME…",
    details: [
      "URL is tcp://HOST:PORT or ws://HOST:PORT/PATH. sub writes each message as a line, with tabs between " +
      "its frames; without a TOPIC it subscribes to everything. pub waits until somebody subscribes to the " +
      "topic, then sends one message, or without one each line of standard input, with tabs between frames. " +
      "req sends a request and writes the answer. The exit status is 1 if nothing was received or sent in time.",
    ],
    examples: [
      "pulsebox zmq sub ws://10.0.0.7:6969/zmq/sub OnStateChange",
      "pulsebox zmq pub tcp://10.0.0.7:8765 GetClientState1 hello",
      "pulsebox zmq req ws://10.0.0.7:6969/zmq/req GetClientState 1",
    ],
    flags: ZMQ_FLAGS,
    settings: undefined,
    words: ZMQ_ACTS,
    positionalsMin: 2,
    positionalsMax: 66,
    load: () => import("./commands/zmq.ts"),
  }),
  command({
    name: "doctor",
    summary: "Check this machine for anything that would get in the way, and say what to do",
    usage: "[ROLE…] [OPTION…]",
    details: [
      "Takes the options of a start, but starts nothing. Examines the processor, the kernel, the C library, " +
      "the clock, the limit of open files, the data folder's disk, ports and serial ports, and tries each " +
      "role's protocol on free ports of loopback. Each line says OK, WARN or FAIL; the exit status is 1 if " +
      "one says FAIL.",
    ],
    examples: ["pulsebox doctor --hev", "pulsebox doctor --heartbeat --permissions"],
    flags: DOCTOR_FLAGS,
    settings: "host",
    load: () => import("./commands/doctor.ts"),
  }),
  command({
    name: "install",
    summary: "Install Pulsebox as a service that starts with the machine and restarts if it fails",
    usage: "ROLE… [OPTION…]",
    details: [
      "Copies the executable to /usr/local/bin. Writes a systemd unit that permits no more than the roles " +
      "need, an environment file with the given settings, and for a serial port on USB a udev rule that " +
      "names it /dev/pulsebox-hev. Members are kept in /var/lib/pulsebox, unless --data says otherwise. " +
      "Files that somebody else wrote are left alone.",
    ],
    examples: [
      "sudo ./pulsebox install --heartbeat --heartbeat-host 0.0.0.0",
      "pulsebox install --hev --dry-run",
    ],
    flags: INSTALL_FLAGS,
    settings: "host",
    load: () => import("./commands/install.ts"),
  }),
  command({
    name: "uninstall",
    summary: "Stop the service and remove the files that install wrote",
    usage: "[OPTION…]",
    details: ["The service's data in /var/lib/pulsebox is kept."],
    examples: ["sudo pulsebox uninstall", "pulsebox uninstall --dry-run"],
    flags: UNINSTALL_FLAGS,
    settings: undefined,
    load: () => import("./commands/uninstall.ts"),
  }),
  command({
    name: "token",
    summary: "Make a token for the page, the API and the tools",
    usage: "new|wall [--read] [--token-file FILE]",
    details: [
      "Adds a token to the token file (by default /etc/pulsebox/tokens) and shows it this once. If there is " +
      "no such file, creates one that only its owner can read. Whoever has a write token may change things; " +
      "with a read token, one may only look.",
      "A host requires tokens if it is started with --token-file, on its own machine too. Tools take " +
      "one from the variable PULSEBOX_TOKEN, other programs send it as a bearer token, and people type it on " +
      "the page.",
      "wall prints a link for a screen on a wall, which stays logged in and can only look. To revoke it, " +
      "remove its line from the token file and send the host SIGHUP.",
    ],
    examples: [
      "sudo pulsebox token new",
      "sudo pulsebox token wall --console-url http://pi:8880",
      "pulsebox token new --read --token-file ./tokens",
    ],
    flags: TOKEN_FLAGS,
    settings: "console",
    words: TOKEN_ACTIONS,
    positionalsMin: 1,
    positionalsMax: 1,
    load: () => import("./commands/token.ts"),
  }),
  command({
    name: "config",
    summary: "Show the effective settings and where each came from",
    usage: "[OPTION…]",
    details: [
      "Takes the same options, environment and file as a start, but starts nothing. Values that others could " +
      "abuse, such as webhooks, are hidden unless --show-secrets is given.",
    ],
    examples: ["pulsebox config --config pulsebox.json", "pulsebox config --heartbeat --json"],
    flags: CONFIG_FLAGS,
    settings: "host",
    load: () => import("./commands/config.ts"),
  }),
  command({
    name: "completions",
    summary: "Print a completion script for a shell",
    usage: "bash | zsh | fish",
    details: [],
    examples: [
      "source <(pulsebox completions bash)",
      "pulsebox completions zsh > ~/.zfunc/_pulsebox",
      "pulsebox completions fish > ~/.config/fish/completions/pulsebox.fish",
    ],
    flags: {},
    settings: undefined,
    words: SHELLS,
    positionalsMin: 1,
    positionalsMax: 1,
    load: () => import("./commands/completions.ts"),
  }),
  command({
    name: "version",
    summary: "Show the version",
    usage: "[--json]",
    details: [],
    examples: ["pulsebox version", "pulsebox version --json"],
    flags: JSON_FLAG,
    settings: undefined,
    load: () => import("./commands/version.ts"),
  }),
  command({
    name: "help",
    summary: "Explain the options, a command or a role",
    usage: "[COMMAND | ROLE]",
    details: [],
    examples: ["pulsebox help", "pulsebox help check", "pulsebox help heartbeat"],
    flags: {},
    settings: undefined,
    positionalsMax: 1,
    load: () => import("./commands/help.ts"),
  }),
];

/** The command of a name. */
export function findCommand(name: string): Command | undefined {
  return COMMANDS.find((found) => found.name === name);
}
