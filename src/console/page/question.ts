/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * A question that is asked on the page before something is done, without covering anything.
 *
 * @module
 */

import { ActionButton, faultPlace } from "./action_button.ts";
import { element, setText } from "./dom.ts";
import { drawSign, sign, type SignName } from "./signs.ts";

/** The texts of a question. */
export interface QuestionWords {
  readonly sign: SignName;
  readonly title: string;
  readonly text: string;
  /** The button that changes nothing. */
  readonly no: string;
  /** The button that performs the action. */
  readonly yes: string;
}

/** A question, hidden until it is asked. */
export class Question {
  readonly box: HTMLElement;
  readonly #sign = sign("unknown");
  readonly #title = element("h3", {});
  readonly #text = element("p", { class: "soft" });
  readonly #no: HTMLButtonElement;
  readonly #yes: HTMLButtonElement;
  #opener: HTMLElement | undefined;

  /**
   * @param id Distinguishes the question from others on the page.
   * @param isSafe Whether "yes" is the usual answer; otherwise "no" is.
   * @param act Performs the action.
   */
  constructor(id: string, isSafe: boolean, act: () => Promise<unknown>) {
    const fault = faultPlace();
    this.#title.id = `${id}-title`;
    this.#no = element("button", { type: "button", class: isSafe ? "" : "main" });
    this.#no.addEventListener("click", () => this.close());
    const yes = new ActionButton({
      content: [],
      class: isSafe ? "main" : "",
      fault,
      act: async () => {
        await act();
        this.close();
      },
    });
    this.#yes = yes.button;
    this.box = element(
      "div",
      { class: "question", role: "group", "aria-labelledby": this.#title.id, hidden: true },
      this.#sign,
      element("div", {}, this.#title, this.#text, fault),
      element("p", { class: "buttons" }, this.#no, this.#yes),
    );
    this.box.addEventListener("keydown", ({ key }) => {
      if (key === "Escape") this.close();
    });
  }

  /** Whether it waits for an answer. */
  get isOpen(): boolean {
    return !this.box.hidden;
  }

  /** Asks. */
  open(opener: HTMLElement, words: QuestionWords): void {
    this.#opener = opener;
    this.say(words);
    this.box.hidden = false;
    opener.setAttribute("aria-expanded", "true");
    (this.#no.classList.contains("main") ? this.#no : this.#yes).focus();
  }

  /** Changes the texts, because what the question is about has changed. */
  say(words: QuestionWords): void {
    drawSign(this.#sign, words.sign);
    setText(this.#title, words.title);
    setText(this.#text, words.text);
    setText(this.#no, words.no);
    setText(this.#yes, words.yes);
  }

  /** Withdraws the question; the focus returns to where it was. */
  close(): void {
    if (!this.isOpen) return;
    const hadFocus = this.box.contains(document.activeElement);
    this.box.hidden = true;
    this.#opener?.setAttribute("aria-expanded", "false");
    if (hadFocus) this.#opener?.focus();
  }
}
