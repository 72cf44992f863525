/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * A button that can be reached while it may not be pressed, says why, and says beside itself what
 * went wrong.
 *
 * @module
 */

import { messageOf } from "../../core/message_of.ts";
import { type Child, element, setAttribute, setText } from "./dom.ts";

/** Options of {@linkcode ActionButton}. */
export interface ActionOptions {
  /** What the button says. */
  readonly content: readonly Child[];
  /** What it says to screen readers, if that is more. */
  readonly label?: string;
  readonly class?: string;
  /** Does it; whatever it throws is shown beside the button. */
  readonly act: () => unknown;
  /** Where errors are shown. */
  readonly fault: HTMLElement;
  /** Whether it may be pressed again while the answer to the last press is missing. */
  readonly isRepeatable?: boolean;
}

let made = 0;

/** Such a button. */
export class ActionButton {
  readonly button: HTMLButtonElement;
  /** The reason for which it may not be pressed; put it near the button. */
  readonly reason: HTMLElement;
  #isBusy = false;
  readonly #options: ActionOptions;

  constructor(options: ActionOptions) {
    this.#options = options;
    this.reason = element("span", { id: `reason-${++made}`, class: "reason", hidden: true });
    this.button = element(
      "button",
      { type: "button", class: options.class, "aria-label": options.label },
      ...options.content,
    );
    this.button.addEventListener("click", () => this.#press());
  }

  /** Forbids it for this reason; `undefined` allows it. */
  forbid(reason: string | undefined): void {
    this.reason.hidden = reason === undefined;
    setText(this.reason, reason ?? "");
    if (reason === undefined) {
      this.button.removeAttribute("aria-disabled");
      this.button.removeAttribute("aria-describedby");
      this.button.removeAttribute("title");
    } else {
      this.button.setAttribute("aria-disabled", "true");
      this.button.setAttribute("aria-describedby", this.reason.id);
      setAttribute(this.button, "title", reason);
    }
  }

  async #press(): Promise<void> {
    const { act, fault, isRepeatable = false } = this.#options;
    if (this.button.getAttribute("aria-disabled") === "true") return;
    if (this.#isBusy && !isRepeatable) return;
    this.#isBusy = true;
    try {
      await act();
      showFault(fault, "");
    } catch (error) {
      showFault(fault, messageOf(error));
    } finally {
      this.#isBusy = false;
    }
  }
}

/** A place beside buttons for what went wrong. */
export function faultPlace(): HTMLElement {
  return element("span", { class: "fault", role: "alert" });
}

function showFault(place: HTMLElement, problem: string): void {
  setText(place, problem === "" ? "" : `✖ ${problem}`);
}
