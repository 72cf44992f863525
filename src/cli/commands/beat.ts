/**
 * `pulsebox beat`.
 *
 * @module
 */

import { HilbertClient } from "../../clients/hilbert/client.ts";
import { HilbertError } from "../../clients/hilbert/error.ts";
import type { Beat } from "../../clients/hilbert/beat.ts";
import { messageOf } from "../../core/message_of.ts";
import { inBackground } from "../../net/background.ts";
import { settlesWithin } from "../../net/sleep.ts";
import { CA_VARIABLE, readCa } from "../ca_file.ts";
import { formatLostAfter } from "../../core/lost_after.ts";
import { type BeatPlan, describePlan, planBeat, variablesOf } from "./beat/plan.ts";
import { FAILURE_TRIES_MAX, GOODBYE_TRIES_MAX, sayLastWord } from "./beat/last_word.ts";
import {
  ChildProgram,
  type ProgramEnd,
  type SignalPolicy,
  StartError,
  STATUS_CANNOT_START,
} from "./beat/child_program.ts";
import type { Invocation, Surroundings } from "../command.ts";
import { heartbeatUrlOfEnvironment } from "../heartbeat_place.ts";
import { STATUS_WRONG_USE } from "../exit_status.ts";
import type { Terminal } from "../terminal.ts";
import type { BEAT_FLAGS } from "./beat/flags.ts";

/**
 * How long the start of the program is delayed until its announcement has arrived, in milliseconds;
 * enough for a local server.
 */
const ANNOUNCE_WAIT_MS = 250;

/** Runs the program, and gives its exit status. */
export async function run(
  invocation: Invocation<typeof BEAT_FLAGS, undefined>,
): Promise<number> {
  const { values, positionals, rest, environment, terminal } = invocation;
  const { plan, problems, warnings } = planBeat(values, environment);
  const wrong = [
    ...problems,
    ...(rest.length > 0 ? [] : ["Write the program behind --: pulsebox beat APP -- COMMAND"]),
  ];
  if (wrong.length > 0) {
    await terminal.complain(wrong.map((problem) => `pulsebox: ${problem}\n`).join(""));
    return STATUS_WRONG_USE;
  }
  const warn = (text: string) => terminal.complain(`pulsebox: ${text}\n`);
  for (const warning of warnings) await warn(warning);
  const app = positionals[0] ?? (environment.get("APP_ID") || undefined);
  if (app === undefined) {
    await warn("No APP and no APP_ID: the program runs without heartbeats");
    return (await runProgram(rest, {}, "pass-on", terminal)).status;
  }
  const caCerts = await caOf(invocation);
  if (caCerts === undefined) return STATUS_WRONG_USE;
  const client = new HilbertClient({
    url: values.url ?? heartbeatUrlOfEnvironment(environment),
    appId: app,
    ...(plan.lostAfter === undefined ? {} : { lostAfter: formatLostAfter(plan.lostAfter) }),
    caCerts,
  });
  if (plan.sendPing && values.quiet !== true) await warn(describePlan(plan, app, client.url));
  const heartbeats = new Heartbeats(client, plan, terminal);
  await heartbeats.announce();
  const variables = {
    ...variablesOf(plan),
    HB_URL: client.url,
    APP_ID: app,
    ...(values.ca === undefined ? {} : { [CA_VARIABLE]: values.ca }),
  };
  const policy: SignalPolicy = plan.sendDone ? "end-program" : "leave-program";
  const { status, failure } = await runProgram(rest, variables, policy, terminal);
  await heartbeats.end(failure);
  return status;
}

async function runProgram(
  command: readonly string[],
  variables: Record<string, string>,
  policy: SignalPolicy,
  terminal: Terminal,
): Promise<ProgramEnd> {
  try {
    using program = new ChildProgram(command, variables, policy);
    return await program.finished();
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    await terminal.complain(`pulsebox: ${error.message}\n`);
    return { status: STATUS_CANNOT_START, failure: error.message };
  }
}

/**
 * A CA file named by the caller must exist; one named by the environment must not stop the program.
 */
async function caOf(
  invocation: Invocation<typeof BEAT_FLAGS, undefined>,
): Promise<string[] | undefined> {
  try {
    return [...await readCa(invocation.values.ca, invocation), ...await ownCert(invocation)];
  } catch (error) {
    await invocation.terminal.complain(
      `pulsebox: ${messageOf(error)}\n`,
    );
    return invocation.values.ca === undefined ? [] : undefined;
  }
}

/** The certificate of the server on this machine, if the environment names it and it can be read. */
async function ownCert({ environment, readTextFile }: Surroundings): Promise<string[]> {
  const path = environment.get("PULSEBOX_TLS_CERT");
  if (path === undefined || path === "") return [];
  return await readTextFile(path).then((text) => [text], () => []);
}

/** The heartbeats of one program. Nothing here throws or delays the program. */
class Heartbeats {
  readonly #client: HilbertClient;
  readonly #plan: BeatPlan;
  readonly #terminal: Terminal;
  readonly #answered = Promise.withResolvers<void>();
  #beat: Beat | undefined;
  #problem = "";

  constructor(client: HilbertClient, plan: BeatPlan, terminal: Terminal) {
    this.#client = client;
    this.#plan = plan;
    this.#terminal = terminal;
  }

  /** Begins, and waits a moment so that the program's own heartbeats come after its announcement. */
  async announce(): Promise<void> {
    const { sendInit, initMs, sendPing, intervalMs } = this.#plan;
    if (sendPing) {
      this.#beat = this.#client.beat({
        delayMs: intervalMs,
        ...(sendInit ? { startMs: initMs } : {}),
        farewell: "none",
        onReply: () => this.#onReply(),
        onStatus: (status) => {
          if (status.type !== "up") this.#onFailure(status.error);
        },
      });
    } else if (sendInit) {
      this.#client.init(initMs).then(() => this.#onReply(), (error) => this.#onFailure(error));
    } else {
      this.#answered.resolve();
    }
    await settlesWithin(this.#answered.promise, ANNOUNCE_WAIT_MS);
  }

  /** Stops pinging, and says goodbye or why the program failed; bounded in time. */
  async end(failure: string | undefined): Promise<void> {
    await this.#beat?.close();
    const { sendDone, doneMs } = this.#plan;
    if (failure === undefined && !sendDone) return;
    try {
      await sayLastWord({
        say: (options) =>
          failure === undefined
            ? this.#client.done(doneMs, options)
            : this.#client.fail(failure, options),
        triesMax: failure === undefined ? GOODBYE_TRIES_MAX : FAILURE_TRIES_MAX,
        isOvertaking: this.#beat?.gaveUp === true,
      });
    } catch (error) {
      // The original server does not know failures; it will notice the silence.
      const isUnknown = failure !== undefined && error instanceof HilbertError &&
        error.status === 400;
      if (!isUnknown) this.#onFailure(error);
    }
  }

  #onReply(): void {
    this.#answered.resolve();
    if (this.#problem === "") return;
    this.#problem = "";
    inBackground(this.#terminal.complain("pulsebox: Heartbeats arrive again\n"));
  }

  /** Reports a failure once, until heartbeats arrive again. */
  #onFailure(error: unknown): void {
    this.#answered.resolve();
    const message = messageOf(error);
    const news = this.#problem === "";
    this.#problem = message;
    if (!news) return;
    inBackground(this.#terminal.complain(`pulsebox: Heartbeats do not arrive: ${message}\n`));
  }
}
