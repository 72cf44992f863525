/**
 * `pulsebox watch`: the console's table in a terminal, alive.
 *
 * @module
 */

import type { ConsoleClient, ConsoleEvent } from "../../clients/console.ts";
import { ConsoleError } from "../../clients/console.ts";
import { messageOf } from "../../core/message_of.ts";
import { sleep } from "../../net/sleep.ts";
import type { Invocation } from "../command.ts";
import type { WATCH_FLAGS } from "./flags.ts";
import { consoleClientOf } from "../console_place.ts";
import { STATUS_DONE, STATUS_FAILED } from "../exit_status.ts";
import { LiveMembers } from "../live_members.ts";
import { StopSignal } from "../stop_signal.ts";
import { visible } from "../../core/visible.ts";
import { renderMembers } from "./members.ts";

/** How often the picture is drawn again, in milliseconds. */
const DRAW_MS = 250;
/** How long to wait before the console is asked again, in milliseconds. */
const RETRY_MS = 1_000;
const ROWS_DEFAULT = 24;
const COLUMNS_DEFAULT = 80;
/** Lines of the screen that show no members: headline, blank, table header, phones, last line. */
const OTHER_LINES = 5;

const ALTERNATE_SCREEN = "\x1b[?1049h\x1b[?25l";
const MAIN_SCREEN = "\x1b[?25h\x1b[?1049l";
const HOME = "\x1b[H";
const CLEAR_LINE_END = "\x1b[K";
const CLEAR_BELOW = "\x1b[J";

type Call = Invocation<typeof WATCH_FLAGS, "console">;

/** Watches until a signal comes; status 1 if the console cannot be asked at all. */
export async function run(call: Call): Promise<number> {
  const client = await consoleClientOf(call.values, call.settings, call);
  using stop = new StopSignal(Infinity);
  const isPicture = call.values.json !== true && Deno.stdout.isTerminal();
  try {
    if (isPicture) await draw(call, client, stop);
    else await list(call, client, stop);
    return STATUS_DONE;
  } catch (error) {
    if (!(error instanceof ConsoleError)) throw error;
    await call.terminal.complain(`pulsebox: ${error.message}\n`);
    return STATUS_FAILED;
  }
}

/** One line for each thing that happens. */
async function list({ values, terminal }: Call, client: ConsoleClient, stop: StopSignal) {
  for await (const { name, data } of client.events(stop.signal)) {
    if (name !== "happened") continue;
    if (values.json === true) {
      await terminal.write(`${JSON.stringify(data)}\n`);
      continue;
    }
    const { at, type, member, detail } = data as {
      at: string;
      type: string;
      member: string | null;
      detail: Record<string, unknown>;
    };
    const words = Object.entries(detail).map(([key, value]) => `${key}=${value}`).join(" ");
    const line = `${at} ${type} ${member ?? "-"} ${words}`;
    await terminal.write(`${visible(line.trimEnd())}\n`);
  }
  if (!stop.signal.aborted) throw new ConsoleError(`The console at ${client.url} has ended`);
}

/** The table, drawn again and again; it outlives a restart of the host. */
async function draw(call: Call, client: ConsoleClient, stop: StopSignal) {
  const live = new LiveMembers();
  const state: { problem: string | undefined } = { problem: "connecting" };
  const { terminal } = call;
  // The first answer decides whether there is a console at all.
  const first = client.events(stop.signal)[Symbol.asyncIterator]();
  take(live, await first.next());
  await terminal.write(ALTERNATE_SCREEN);
  try {
    const following = follow(live, client, first, state, stop);
    while (!stop.signal.aborted) {
      await terminal.write(picture(live, state.problem, terminal.color));
      await sleep(DRAW_MS, stop.signal);
    }
    await following;
  } finally {
    await terminal.write(MAIN_SCREEN);
  }
}

async function follow(
  live: LiveMembers,
  client: ConsoleClient,
  first: AsyncIterator<ConsoleEvent, void>,
  state: { problem: string | undefined },
  stop: StopSignal,
): Promise<void> {
  let events = first;
  while (!stop.signal.aborted) {
    state.problem = undefined;
    try {
      for (let next = await events.next(); !next.done; next = await events.next()) take(live, next);
      state.problem = "the console does not answer";
    } catch (error) {
      state.problem = messageOf(error);
    }
    await sleep(RETRY_MS, stop.signal);
    events = client.events(stop.signal)[Symbol.asyncIterator]();
  }
}

function take(live: LiveMembers, next: IteratorResult<ConsoleEvent, void>): void {
  if (next.done !== true) live.take(next.value, performance.now());
}

/** The whole screen as text. */
function picture(live: LiveMembers, problem: string | undefined, color: boolean): string {
  const { columns, rows } = screen();
  const members = live.rows(performance.now());
  const shown = members.slice(0, Math.max(1, rows - OTHER_LINES));
  const news = live.headline(performance.now());
  const headline = problem === undefined ? news : `OLD: ${problem}`;
  const rest = live.total - shown.length;
  const lines = [
    visible(headline),
    "",
    ...renderMembers(shown, live.phones).trimEnd().split("\n"),
    rest > 0 ? `… and ${rest} more; Ctrl-C ends` : "Ctrl-C ends",
  ].map((line) => [...line].slice(0, columns).join(""));
  const first = color ? `\x1b[1m${lines[0]}\x1b[0m` : lines[0] ?? "";
  return HOME + [first, ...lines.slice(1)].map((line) => `${line}${CLEAR_LINE_END}`).join("\r\n") +
    CLEAR_BELOW;
}

function screen(): { columns: number; rows: number } {
  try {
    const { columns, rows } = Deno.consoleSize();
    // A serial console does not know its size and says 0.
    return { columns: columns || COLUMNS_DEFAULT, rows: rows || ROWS_DEFAULT };
  } catch {
    return { columns: COLUMNS_DEFAULT, rows: ROWS_DEFAULT };
  }
}
