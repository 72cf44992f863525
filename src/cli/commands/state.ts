/**
 * `pulsebox state …`: states of game clients, asked, set and watched.
 *
 * @module
 */

import { GameOperator, type GameOperatorReply } from "../../clients/game/operator.ts";
import { CLIENT_STATES, parseClientState } from "../../core/client_state.ts";
import { messageOf } from "../../core/message_of.ts";
import { inBackground } from "../../net/background.ts";
import { readTrusted } from "../ca_file.ts";
import type { Invocation } from "../command.ts";
import { tokenOf } from "../console_place.ts";
import { DURATION_FORM, parseDuration } from "../../appliance/settings/duration.ts";
import { STATUS_DONE, STATUS_FAILED, STATUS_WRONG_USE } from "../exit_status.ts";
import { ownGameUrl, parseGamePlace } from "../game_place.ts";
import { StopSignal } from "../stop_signal.ts";
import { STATE_ACTIONS, type STATE_FLAGS } from "./state_flags.ts";

type Call = Invocation<typeof STATE_FLAGS, "state">;
type Action = typeof STATE_ACTIONS[number];

/** How many words follow each action, at least and at most. */
const ARGUMENTS: Readonly<Record<Action, readonly [min: number, max: number, usage: string]>> = {
  get: [1, 1, "ID"],
  set: [2, 2, "ID STATE"],
  watch: [0, 1, "[ID]"],
  list: [0, 0, ""],
};

/** Runs the action; status 1 if the server refuses it. */
export async function run(call: Call): Promise<number> {
  const { terminal, values, positionals: [word = "", ...words] } = call;
  const action = STATE_ACTIONS.find((each) => each === word);
  const url = parseGamePlace(values.server ?? ownGameUrl(call.settings));
  const problem = action === undefined
    ? `"${word}" is no action: write ${STATE_ACTIONS.join(", ")}`
    : url === undefined
    ? `--server is "${values.server}": must be HOST, HOST:PORT or https://HOST:PORT`
    : problemOf(action, words, call);
  if (action === undefined || url === undefined || problem !== undefined) {
    await terminal.complain(`pulsebox: ${problem}\nTry: pulsebox help state\n`);
    return STATUS_WRONG_USE;
  }
  const caCerts = await readTrusted(values.ca, call.settings.tlsCert, call);
  const token = await tokenOf(call.settings, call);
  await using operator = new GameOperator(url, { caCerts, token, onFailure: complainOnce(call) });
  try {
    if (action === "watch") return await watch(call, operator, words[0]);
    return await tell(call, action, await ask(operator, action, words));
  } catch (error) {
    await terminal.complain(`pulsebox: ${messageOf(error)}\n`);
    return STATUS_FAILED;
  }
}

/** Tells each failure of a connection once, not with each attempt. */
function complainOnce({ terminal }: Call): (message: string) => void {
  let last = "";
  return (message) => {
    if (message === last) return;
    last = message;
    inBackground(terminal.complain(`pulsebox: ${message}\n`));
  };
}

function ask(
  operator: GameOperator,
  action: "get" | "set" | "list",
  [id = "", state]: readonly string[],
): Promise<GameOperatorReply> {
  if (action === "list") return operator.list();
  const wanted = parseClientState(state);
  return wanted === undefined ? operator.get(id) : operator.set(id, wanted);
}

async function tell(
  { terminal, values }: Call,
  action: Action,
  reply: GameOperatorReply,
): Promise<number> {
  for (const { clientID, state } of reply) {
    const line = values.json === true
      ? JSON.stringify({ clientID, state })
      : action === "list"
      ? `${clientID} ${state}`
      : state;
    await terminal.write(`${line}\n`);
  }
  return STATUS_DONE;
}

async function watch(call: Call, operator: GameOperator, id: string | undefined): Promise<number> {
  const { terminal, values } = call;
  using stop = new StopSignal(values.for === undefined ? Infinity : parseDuration(values.for) ?? 0);
  let left = Number(values.count ?? Infinity);
  let told = 0;
  for await (const { clientID, state } of operator.watch(id, stop.signal)) {
    const isJson = values.json === true;
    await terminal.write(
      `${isJson ? JSON.stringify({ clientID, state }) : `${clientID} ${state}`}\n`,
    );
    told++;
    if (--left <= 0) break;
  }
  if (told > 0 || values.for === undefined) return STATUS_DONE;
  await terminal.complain(`pulsebox: No state came within ${values.for}\n`);
  return STATUS_FAILED;
}

function problemOf(action: Action, words: readonly string[], { values }: Call): string | undefined {
  const [min, max, usage] = ARGUMENTS[action];
  if (words.length < min || words.length > max) return `Write: pulsebox state ${action} ${usage}`;
  if (action === "set" && parseClientState(words[1]) === undefined) {
    return `"${words[1]}" is no state: write ${CLIENT_STATES.join(", ")}, or 0 to 3`;
  }
  if (values.count !== undefined && !/^[1-9]\d{0,8}$/.test(values.count)) {
    return `--count is "${values.count}": must be a whole number, at least 1`;
  }
  if (values.for !== undefined && parseDuration(values.for) === undefined) {
    return `--for is "${values.for}": must be ${DURATION_FORM}`;
  }
  return undefined;
}
