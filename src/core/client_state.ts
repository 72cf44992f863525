/**
 * The states of a game client, and what may change them (mlf.md section 5).
 *
 * @module
 */

/** The states in the order of their numbers, 0 to 3 (mlf.md section 5). */
export const CLIENT_STATES = ["DISCONNECTED", "UNCALIBRATED", "CALIBRATED", "RUNNING"] as const;

/**
 * What a game client is doing, as the server decides (mlf.md section 5): `DISCONNECTED` (the server does
 * not know it), `UNCALIBRATED` (known, and to apply a calibration), `CALIBRATED` (in the lobby), `RUNNING`
 * (in the game).
 */
export type ClientState = typeof CLIENT_STATES[number];

/** The state in which a client begins each of its lives. */
export const FIRST_STATE = "UNCALIBRATED" satisfies ClientState;

/** What a client or an operator may ask for, besides a state by force. */
export type ClientAction = "calibrated" | "calibrate" | "start" | "lobby" | "emergency";

type Transitions = Readonly<Partial<Record<ClientState, ClientState>>>;

/** What each state stays or becomes; a state that an action does not mention refuses it. */
export const CLIENT_TRANSITIONS: Readonly<Record<ClientAction, Transitions>> = {
  calibrated: { UNCALIBRATED: "CALIBRATED", CALIBRATED: "CALIBRATED", RUNNING: "RUNNING" },
  calibrate: { UNCALIBRATED: "UNCALIBRATED", CALIBRATED: "CALIBRATED", RUNNING: "RUNNING" },
  start: { CALIBRATED: "RUNNING" },
  lobby: { RUNNING: "CALIBRATED" },
  emergency: { UNCALIBRATED: "UNCALIBRATED", CALIBRATED: "CALIBRATED", RUNNING: "RUNNING" },
};

/** The actions that end an emergency: either calls a client back in its state. */
const CALMING: ReadonlySet<ClientAction> = new Set(["start", "lobby"]);

/**
 * The state that follows an action.
 *
 * @param mood Whether the client shows its emergency screen.
 * @return `undefined` if the client must not do that in its state.
 */
export function stateAfter(
  state: ClientState,
  action: ClientAction,
  mood: "calm" | "emergency" = "calm",
): ClientState | undefined {
  const target = CLIENT_TRANSITIONS[action][state];
  if (target !== undefined) return target;
  const isRecalled = mood === "emergency" && CALMING.has(action) && !(
    action === "start" && state === "UNCALIBRATED"
  );
  return isRecalled && state !== "DISCONNECTED" ? state : undefined;
}

/**
 * The action that leads from one state to another, for callers that name the wanted state; see
 * {@linkcode stateAfter}.
 */
export function actionBetween(from: ClientState, to: ClientState): ClientAction | undefined {
  const actions: readonly ClientAction[] = ["calibrated", "start", "lobby"];
  return actions.find((action) => CLIENT_TRANSITIONS[action][from] === to);
}

/** The state that a name, a number from 0 to 3 or a digit as text means. */
export function parseClientState(value: unknown): ClientState | undefined {
  if (typeof value === "number") return CLIENT_STATES[value];
  if (typeof value !== "string") return undefined;
  if (/^[0-3]$/.test(value)) return CLIENT_STATES[Number(value)];
  const name = value.toUpperCase();
  return CLIENT_STATES.find((state) => state === name);
}
