/**
 * Request targets by name: what clients send, what they might send, and what nobody should.
 *
 * The same table serves the parser's tests, the role's tests on a socket and the fuzz test's seeds.
 *
 * @module
 */

import type { HilbertRequest } from "../../../src/wire/hilbert/request.ts";

/** One request target and what it means. */
export interface TargetCase {
  name: string;
  /** As sent: one code unit for each byte. */
  target: string;
  /** Without its reason if it is invalid. */
  expected: HilbertRequest | { command: "invalid" };
}

const INVALID = { command: "invalid" } as const;
const UNKNOWN = { command: "unknown" } as const;
const LIST = { command: "list" } as const;

function ping(delay: number, name = ""): HilbertRequest {
  return { command: "ping", delay, name };
}

function row(name: string, target: string, expected: TargetCase["expected"]): TargetCase {
  return { name, target, expected };
}

/** Targets that a HTTP parser lets through. */
export const TARGET_CASES: readonly TargetCase[] = [
  // When it wants to count as lost: what the original ignores.
  row("lost after a multiple", "/hb_ping?5&appid=A&lost_after=1.5x&cache_buster=1", {
    command: "ping",
    delay: 5,
    name: "A",
    lostAfter: { unit: "promises", value: 1.5 },
  }),
  row("lost after a time", "/hb_init?5&lost_after=20000&appid=A", {
    command: "init",
    delay: 5,
    name: "A",
    lostAfter: { unit: "ms", value: 20_000 },
  }),
  row("lost after less than one promise", "/hb_ping?5&lost_after=0.5x", INVALID),
  row("lost after nothing", "/hb_ping?5&lost_after=", INVALID),
  row("lost after no time", "/hb_ping?5&lost_after=0", INVALID),
  row("lost after more than thirty days", "/hb_ping?5&lost_after=2592000001", INVALID),
  row("lost after a duration of people", "/hb_ping?5&lost_after=20s", INVALID),
  // Commands and paths (specification, section 3).
  row("init", "/hb_init?3000&appid=A", { command: "init", delay: 3000, name: "A" }),
  row("ping", "/hb_ping?3000&appid=A", ping(3000, "A")),
  row("done", "/hb_done?0&appid=A", { command: "done", name: "A" }),
  row("list", "/list", LIST),
  row("status", "/status", { command: "status", name: undefined }),
  row("health", "/healthz", { command: "health" }),
  row("double slash", "//hb_ping?5&appid=A", ping(5, "A")),
  row("any prefix", "/any/prefix/hb_ping?5&appid=A", ping(5, "A")),
  row("absolute form", "http://127.0.0.1:8888/hb_ping?5&appid=A", ping(5, "A")),
  row("absolute form without path", "http://127.0.0.1:8888", UNKNOWN),
  row("escaped letter in the command", "/hb%5Fping?5&appid=A", ping(5, "A")),
  row("slash in the query", "/hb_ping?5&appid=A/list", ping(5, "A/list")),
  row("trailing slash", "/hb_ping/?5&appid=x", UNKNOWN),
  row("list with trailing slash", "/list/", UNKNOWN),
  row("root", "/", UNKNOWN),
  row("nothing but a query", "?5&appid=A", UNKNOWN),
  row("nothing but a query with a slash", "?/list", UNKNOWN),
  row("query that begins with a slash", "/list?/status", LIST),
  row("asterisk", "*", UNKNOWN),
  row("other case", "/HB_PING?5&appid=A", UNKNOWN),
  row("browser icon", "/favicon.ico", UNKNOWN),
  row("browser icon with query", "/favicon.ico?x=1", UNKNOWN),
  row("misspelt", "/hb_pong?5&appid=A", UNKNOWN),
  row("escaped slash is no separator", "/x%2Fhb_ping?5", UNKNOWN),
  row("prototype member", "/constructor", UNKNOWN),

  // The delay.
  row("zero", "/hb_ping?0&appid=A", ping(0, "A")),
  row("leading zeros", "/hb_ping?007&appid=A", ping(7, "A")),
  row("no query", "/hb_ping", ping(0)),
  row("empty query", "/hb_ping?", ping(0)),
  row("empty first piece", "/hb_ping?&appid=x", ping(0, "x")),
  row("fraction", "/hb_ping?3.5&appid=A", ping(4, "A")),
  row("fraction of a page", "/hb_ping?1666.6666666666667&appid=A", ping(1667, "A")),
  row("fraction of zeros", "/hb_ping?3.000&appid=A", ping(3, "A")),
  row("fraction without whole", "/hb_ping?.5&appid=A", ping(1, "A")),
  row("whole with point", "/hb_ping?5.&appid=A", ping(5, "A")),
  row("point alone", "/hb_ping?.&appid=A", INVALID),
  row("two points", "/hb_ping?1.2.3&appid=A", INVALID),
  row("plus sign", "/hb_ping?+5&appid=A", ping(5, "A")),
  row("minus sign", "/hb_ping?-999&appid=A", ping(-999, "A")),
  row("negative fraction", "/hb_ping?-999.5&appid=A", ping(-999, "A")),
  row("negative zero", "/hb_ping?-0.5&appid=A", ping(0, "A")),
  row("sign alone", "/hb_ping?-&appid=A", INVALID),
  row("two signs", "/hb_ping?--5&appid=A", INVALID),
  row("blanks around", "/hb_ping?%20%205%20&appid=A", ping(5, "A")),
  row("blank within", "/hb_ping?5%205&appid=A", INVALID),
  row("blank alone", "/hb_ping?%20&appid=A", INVALID),
  row("single underscores", "/hb_ping?10_000&appid=A", ping(10_000, "A")),
  row("double underscore", "/hb_ping?10__000&appid=A", INVALID),
  row("underscore at the end", "/hb_ping?10_&appid=A", INVALID),
  row("underscore in front", "/hb_ping?_10&appid=A", INVALID),
  row("fifteen digits", "/hb_ping?999999999999999&appid=A", ping(999_999_999_999_999, "A")),
  row("sixteen digits", "/hb_ping?1000000000000000&appid=A", INVALID),
  row("thousand digits", `/hb_ping?${"9".repeat(1000)}&appid=A`, INVALID),
  row("exponent", "/hb_ping?1e3&appid=A", INVALID),
  row("hexadecimal", "/hb_ping?0x10&appid=A", INVALID),
  row("infinity", "/hb_ping?Infinity&appid=A", INVALID),
  row("not a number", "/hb_ping?NaN&appid=A", INVALID),
  row("letters", "/hb_ping?abc&appid=A", INVALID),
  row("name in place of the delay", "/hb_ping?appid=x", INVALID),
  row("named delay", "/hb_ping?delay=5&appid=x", INVALID),
  row("delay not in front", "/hb_ping?appid=x&5", INVALID),
  row("second question mark in front", "/hb_ping??5&appid=A", INVALID),
  row("escaped digits", "/hb_ping?%35%30&appid=A", ping(50, "A")),
  row("semicolon does not split", "/hb_ping?5;appid=A", INVALID),

  // The name.
  row("no name", "/hb_ping?5", ping(5)),
  row("empty name", "/hb_ping?5&appid=", ping(5)),
  row("cache buster behind", "/hb_ping?500&appid=A&cache_buster=1_2", ping(500, "A")),
  row("cache buster before", "/x/y/hb_ping?0&cache_buster=9&appid=B", ping(0, "B")),
  row("first of two names", "/hb_ping?5&appid=A&appid=B", ping(5, "A")),
  row("key in other case", "/hb_ping?5&AppId=A", ping(5)),
  row("longer key", "/hb_ping?5&xappid=A", ping(5)),
  row("separators in the name", "/hb_ping?5&appid=a=b/c;d:e@f,g", ping(5, "a=b/c;d:e@f,g")),
  row("question mark in the name", "/hb_ping?5&appid=what?", ping(5, "what?")),
  row("number sign in the name", "/hb_ping?5&appid=a#b", ping(5, "a#b")),
  row("plus in the name", "/hb_ping?5&appid=a+b", ping(5, "a+b")),
  row("escaped blank", "/hb_ping?5&appid=my%20app", ping(5, "my app")),
  row("escaped ampersand", "/hb_ping?5&appid=a%26b", ping(5, "a&b")),
  row("escaped ampersand and key", "/hb_ping?5&appid=a%26appid=b", ping(5, "a&appid=b")),
  row("escaped number sign", "/hb_ping?5&appid=a%23b", ping(5, "a#b")),
  row("escaped question mark", "/hb_ping?5&appid=a%3Fb", ping(5, "a?b")),
  row("stray percent", "/hb_ping?5&appid=50%off", ping(5, "50%off")),
  row("escaped percent", "/hb_ping?5&appid=50%25off", ping(5, "50%off")),
  row("no hexadecimal digits", "/hb_ping?5&appid=%zz", ping(5, "%zz")),
  row("percent at the end", "/hb_ping?5&appid=A%", ping(5, "A%")),
  row("half an escape at the end", "/hb_ping?5&appid=A%4", ping(5, "A%4")),
  row("escape after a stray percent", "/hb_ping?5&appid=%%41", ping(5, "%A")),
  row("escaped UTF-8", "/hb_ping?5&appid=%C3%A4", ping(5, "ä")),
  row("escaped UTF-8 in lower case", "/hb_ping?5&appid=%e2%82%ac", ping(5, "€")),
  row("raw UTF-8", "/hb_ping?5&appid=\xc3\xa4", ping(5, "ä")),
  row("raw and escaped halves of a letter", "/hb_ping?5&appid=\xc3%A4", ping(5, "ä")),
  row("four bytes", "/hb_ping?5&appid=%F0%9F%98%80", ping(5, "😀")),
  row("escaped byte that is not UTF-8", "/hb_ping?5&appid=%FF", ping(5, "\ufffd")),
  row("raw byte that is not UTF-8", "/hb_ping?5&appid=\xe4", ping(5, "\ufffd")),
  row("byte order mark", "/hb_ping?5&appid=%EF%BB%BFA", ping(5, "\ufeffA")),
  row("at sign and address", "/hb_ping?5&appid=A%20@%2010.0.0.1", ping(5, "A @ 10.0.0.1")),
  row("512 bytes", `/hb_ping?5&appid=${"n".repeat(512)}`, ping(5, "n".repeat(512))),
  row("513 bytes", `/hb_ping?5&appid=${"n".repeat(513)}`, INVALID),
  row(
    "256 letters of two bytes",
    `/hb_ping?5&appid=${"%C3%A4".repeat(256)}`,
    ping(5, "ä".repeat(256)),
  ),
  row("257 letters of two bytes", `/hb_ping?5&appid=${"%C3%A4".repeat(257)}`, INVALID),
  row("4 KiB", `/hb_ping?5&appid=${"n".repeat(4096)}`, INVALID),
  row("line feed", "/hb_ping?5&appid=a%0Ab", INVALID),
  row("escape character", "/hb_init?5&appid=%1b[2J", INVALID),
  row("one-byte control sequence", "/hb_ping?5&appid=%C2%9B2J", INVALID),
  row("null", "/status?appid=%00", INVALID),
  row("too long a name at the end", `/hb_done?0&appid=${"n".repeat(513)}`, INVALID),

  // Commands that do not look at the delay.
  row("done without a delay", "/hb_done", { command: "done", name: "" }),
  row("done with any delay", "/hb_done?abc&appid=A", { command: "done", name: "A" }),
  row("done with a name in front", "/hb_done?appid=A", { command: "done", name: "A" }),
  row("list with anything", "/list?cache_buster=1", LIST),
  row("list with letters", "/list?abc", LIST),
  row("status with zero", "/status?0", { command: "status", name: undefined }),
  row("status of a name behind zero", "/status?0&appid=x", { command: "status", name: "x" }),
  row("status of a name in front", "/status?appid=x", { command: "status", name: "x" }),
  row("status of an empty name", "/status?appid=", { command: "status", name: "" }),
  row("status on the host", "/status?0&appid=x&scope=host", {
    command: "status",
    name: "x",
    scope: "host",
  }),
  row("status with another scope", "/status?scope=x&appid=x", { command: "status", name: "x" }),
  row("status with cache buster", "/status?cache_buster=1", { command: "status", name: undefined }),

  // The template form (section 21.1).
  row("template", "/heartbeat.html?container=pong&next=5000", {
    command: "template",
    delay: 5000,
    name: "pong",
  }),
  row("template in any order", "/x/heartbeat.html?next=5.5&a=b&container=pong", {
    command: "template",
    delay: 6,
    name: "pong",
  }),
  row("template left as it is", "/heartbeat.html?container=pong&next=%n", {
    command: "template",
    delay: undefined,
    name: "pong",
  }),
  row("template with its place escaped", "/heartbeat.html?container=pong&next=%25n", {
    command: "template",
    delay: undefined,
    name: "pong",
  }),
  row("template without delay", "/heartbeat.html?container=pong", {
    command: "template",
    delay: undefined,
    name: "pong",
  }),
  row("template without anything", "/heartbeat.html", {
    command: "template",
    delay: undefined,
    name: "",
  }),
  row("template that says when it is lost", "/heartbeat.html?container=p&next=5&lost_after=2x", {
    command: "template",
    delay: 5,
    name: "p",
    lostAfter: { unit: "promises", value: 2 },
  }),
  row("template with letters", "/heartbeat.html?container=pong&next=soon", INVALID),
  row("template with too long a name", `/heartbeat.html?container=${"n".repeat(513)}`, INVALID),
];
