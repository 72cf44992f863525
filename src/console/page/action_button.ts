/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * A button that can be focused while it is disabled, says why it is, and shows its errors next to
 * itself.
 *
 * @module
 */

import { faultWords } from "./api.ts";
import { type Child, element, setAttribute, setText } from "./dom.ts";

/** Options of {@linkcode ActionButton}. */
export interface ActionOptions {
  /** The button's text. */
  readonly content: readonly Child[];
  /** Its text for screen readers, if that is longer. */
  readonly label?: string;
  readonly class?: string;
  /** Performs the action; errors that it throws are shown next to the button. */
  readonly act: () => unknown;
  /** Where errors are shown. */
  readonly fault: HTMLElement;
  /** Whether it may be pressed again before the answer to the last press has arrived. */
  readonly isRepeatable?: boolean;
}

let made = 0;

/** Such a button. */
export class ActionButton {
  readonly button: HTMLButtonElement;
  /** The reason why it is disabled; put it near the button. */
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

  /** Disables the button for this reason; `undefined` enables it. */
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
      showFault(fault, []);
    } catch (error) {
      showFault(fault, ["✖ ", ...faultWords(error)]);
    } finally {
      this.#isBusy = false;
    }
  }
}

/** A place for errors next to buttons. */
export function faultPlace(): HTMLElement {
  return element("span", { class: "fault", role: "alert" });
}

/** Screen readers hear only a change. */
function showFault(place: HTMLElement, words: readonly Child[]): void {
  const said = element("span", {}, ...words);
  if (place.textContent !== said.textContent) place.replaceChildren(...said.childNodes);
}
