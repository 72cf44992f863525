/**
 * The Monitoring Plugins' development guidelines as a list of cases for `pulsebox check`.
 *
 * @module
 */

import type { Deviation, ListedCase } from "./listed.ts";

/** One call. */
export interface PluginCase extends ListedCase {
  /** Arguments after `check`; `URL` stands for a server with one application, `CLOSED` for none. */
  readonly args: readonly string[];
  readonly status: 0 | 1 | 2 | 3;
  /** What the line says. */
  readonly says: RegExp;
  /** How much may come: a line for the page, or the text of `--help`. */
  readonly output?: "line" | "text";
  /** Whether something is told on standard error. */
  readonly isTalkative?: true;
}

type Rest = Pick<PluginCase, "deviates" | "output" | "isTalkative">;

function group(group: string, clause: string) {
  return (
    name: string,
    args: readonly string[],
    status: PluginCase["status"],
    says: RegExp,
    rest: Rest = {},
  ): PluginCase => ({ group, name, clause: `guidelines, ${clause}`, args, status, says, ...rest });
}

const HELP: Deviation = {
  does: "ends `--help` and `--version` with 0",
  why: "people and packages ask for them, a monitor never does; the guidelines want UNKNOWN",
};
const TIMEOUT: Deviation = {
  does: "calls a server UNKNOWN that takes longer than `--timeout`",
  why: "a slow server is no dead application; the guidelines would rather have CRITICAL",
};
const HOSTNAME: Deviation = {
  does: "spells `-H` as `--host`, not `--hostname`",
  why: "all commands of Pulsebox call it a host; the letter is that of the guidelines",
};

/** The only rule that the line of such a case does not keep. */
export const LONG: Deviation = {
  does: "lets a line grow beyond 80 characters where names or reasons are long",
  why: "whoever is called at night needs the name and the reason; monitors of today take 4 kB",
};

const APP = ["tetris", "--url", "URL"];
const OK = /^OK - fine application \[tetris @ 127\.0\.0\.1\]/;

const statuses = group("exit status and output", "plugin output, return codes");
const options = group("options", "plugin options");
const ranges = group("thresholds", "threshold and ranges");
const wrong = group("wrong use", "return codes");

/** With an application that was heard a moment ago, so that its ratio od is 0 and a little. */
const range = (text: string, status: 0 | 2) =>
  ranges(
    `-c ${text}`,
    [...APP, "-c", text],
    status,
    status === 0 ? /^OK - / : /^CRITICAL - /,
    status === 0 ? {} : { deviates: LONG },
  );

/** All of them. */
export const PLUGIN_CASES: readonly PluginCase[] = [
  statuses("an application that is well", APP, 0, OK),
  statuses(
    "an application that nobody knows",
    ["zelda", "--url", "URL"],
    2,
    /^CRITICAL - no application/,
  ),
  statuses("nobody listens", ["tetris", "--url", "CLOSED"], 2, /^CRITICAL - /, {
    deviates: LONG,
  }),
  statuses("a warning", [...APP, "-w", "@0:1"], 1, /^WARNING - /, { deviates: LONG }),
  statuses(
    "both alarm: the worse counts",
    [...APP, "-w", "@0:1", "-c", "@0:1"],
    2,
    /^CRITICAL - /,
    {
      deviates: LONG,
    },
  ),
  options("-V", ["-V"], 0, /^\S+/, { deviates: HELP }),
  options("--version", ["--version"], 0, /^\S+/, { deviates: HELP }),
  options("-h", ["-h"], 0, /-t, --timeout/, { output: "text", deviates: HELP }),
  options("--help", ["--help"], 0, /-c, --critical/, { output: "text", deviates: HELP }),
  options("-t in seconds", [...APP, "-t", "5"], 0, OK),
  options("--timeout in seconds", [...APP, "--timeout", "5"], 0, OK),
  options("-t is over", ["tetris", "--url", "SILENT", "-t", "0.3"], 3, /^UNKNOWN - /, {
    deviates: TIMEOUT,
  }),
  options("-H and -p", ["tetris", "-H", "HOST", "-p", "PORT"], 0, OK),
  options("--hostname", ["tetris", "--hostname", "HOST"], 3, /^UNKNOWN - .*--hostname/, {
    deviates: HOSTNAME,
  }),
  options("-v tells more on standard error", [...APP, "-v"], 0, OK, { isTalkative: true }),
  options("--verbose", [...APP, "--verbose"], 0, OK, { isTalkative: true }),
  options("--warning and --critical", [...APP, "--warning", "3", "--critical", "5"], 0, /^OK - /),
  // The table of the guidelines: "generate an alert if x …".
  range("10", 0),
  range("1:", 2),
  range("~:10", 0),
  range("10:20", 2),
  range("@10:20", 0),
  range("@0:1", 2),
  range("0:1", 0),
  range("~:-1", 2),
  range("0.5", 0),
  ...["20:10", "x", "10:x", "@", "~", ":", "10;20", ""].map((text) =>
    wrong(`the range "${text}"`, [...APP, "-w", text], 3, /^UNKNOWN - .*--warning is/)
  ),
  wrong("an option that nobody knows", [...APP, "--unheard-of"], 3, /^UNKNOWN - .*--unheard-of/),
  wrong("a port that is none", ["tetris", "-H", "HOST", "-p", "99999"], 3, /^UNKNOWN - --port is/),
  wrong("a timeout that is none", [...APP, "-t", "soon"], 3, /^UNKNOWN - --timeout is/),
  wrong("two applications", ["tetris", "zelda", "--url", "URL"], 3, /^UNKNOWN - /),
];
