/**
 * What a request target asks of a heartbeat server.
 *
 * The protocol's rules do not fit a query parser: the delay is a bare number without a name, `+` is a
 * plus sign, and escapes may be malformed. So the target is cut here, as it was sent: first split,
 * then each piece decoded, so that `a%26b` is the name `a&b`.
 *
 * @example
 * ```ts ignore
 * parseHilbertRequest("/hb_ping?5000&appid=tetris"); // { command: "ping", delay: 5000, name: "tetris" }
 * ```
 *
 * @module
 */

import { type LostAfter, parseLostAfter } from "../../core/lost_after.ts";
import { visibleCut } from "../../core/visible.ts";
import { parseDelay } from "./delay.ts";
import { isValidName } from "./identity.ts";
import { decodePercent } from "./percent.ts";

/**
 * A request, understood or not.
 *
 * - `init`, `ping`: `delay` is a whole number in the unit of the client, possibly negative.
 * - `template`: the form `heartbeat.html?container=NAME&next=MS`; `delay` is `undefined` if the
 *   client did not fill it in.
 * - `lostAfter`: what `lost_after=` says, which the original ignores: a multiple of W, or a number in
 *   the unit of the client that stands as milliseconds here.
 * - `fail`: the application has failed; `reason` is bounded and may be shown.
 * - `status`: `name` is `undefined` if nobody in particular is asked for. With `scope=host`, which the
 *   original ignores, it is looked for on all stations, not just on that of whoever asks.
 * - `invalid`: a known command with something wrong, said in `reason`.
 * - `unknown`: no command of the protocol.
 */
export type HilbertRequest =
  | { command: "init" | "ping"; delay: number; name: string; lostAfter?: LostAfter }
  | { command: "template"; delay: number | undefined; name: string; lostAfter?: LostAfter }
  | { command: "done"; name: string }
  | { command: "fail"; delay: number; name: string; reason: string }
  | { command: "list" }
  | { command: "status"; name: string | undefined; scope?: "host" }
  | { command: "health" }
  | { command: "invalid"; reason: string }
  | { command: "unknown" };

/** The command of a {@linkcode HilbertRequest}. */
export type HilbertCommand = HilbertRequest["command"];

const NAME_KEY = "appid=";
const LOST_AFTER_KEY = "lost_after=";
const SCOPE_KEY = "scope=";
const CONTAINER_KEY = "container=";
const NEXT_KEY = "next=";
const REASON_KEY = "reason=";
/** Longest reason of a failure, in UTF-16 code units; the rest is cut. */
export const REASON_LENGTH_MAX = 200;
/** The placeholder for the delay in a template URL that was never filled in. */
const TEMPLATE_PLACE = "%n";

/**
 * Reads the target of a request.
 *
 * @param target Path and query (or the absolute form) as sent: one code unit for each byte.
 */
export function parseHilbertRequest(target: string): HilbertRequest {
  const mark = target.indexOf("?");
  const pathEnd = mark < 0 ? target.length : mark;
  const segmentStart = target.lastIndexOf("/", pathEnd - 1) + 1;
  const queryStart = pathEnd + 1;
  switch (decodePercent(target.slice(segmentStart, pathEnd))) {
    case "hb_ping":
      return parseBeat("ping", target, queryStart);
    case "hb_init":
      return parseBeat("init", target, queryStart);
    case "hb_done":
      return parseDone(target, queryStart);
    case "hb_fail":
      return parseFailure(target, queryStart);
    case "list":
      return { command: "list" };
    case "status":
      return parseStatus(target, queryStart);
    case "heartbeat.html":
      return parseTemplate(target, queryStart);
    case "healthz":
      return { command: "health" };
    default:
      return { command: "unknown" };
  }
}

function parseBeat(command: "init" | "ping", target: string, queryStart: number): HilbertRequest {
  const delay = parseDelay(decodePercent(target.slice(queryStart, pieceEnd(target, queryStart))));
  if (delay === undefined) return { command: "invalid", reason: "delay is not a number" };
  const name = findValue(target, queryStart, NAME_KEY) ?? "";
  if (!isValidName(name)) return invalidName();
  return withLostAfter({ command, delay, name }, target, queryStart);
}

/** Adds the application's own choice of when it counts as lost. */
function withLostAfter(
  beat: Extract<HilbertRequest, { command: "init" | "ping" | "template" }>,
  target: string,
  queryStart: number,
): HilbertRequest {
  const text = findValue(target, queryStart, LOST_AFTER_KEY);
  if (text === undefined) return beat;
  const lostAfter = parseLostAfter(text);
  if (lostAfter !== undefined) return { ...beat, lostAfter };
  return { command: "invalid", reason: "lost_after is neither a multiple such as 2x nor a time" };
}

/** Not a command of the original server, which answers 400 and notices the silence later. */
function parseFailure(target: string, queryStart: number): HilbertRequest {
  const beat = parseBeat("ping", target, queryStart);
  if (beat.command !== "ping") return beat;
  const reason = findValue(target, queryStart, REASON_KEY) ?? "";
  const { delay, name } = beat;
  return { command: "fail", delay, name, reason: visibleCut(reason, REASON_LENGTH_MAX) };
}

function parseTemplate(target: string, queryStart: number): HilbertRequest {
  const name = findValue(target, queryStart, CONTAINER_KEY) ?? "";
  if (!isValidName(name)) return invalidName();
  const next = findValue(target, queryStart, NEXT_KEY) ?? "";
  if (next === "" || next === TEMPLATE_PLACE) {
    return withLostAfter({ command: "template", delay: undefined, name }, target, queryStart);
  }
  const delay = parseDelay(next);
  if (delay === undefined) return { command: "invalid", reason: "next is not a number" };
  return withLostAfter({ command: "template", delay, name }, target, queryStart);
}

function parseDone(target: string, queryStart: number): HilbertRequest {
  const name = findValue(target, queryStart, NAME_KEY) ?? "";
  return isValidName(name) ? { command: "done", name } : invalidName();
}

function parseStatus(target: string, queryStart: number): HilbertRequest {
  const name = findValue(target, queryStart, NAME_KEY);
  if (name !== undefined && !isValidName(name)) return invalidName();
  const isWide = findValue(target, queryStart, SCOPE_KEY) === "host";
  return { command: "status", name, ...(isWide ? { scope: "host" } : {}) };
}

function invalidName(): HilbertRequest {
  return { command: "invalid", reason: "name is too long or holds control characters" };
}

/**
 * The decoded value of the first piece that begins with `key`, wherever it stands.
 *
 * The key is compared before decoding: nobody escapes it, and `a%26appid=b` must stay one name.
 */
function findValue(target: string, queryStart: number, key: string): string | undefined {
  for (let start = queryStart; start < target.length;) {
    const end = pieceEnd(target, start);
    if (target.startsWith(key, start)) return decodePercent(target.slice(start + key.length, end));
    start = end + 1;
  }
  return undefined;
}

function pieceEnd(target: string, start: number): number {
  const end = target.indexOf("&", start);
  return end < 0 ? target.length : end;
}
