/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * One headset as a row: what the server knows about it, and its actions.
 *
 * @module
 */

import type { GameClient } from "../panels.ts";
import { ActionButton, faultPlace } from "./action_button.ts";
import { post, withId } from "./api.ts";
import { element, setText } from "./dom.ts";
import { reasonAgainst } from "./game_rules.ts";
import { speech, text } from "./say.ts";
import { drawSign, sign, type SignName } from "./signs.ts";

const ACTIONS = ["calibrate", "lobby", "start", "emergency"] as const;

const SIGNS: Readonly<Record<GameClient["state"], SignName>> = {
  DISCONNECTED: "down",
  UNCALIBRATED: "ring",
  CALIBRATED: "half",
  RUNNING: "ok",
};

/** The row of a headset; its elements stay, only their text changes. */
export class HeadsetRow {
  readonly row: HTMLTableRowElement;
  readonly #sign = sign("unknown");
  readonly #state = element("td", { class: "state" });
  readonly #report = element("td", { class: "report" });
  readonly #address = element("td", { class: "address" });
  readonly #buttons = new Map<typeof ACTIONS[number], ActionButton>();

  constructor({ id }: GameClient, right: "read" | "write") {
    const fault = faultPlace();
    const path = withId("api/v1/game/clients/action", id);
    for (const action of right === "write" ? ACTIONS : []) {
      const button = new ActionButton({
        content: [text(`games.${action}`)],
        label: text(`games.${action}-one`, { id }),
        class: action,
        isRepeatable: action === "emergency",
        fault,
        act: () => post(path, { action }),
      });
      button.reason.classList.add("unseen");
      this.#buttons.set(action, button);
    }
    const buttons = [...this.#buttons.values()];
    this.row = element(
      "tr",
      {},
      element("th", { scope: "row" }, this.#sign, id),
      this.#state,
      this.#report,
      this.#address,
      ...(buttons.length === 0 ? [] : [element(
        "td",
        { class: "actions" },
        ...buttons.flatMap(({ button, reason }) => [button, reason]),
        fault,
      )]),
    );
  }

  /** Shows a headset's current state. */
  show(client: GameClient, isSilent: boolean): void {
    const { state, address, emergency } = client;
    const isUnreached = emergency && client.emergencyReceivers === 0;
    drawSign(this.#sign, isUnreached ? "emergency" : emergency ? "stopped" : SIGNS[state]);
    this.row.className = isUnreached ? "unreached" : emergency ? "stopped" : state.toLowerCase();
    setText(this.#state, stateWords(client));
    setText(this.#report, reportWords(client));
    setText(this.#address, address);
    for (const [action, button] of this.#buttons) {
      button.forbid(reasonAgainst(action, [client], isSilent));
      // A lock that applies to all headsets is shown above them, once.
      button.button.hidden = emergency && action !== "emergency";
    }
  }
}

/** A headset's state in words. */
function stateWords({ state, emergency, emergencyReceivers }: GameClient): string {
  if (!emergency) return text(`games.state.${state}`);
  return text(emergencyReceivers === 0 ? "games.not-reached" : "games.told-to-stop");
}

function reportWords(client: GameClient): string {
  const { state, reportedState, emergencySince, emergencyReceivers } = client;
  if (emergencySince !== null) {
    const time = speech.timeOfDay(Date.parse(emergencySince));
    return emergencyReceivers === 0
      ? text("games.report.deaf", { time })
      : text("games.report.stopped", { time, state: text(`games.state.${state}`) });
  }
  // Mention what the headset itself believes only if that differs.
  return reportedState === state
    ? text(`games.report.${state}`)
    : text("games.report.other", { state: text(`games.state.${reportedState}`) });
}
