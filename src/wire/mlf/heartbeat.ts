/**
 * The heartbeat of a game client (mlf.md section 3.1).
 *
 * @module
 */

import { type ClientState, parseClientState } from "../../core/client_state.ts";
import { parseClientId } from "./client_id.ts";
import { fieldOf, isObject, isProblem, type MlfProblem, readObject, wrongField } from "./fields.ts";
import { parseTimestamp } from "./timestamp.ts";

/** What a heartbeat says. */
export interface GameHeartbeat {
  /** Version of the client's SDK, for display only. */
  readonly sdkVersion: number;
  /** The client's local time, as sent. */
  readonly timestamp: string;
  /** {@linkcode GameHeartbeat.timestamp} as microseconds, good only for this client's own order. */
  readonly timestampMicros: number;
  readonly clientId: string;
  /** The state that the client believes to be in. */
  readonly clientState: ClientState;
}

/** The SDK version of the original client. */
export const SDK_VERSION = 0.1;

/** Reads the body of a heartbeat; all of its problems are reported together. */
export function parseGameHeartbeat(body: Uint8Array): GameHeartbeat | readonly MlfProblem[] {
  const message = readObject(body);
  if (isProblem(message)) return [message];
  const problems: MlfProblem[] = [];
  const sdkVersion = fieldOf(message, "sdkVersion");
  if (typeof sdkVersion !== "number") {
    problems.push(wrongField(["body", "sdkVersion"], sdkVersion, "must be a number"));
  }
  const timestamp = fieldOf(message, "timestamp");
  const timestampMicros = typeof timestamp === "string" ? parseTimestamp(timestamp) : undefined;
  if (timestampMicros === undefined) {
    const must = "must be a time such as 2022-04-04 16:01:41.432445";
    problems.push(wrongField(["body", "timestamp"], timestamp, must));
  }
  const messageType = fieldOf(message, "messageType");
  if (messageType !== "HEARTBEAT") {
    problems.push(wrongField(["body", "messageType"], messageType, "must be HEARTBEAT"));
  }
  const inner = fieldOf(message, "body");
  if (!isObject(inner)) {
    return [...problems, wrongField(["body", "body"], inner, "must be an object")];
  }
  const id = fieldOf(inner, "clientID");
  const clientId = parseClientId(id);
  if (clientId === undefined) {
    const must = "must be 1 to 64 letters, digits, dots, colons, hyphens or underscores";
    problems.push(wrongField(["body", "body", "clientID"], id, must));
  }
  const state = fieldOf(inner, "clientState");
  const clientState = parseClientState(state);
  if (clientState === undefined) {
    const must = "must be DISCONNECTED, UNCALIBRATED, CALIBRATED, RUNNING, or 0 to 3";
    problems.push(wrongField(["body", "body", "clientState"], state, must));
  }
  if (
    typeof sdkVersion !== "number" || typeof timestamp !== "string" ||
    timestampMicros === undefined || clientId === undefined || clientState === undefined ||
    problems.length > 0
  ) return problems;
  return { sdkVersion, timestamp, timestampMicros, clientId, clientState };
}

/** Writes a heartbeat exactly as the original client does: order, names, no spaces. */
export function encodeGameHeartbeat(
  heartbeat: Pick<GameHeartbeat, "sdkVersion" | "timestamp" | "clientId" | "clientState">,
): string {
  const { sdkVersion, timestamp, clientId, clientState } = heartbeat;
  return JSON.stringify({
    sdkVersion,
    timestamp,
    messageType: "HEARTBEAT",
    body: { clientID: clientId, clientState },
  });
}
