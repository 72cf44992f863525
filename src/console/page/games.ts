/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * Headsets with their states, and the orders to all of them.
 *
 * @module
 */

import { compareNames } from "../../core/name_order.ts";
import type { GameClient } from "../panels.ts";
import { ActionButton, faultPlace } from "./action_button.ts";
import { post, withId } from "./api.ts";
import { element, setText, tableHead } from "./dom.ts";
import { reasonAgainst } from "./game_rules.ts";
import { HeadsetRow } from "./headset_row.ts";
import { Question, type QuestionWords } from "./question.ts";
import { speech, text } from "./say.ts";
import { sign } from "./signs.ts";

const ALL = "api/v1/game/action";
/** The most headsets that a question names. */
const NAMES_MAX = 8;

interface Outcome {
  done: number;
}

/** The headsets. */
export class Games {
  readonly section: HTMLElement;
  readonly #body = element("tbody");
  readonly #right: "read" | "write";
  readonly #rows = new Map<string, HeadsetRow>();
  #clients: readonly GameClient[] = [];
  #isSilent = false;
  #wasEmergency = false;
  readonly #fault = faultPlace();
  readonly #told = element("span", { class: "told", role: "status" });
  readonly #emergencyWords = element("span", {}, text("games.emergency-all"));
  readonly #orders: readonly (readonly ["calibrate" | "lobby" | "start", ActionButton])[];
  readonly #end: ActionButton;
  readonly #startQuestion = new Question("games-start", true, () => this.#startAll());
  readonly #endQuestion = new Question("games-end", false, () => this.#endEmergency());

