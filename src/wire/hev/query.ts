/**
 * What a request on the query port asks for.
 *
 * @module
 */

import { B6_ALARMS, canonicalAlarmName, PRIORITIES } from "./alarms.ts";
import {
  checkPersonal,
  type CommandRequest,
  type PersonalRequest,
  type Refusal,
} from "./command_encoder.ts";

/**
 * A request, understood or not.
 *
 * - `command`: something for the controller. Whether such a command exists depends on the controller.
 * - `acknowledge`: take an alarm off the list; not listed is a nack.
 * - `acknowledge-entry`: take one entry off the list; not listed is an ack all the same.
 * - `personal`: a patient's data, valid, for the controller.
 * - `refused`: to be answered with a nack.
 */
export type Query =
  | { type: "command"; command: CommandRequest }
  | { type: "acknowledge"; name: string }
  | { type: "acknowledge-entry"; priority: string; name: string }
  | { type: "personal"; person: PersonalRequest }
  | Refusal;

/** What the oldest clients send instead of a type and a command. */
const OLD_COMMANDS: ReadonlyMap<string, string> = new Map([
  ["CMD_START", "START"],
  ["CMD_STOP", "STOP"],
]);

/**
 * Understands one request.
 *
 * @param json The document, without a NUL after it.
 */
export function parseQuery(json: string): Query {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return refused("it is not JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return refused("it is not an object");
  }
  const fields = new Map<string, unknown>(Object.entries(value));
  const type = fields.get("type");
  switch (type) {
    case "cmd":
    case "CMD":
      return parseCommand(fields);
    case "alarm":
      return parseAcknowledge(fields);
    case "ALARM":
      return parseAcknowledgeEntry(fields);
    case "PERSONAL":
      return parsePersonal(fields);
    case undefined:
      return refused("it has no type");
    default:
      return refused(`type is ${JSON.stringify(type).slice(0, 40)}`);
  }
}

function parseCommand(fields: ReadonlyMap<string, unknown>): Query {
  const cmdtype = fields.get("cmdtype");
  const cmd = fields.get("cmd");
  const param = fields.get("param") === null ? 0 : fields.get("param");
  if (typeof param !== "number" || !Number.isFinite(param)) return refused("param is not a number");
  if (typeof cmd !== "string") return refused("cmd is not a name");
  if (typeof cmdtype === "string") return { type: "command", command: { cmdtype, cmd, param } };
  const old = fields.has("cmdtype") ? undefined : OLD_COMMANDS.get(cmd);
  if (old === undefined) return refused("cmdtype is not a name");
  return { type: "command", command: { cmdtype: "GENERAL", cmd: old, param } };
}

function parseAcknowledge(fields: ReadonlyMap<string, unknown>): Query {
  const name = fields.get("ack");
  if (typeof name !== "string") return refused("ack is not a name");
  return { type: "acknowledge", name: canonicalAlarmName(name) };
}

function parseAcknowledgeEntry(fields: ReadonlyMap<string, unknown>): Query {
  const priority = fields.get("alarm_type");
  const code = fields.get("alarm_code");
  if (typeof priority !== "string" || PRIORITIES.code(priority) === undefined) {
    return refused("alarm_type is not a priority");
  }
  const name = typeof code === "string" ? canonicalAlarmName(code) : "";
  if (B6_ALARMS.code(name) === undefined) return refused("alarm_code is not an alarm");
  return { type: "acknowledge-entry", priority, name };
}

function parsePersonal(fields: ReadonlyMap<string, unknown>): Query {
  const [name, patient_id, sex] = ["name", "patient_id", "sex"].map((key) => fields.get(key));
  const [age, height, weight] = ["age", "height", "weight"].map((key) => fields.get(key));
  if (typeof name !== "string" || typeof patient_id !== "string" || typeof sex !== "string") {
    return refused("name, patient_id or sex is not text");
  }
  if (typeof age !== "number" || typeof height !== "number" || typeof weight !== "number") {
    return refused("age, height or weight is not a number");
  }
  const person = { name, patient_id, age, sex, height, weight };
  return checkPersonal(person) ?? { type: "personal", person };
}

function refused(detail: string): Refusal {
  return { type: "refused", reason: `Cannot take request: ${detail}` };
}
