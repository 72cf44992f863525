/**
 * What operators post (mlf.md section 3.3).
 *
 * @module
 */

import { type ClientState, parseClientState } from "../../core/client_state.ts";
import { parseClientId } from "./client_id.ts";
import {
  fieldOf,
  isProblem,
  type MlfObject,
  type MlfProblem,
  readObject,
  wrongField,
} from "./fields.ts";

/** A call of an operator. */
export interface OperatorCall {
  /** The client that the call names; `undefined` if it names none. */
  readonly clientId: string | undefined;
  /** The headset's name of a calibration. */
  readonly headset: string | undefined;
  /** The state that `ForceStateClient` sets. */
  readonly state: ClientState | undefined;
}

/** The required fields of a call: a client, a client or headset, and perhaps a state. */
export interface OperatorForm {
  readonly names: "client" | "client-or-headset" | "nobody";
  readonly state: "required" | "none";
}

/** Reads the body of an operator's call. Where nothing is required, there may be no body at all. */
export function parseOperatorCall(
  body: Uint8Array,
  form: OperatorForm,
): OperatorCall | readonly MlfProblem[] {
  const isOptional = form.names === "nobody" && form.state === "none";
  const message: MlfObject | MlfProblem = body.length === 0 && isOptional ? {} : readObject(body);
  if (isProblem(message)) return [message];
  const problems: MlfProblem[] = [];
  const id = form.names === "nobody" ? undefined : fieldOf(message, "clientID");
  const name = form.names === "client-or-headset" ? fieldOf(message, "hmdID") : undefined;
  const clientId = parseClientId(id);
  const headset = parseClientId(name);
  if (form.names !== "nobody" && clientId === undefined && headset === undefined) {
    problems.push(wrongField(["body", "clientID"], id ?? name, "must be a client's ID"));
  }
  const wanted = form.state === "required" ? fieldOf(message, "state") : undefined;
  const state = parseClientState(wanted);
  if (form.state === "required" && state === undefined) {
    const must = "must be DISCONNECTED, UNCALIBRATED, CALIBRATED, RUNNING, or 0 to 3";
    problems.push(wrongField(["body", "state"], wanted, must));
  }
  return problems.length > 0 ? problems : { clientId, headset, state };
}