  constructor(right: "read" | "write") {
    this.#right = right;
    const fault = this.#fault;
    const order = (action: "calibrate" | "lobby") => (
      [
        action,
        new ActionButton({
          content: [text(`games.${action}-all`)],
          fault,
          act: () => post(ALL, { action }),
        }),
      ] as const
    );
    const start: ActionButton = new ActionButton({
      content: [text("games.start-all")],
      fault,
      act: () => this.#startQuestion.open(start.button, this.#startWords()),
    });
    this.#orders = [order("calibrate"), order("lobby"), ["start", start]];
    this.#end = new ActionButton({
      content: [text("games.end")],
      fault,
      act: () => this.#endQuestion.open(this.#end.button, this.#endWords()),
    });
    const titles = (["games.client", "members.state", "games.report", "members.address"] as const)
      .map((key) => text(key));
    this.section = element(
      "section",
      { "aria-labelledby": "games-title", class: "headsets" },
      element("h2", { id: "games-title" }, text("bar.headsets")),
      ...(right === "write" ? this.#controls() : []),
      element(
        "table",
        {},
        tableHead(...titles, ...(right === "write" ? [text("games.actions")] : [])),
        this.#body,
      ),
    );
  }

  /** Replaces the headsets. */
  replace(clients: readonly GameClient[]): void {
    this.#clients = [...clients].sort((one, other) => compareNames(one.id, other.id));
    const ids = new Set(clients.map(({ id }) => id));
    for (const [id, { row }] of this.#rows) {
      if (ids.has(id)) continue;
      row.remove();
      this.#rows.delete(id);
    }
    for (const [index, client] of this.#clients.entries()) {
      let shown = this.#rows.get(client.id);
      if (shown === undefined) {
        shown = new HeadsetRow(client, this.#right);
        this.#rows.set(client.id, shown);
      }
      // Ordered by name: a row never moves past another, it only gets new neighbours.
      if (this.#body.children[index] !== shown.row) {
        this.#body.insertBefore(shown.row, this.#body.children[index] ?? null);
      }
    }
    this.#show();
  }

  /** Sets whether there is news of the host; without news, only an emergency can be ordered. */
  setSilent(isSilent: boolean): void {
    this.#isSilent = isSilent;
    this.#show();
  }

  #controls(): HTMLElement[] {
    const emergency = new ActionButton({
      content: [sign("emergency"), this.#emergencyWords],
      class: "emergency-all",
      fault: this.#fault,
      isRepeatable: true,
      act: () => this.#stopAll(),
    });
    const [calibrate, lobby, start] = this.#orders.map(([, { button }]) => button);
    const reasons = this.#orders.map(([, { reason }]) => reason);
    return [
      element(
        "div",
        { class: "controls" },
        element(
          "div",
          { class: "orders" },
          ...[calibrate, lobby].flatMap((button) => button ?? []),
          element("span", { class: "gap" }),
          ...(start === undefined ? [] : [start]),
          this.#end.button,
          element("p", { class: "reasons" }, ...reasons, this.#told, this.#fault),
        ),
        emergency.button,
      ),
      this.#startQuestion.box,
      this.#endQuestion.box,
    ];
  }

  #show(): void {
    for (const client of this.#clients) this.#rows.get(client.id)?.show(client, this.#isSilent);
    let said = "";
    for (const [action, button] of this.#orders) {
      const reason = reasonAgainst(action, this.#clients, this.#isSilent);
      button.forbid(reason);
      // Show a reason that several buttons share only once.
      button.reason.classList.toggle("unseen", reason === said);
      said = reason ?? said;
    }
    const isEmergency = this.#stopped().length > 0;
    setText(this.#emergencyWords, text(isEmergency ? "games.stop-again" : "games.emergency-all"));
    this.#end.button.hidden = !isEmergency;
    this.#end.forbid(this.#isSilent ? text("games.why.silent") : undefined);
    if (!isEmergency) this.#endQuestion.close();
    // The answer to an order may arrive before the event that it causes.
    if (this.#wasEmergency && !isEmergency) setText(this.#told, "");
    this.#wasEmergency = isEmergency;
    if (isEmergency || this.#isSilent || this.#ready().length === 0) this.#startQuestion.close();
    if (this.#startQuestion.isOpen) this.#startQuestion.say(this.#startWords());
    if (this.#endQuestion.isOpen) this.#endQuestion.say(this.#endWords());
  }

  #stopped(): readonly GameClient[] {
    return this.#clients.filter(({ emergency }) => emergency);
  }

  #ready(): readonly GameClient[] {
    return this.#clients.filter(({ state, emergency }) => state === "CALIBRATED" && !emergency);
  }

  #startWords(): QuestionWords {
    const ready = this.#ready();
    const out = this.#clients.filter(({ state }) => state === "UNCALIBRATED");
    const who = { count: ready.length, names: speech.list(idsOf(ready), NAMES_MAX) };
    const others = { count: out.length, others: speech.list(idsOf(out), NAMES_MAX) };
    return {
      sign: "half",
      title: text("games.ask-start", { count: ready.length }),
      text: out.length === 0
        ? text("games.starting", who)
        : `${text("games.starting", who)} ${text("games.staying", others)}`,
      no: text("games.not-now"),
      yes: text("games.start-count", { count: ready.length }),
    };
  }

  #endWords(): QuestionWords {
    const stopped = this.#stopped();
    const deaf = stopped.filter(({ emergencyReceivers }) => emergencyReceivers === 0);
    const effect = text("games.ending", { count: stopped.length });
    const others = { count: deaf.length, names: speech.list(idsOf(deaf), NAMES_MAX) };
    return {
      sign: "stopped",
      title: text("games.ask-end"),
      text: deaf.length === 0 ? effect : `${effect} ${text("games.deaf", others)}`,
      no: text("games.keep"),
      yes: text("games.end-now"),
    };
  }

  /** Starts exactly the headsets that the question named. */
  async #startAll(): Promise<void> {
    await orderEach(idsOf(this.#ready()), "start");
  }

  async #endEmergency(): Promise<void> {
    await orderEach(idsOf(this.#stopped()), "lobby");
  }

  async #stopAll(): Promise<void> {
    try {
      const { done } = await post<Outcome>(ALL, { action: "emergency" });
      setText(this.#told, text("games.told", { count: done }));
    } catch (error) {
      setText(this.#told, "");
      throw new Error(text("games.not-told", { problem: "" }), { cause: error });
    }
  }
}

function idsOf(clients: readonly GameClient[]): string[] {
  return clients.map(({ id }) => id);
}

/** Sends an order to some headsets; a refusal does not stop the others. */
async function orderEach(ids: readonly string[], action: "start" | "lobby"): Promise<void> {
  const outcomes = await Promise.allSettled(
    ids.map((id) => post(withId("api/v1/game/clients/action", id), { action })),
  );
  const failed = outcomes.find(({ status }) => status === "rejected");
  if (failed?.status === "rejected") throw failed.reason;
}
