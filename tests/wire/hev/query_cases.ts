/**
 * Named requests to the query port: what is understood, and in which dialect the reply must be.
 *
 * @module
 */

import type { Query } from "../../../src/wire/hev/query.ts";
import type { Dialect } from "../../../src/wire/hev/query_reader.ts";

/** A whole request; `query` is `"refused"` if a nack is due. */
export interface QueryCase {
  name: string;
  bytes: Uint8Array<ArrayBuffer>;
  dialect: Dialect;
  query: Query | "refused";
}

const START: Query = {
  type: "command",
  command: { cmdtype: "GENERAL", cmd: "START", param: 0 },
};

const PERSON = { name: "Ada", patient_id: "A-1", age: 36, sex: "F", height: 165, weight: 55 };

/** Requests as the clients send them, each of them whole. */
export const QUERY_CASES: readonly QueryCase[] = [
  seed("a command", { type: "cmd", cmdtype: "GENERAL", cmd: "START", param: null }, START),
  seed(
    "a command with a number",
    { type: "cmd", cmdtype: "SET_TIMEOUT", cmd: "INHALE", param: 11 },
    {
      type: "command",
      command: { cmdtype: "SET_TIMEOUT", cmd: "INHALE", param: 11 },
    },
  ),
  seed("a command with a fraction", { type: "cmd", cmdtype: "SET_PID", cmd: "KP", param: 0.5 }, {
    type: "command",
    command: { cmdtype: "SET_PID", cmd: "KP", param: 0.5 },
  }),
  nul("a command", { type: "CMD", cmdtype: "GENERAL", cmd: "START", param: null }, START),
  nul(
    "a command in lower case",
    { type: "cmd", cmdtype: "GENERAL", cmd: "START", param: 0 },
    START,
  ),
  seed("the oldest START", { type: "cmd", cmd: "CMD_START", param: null }, START),
  seed("the oldest STOP", { type: "cmd", cmd: "CMD_STOP", param: null }, {
    type: "command",
    command: { cmdtype: "GENERAL", cmd: "STOP", param: 0 },
  }),
  seed("a command of inherited names", {
    type: "cmd",
    cmdtype: "__proto__",
    cmd: "constructor",
    param: 0,
  }, { type: "command", command: { cmdtype: "__proto__", cmd: "constructor", param: 0 } }),
  seed("a command without cmdtype", { type: "cmd", cmd: "START", param: null }, "refused"),
  seed("an old command with cmdtype null", {
    type: "cmd",
    cmdtype: null,
    cmd: "CMD_START",
    param: null,
  }, "refused"),
  seed("a command without cmd", { type: "cmd", cmdtype: "GENERAL", param: null }, "refused"),
  seed("a command without param", { type: "cmd", cmdtype: "GENERAL", cmd: "START" }, "refused"),
  ...[true, "3", [3], { value: 3 }].map((param) =>
    seed(`param ${JSON.stringify(param)}`, {
      type: "cmd",
      cmdtype: "GENERAL",
      cmd: "START",
      param,
    }, "refused")
  ),
  text("an infinite param", '{"type":"cmd","cmdtype":"GENERAL","cmd":"START","param":1e999}'),
  seed("an acknowledgement", { type: "alarm", ack: "APNEA" }, {
    type: "acknowledge",
    name: "APNEA",
  }),
  seed("an acknowledgement in the old spelling", { type: "alarm", ack: "EXPIRATION_VALVE_Leak" }, {
    type: "acknowledge",
    name: "EXPIRATION_VALVE_LEAK",
  }),
  seed("an acknowledgement of nothing", { type: "alarm" }, "refused"),
  nul("an acknowledgement", {
    type: "ALARM",
    alarm_type: "PRIORITY_HIGH",
    alarm_code: "APNEA",
    param: null,
  }, { type: "acknowledge-entry", priority: "PRIORITY_HIGH", name: "APNEA" }),
  nul("an acknowledgement of an unknown priority", {
    type: "ALARM",
    alarm_type: "HP",
    alarm_code: "APNEA",
  }, "refused"),
  nul("an acknowledgement of an unknown alarm", {
    type: "ALARM",
    alarm_type: "PRIORITY_LOW",
    alarm_code: "__proto__",
  }, "refused"),
  nul(
    "an acknowledgement without a name",
    { type: "ALARM", alarm_type: "PRIORITY_LOW" },
    "refused",
  ),
  nul("a patient", { type: "PERSONAL", ...PERSON }, { type: "personal", person: PERSON }),
  nul("a patient without patient_id", {
    type: "PERSONAL",
    ...PERSON,
    patient_id: undefined,
  }, "refused"),
  nul("a patient of 300 years", { type: "PERSONAL", ...PERSON, age: 300 }, "refused"),
  nul("a patient whose age is text", { type: "PERSONAL", ...PERSON, age: "36" }, "refused"),
  ...["broadcast", "setmode", "setthresholds", "setup"].map((type) =>
    seed(`type ${type}`, { type, mode: "PRVC" }, "refused")
  ),
  ...["DATA", "READBACK", "CYCLE", "IVT", "DEBUG"].map((type) =>
    nul(`type ${type}`, { type }, "refused")
  ),
  seed("no type", { cmd: "START" }, "refused"),
  seed("an empty object", {}, "refused"),
  text("type twice, the last one counts", '{"type":"x","type":"alarm","ack":"APNEA"}', {
    type: "acknowledge",
    name: "APNEA",
  }),
  text("a type of __proto__", '{"__proto__":{"type":"cmd"}}'),
  text("a type that is an object", '{"type":{"type":"cmd"}}'),
  text("braces and quotes in text", String.raw`{"type":"alarm","ack":"}\"]\\{"}`, {
    type: "acknowledge",
    name: '}"]\\{',
  }),
  text("blanks around", ' \r\n\t{ "type" : "alarm" , "ack" : "APNEA" }', {
    type: "acknowledge",
    name: "APNEA",
  }),
  text("single quotes", "{'type':'cmd'}"),
  text("a brace closed by a bracket", '{"type":"cmd"]'),
  text("an array", "["),
  text("a number", "1"),
  text("a word", "x"),
  text("a closing brace", "}"),
  text("no JSON, with a NUL", "hello\0"),
  text("half of a request, with a NUL", '{"type":"CMD"\0'),
  text("nothing but a NUL", "\0"),
  bytes("a byte order mark", [0xef]),
  bytes("no UTF-8", [...new TextEncoder().encode('{"type":"'), 0xff, 0x22, 0x7d]),
  bytes("no UTF-8, with a NUL", [0x7b, 0xff, 0x7d, 0x00]),
];

function seed(name: string, value: unknown, query: QueryCase["query"]): QueryCase {
  return text(`${name}, bare`, JSON.stringify(value), query);
}

function nul(name: string, value: unknown, query: QueryCase["query"]): QueryCase {
  return text(`${name}, with a NUL`, `${JSON.stringify(value)}\0`, query);
}

function text(name: string, json: string, query: QueryCase["query"] = "refused"): QueryCase {
  return bytes(name, [...new TextEncoder().encode(json)], query);
}

function bytes(
  name: string,
  all: readonly number[],
  query: QueryCase["query"] = "refused",
): QueryCase {
  const dialect = all.at(-1) === 0 ? "nul" : "seed";
  return { name, bytes: Uint8Array.from(all), dialect, query };
}
