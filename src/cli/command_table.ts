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
  PAUSE_FLAGS,
  RESUME_FLAGS,
  SHELLS,
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
      "Follows the rules of Nagios plug-ins: one line with performance data, exit status 0 for OK, 1 for " +
      "WARNING, 2 for CRITICAL, 3 for UNKNOWN.",
      "Without APP the console is asked for its verdict on the whole host: CRITICAL while anyone is lost, " +
      "until you forget or pause it, and for an emergency or an alarm of high priority; WARNING if anyone is " +
      "late, for an alarm of medium priority and for a warning of Pulsebox itself; UNKNOWN if a role has a " +
      "problem, nobody was heard yet, or the console gives no answer that can be believed. The console is " +
      "that of the same host. Where none listens, and with --no-console, the heartbeat port is asked.",
      "For one APP, the server's own status decides. With -w or -c, od decides: the silence divided by the " +
      "promised wait. A RANGE is 10 (outside of 0 to 10), 10: (below 10), ~:10 (above 10), 10:20 " +
      "(outside of both), @10:20 (inside).",
      "With --fleet the console is asked for the hosts of its fleet: CRITICAL while one is lost or in alarm, or " +
      "has somebody lost; WARNING if one is late or has a problem; UNKNOWN while the console does not hear them.",
      "The server is that of HB_URL, or of HB_HOST and HB_PORT, or else the one of this machine, as its own " +
      "settings say (--heartbeat-host, --heartbeat-port, --heartbeat-tls); APP is APP_ID if not given.",
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
    name: "watch",
    summary: "Show the members as they change",
    usage: "[--json]",
    details: [
      "In a terminal: the table of the console, the worst first, until Ctrl-C. Otherwise, and with --json: " +
      "one line for each thing that happens.",
    ],
    examples: ["pulsebox watch", "pulsebox watch --json | jq .member"],
    flags: WATCH_FLAGS,
    settings: "console",
    load: () => import("./commands/watch.ts"),
  }),
  command({
    name: "pause",
    summary: "Put an application or the whole host in maintenance",
    usage: "APP | --all [--for DURATION] [--reason TEXT]",
    details: [
      "During maintenance nothing alarms. APP is a name, or 'NAME @ ADDRESS' or 'NAME @ STATION' where several " +
      "have that name. A name that nobody has is refused unless --expect says that it will be heard.",
    ],
    examples: [
      "pulsebox pause tetris --for 2h --reason 'new joystick'",
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
      "The name and the note are on the page, in the verdict and in the record of the outage; reminders stop. " +
      "It ends when the application is heard again. APP is as for pause.",
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
    name: "forget",
    summary: "Remove an application from the list",
    usage: "APP",
    details: [
      "For an application that will not come back, such as an exhibit that was taken down; this ends its outage. " +
      "APP is as for pause. The history is kept. If it is heard again, it is back on the list; an application of " +
      "--heartbeat-expect is expected again at the next start.",
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
      "Sends a test message to every webhook and runs the command of --on-lost once, with PULSEBOX_TEST=1; " +
      "each line is OK or FAIL with the status or the error. Exit status 1 if any line is FAIL, or the " +
      "host notifies nobody.",
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
      "There may be thousands of phones, so pulsebox members shows all of them as one line. With an " +
      "ADDRESS, tells whether that phone is registered: exit status 1 if it is not.",
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
      "Registers, registers again every third of the lease, and prints the cadence of the pings: the mean " +
      "interval, and how far intervals are off from one second. Exit status 1 if no ping came at all.",
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
      "Sends heartbeats, opens ZeroMQ after the first that is accepted, fetches its calibration, and writes " +
      "one line for each state and command. Exit status 1 if no heartbeat was accepted at all.",
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
      "States are DISCONNECTED, UNCALIBRATED, CALIBRATED and RUNNING. set changes a state by force; " +
      "DISCONNECTED removes the client until its next heartbeat. watch writes a line for each state, and ends with " +
      "status 1 if none came in the time of --for.",
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
      "values shows the present values, watch one line for each packet; both end with status 1 if none " +
      "came. cmd TYPE COMMAND [PARAM] sends a command, ack ALARM [PRIORITY] takes an alarm off the list; " +
      "both end with status 1 if refused.",
      "record FILE writes what a server sends, replay FILE plays it to clients, byte for byte; replay also " +
      "plays the original's recordings. emulate plays the microcontroller itself on a pseudo terminal.",
      "Host and ports are those of --hev-host, --hev-web-port and --hev-query-port if not given.",
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
      "Without an action it shows the hosts as the console knows them, the worst first; that console runs with " +
      "--fleet and --fleet-view. forget HOST takes a host off that list.",
      "plan writes the brokers' configuration for nats-server and a key for each host: a host can write of " +
      "itself alone. Run it again with more names to add hosts; keys that are there stay.",
      "init makes the streams in which the brokers remember the fleet, or makes those that are there right.",
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
      "URL is tcp://HOST:PORT or ws://HOST:PORT/PATH. sub writes each message as a line, its frames apart " +
      "by tabs; without TOPIC it gets everything. pub sends one message, or without one each line of " +
      "standard input, frames apart by tabs; it waits until somebody wants the topic. req asks and writes " +
      "the answer. Exit status 1 if no message, publication or answer came.",
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
      "Takes the options of a start and starts nothing. Looks at the processor, the kernel, the C library, " +
      "the clock, the file limit, the data folder's disk, ports and serial ports, and lets each role's " +
      "protocol talk to itself on free ports of loopback. Each line is OK, WARN or FAIL; exit status 1 " +
      "if there is a FAIL.",
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
      "Copies the executable to /usr/local/bin, writes a systemd unit that may do no more than the roles " +
      "need, an environment file with the settings that were given, and for a serial port on USB a udev " +
      "rule that names it /dev/pulsebox-hev. Members are kept in /var/lib/pulsebox unless --data says " +
      "otherwise. Files that it did not write are left alone.",
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
      "Adds a token to the token file (default /etc/pulsebox/tokens) and shows it once. The file is made if " +
      "it is not there, and only its owner can read it. A write token may change things, a read token only look.",
      "A host asks for tokens when it is started with --token-file. On this machine and on others, programs " +
      "and tools show theirs with PULSEBOX_TOKEN; people type it on the page.",
      "wall prints a link for a screen on a wall, which stays logged in and can only look. Remove its line " +
      "from the token file to revoke it; SIGHUP makes the host read the file again.",
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
      "Takes the same options, environment and file as a start, and starts nothing. Values that others " +
      "could use, such as webhooks, are hidden unless --show-secrets is given.",
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
