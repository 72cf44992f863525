/**
 * A technician who has not seen the page before: presses only what can be seen, by its name, and each
 * step is kept as a picture.
 *
 * @module
 */

import { strict as assert } from "node:assert";
import type { Page } from "../packages/playwright.ts";
import { ARTIFACTS } from "./operator.ts";

/** Something on the page. */
type Locator = ReturnType<Page["locator"]>;

/** What each job may take. */
const CLICKS_MAX = 4;
const SECONDS_MAX = 20;
/**
 * Seconds that a person takes, as in the keystroke-level model of Card, Moran and Newell: to decide what
 * to do next, to point at it, to press, and to type a key as somebody does who types seldom.
 */
const SECONDS = { decide: 1.35, point: 1.1, press: 0.2, key: 0.5 } as const;

/** Shows where the pointer is about to press. */
const SHOW_POINTER = `([x, y]) => {
  const ring = document.createElement("div");
  ring.id = "pointer";
  ring.setAttribute("aria-hidden", "true");
  Object.assign(ring.style, {
    position: "fixed", left: x - 18 + "px", top: y - 18 + "px", width: "36px", height: "36px",
    border: "4px solid #d6249f", borderRadius: "50%", zIndex: 99, pointerEvents: "none",
    boxShadow: "0 0 0 2px #fff",
  });
  (document.querySelector("dialog[open]") ?? document.body).append(ring);
}`;

/** A technician at one job. */
export class Technician {
  readonly #page: Page;
  readonly #film: string;
  #clicks = 0;
  #seconds = 0;
  #picture = 0;

  /** @param film The beginning of the pictures' names. */
  constructor(page: Page, film: string) {
    this.#page = page;
    this.#film = film;
  }

  /** Presses what can be seen. */
  async click(what: Locator): Promise<void> {
    await what.waitFor();
    await what.scrollIntoViewIfNeeded();
    await what.hover();
    const box = await what.boundingBox();
    assert.ok(box !== null, "it can be seen");
    const middle = [box.x + box.width / 2, box.y + box.height / 2];
    await this.#page.evaluate(`(${SHOW_POINTER})(${JSON.stringify(middle)})`);
    await this.look();
    await this.#page.evaluate(`document.getElementById("pointer")?.remove()`);
    await what.click();
    this.#clicks++;
    this.#seconds += SECONDS.decide + SECONDS.point + SECONDS.press;
  }

  /** Types where the focus is. */
  async type(words: string): Promise<void> {
    await this.#page.locator("input:focus").waitFor();
    await this.#page.keyboard.type(words);
    this.#seconds += SECONDS.decide + words.length * SECONDS.key;
    await this.look();
  }

  /** Presses one key. */
  async press(key: string): Promise<void> {
    await this.#page.keyboard.press(key);
    this.#seconds += SECONDS.key;
  }

  /** Keeps what is seen now. */
  async look(): Promise<void> {
    await Deno.mkdir(ARTIFACTS, { recursive: true });
    const number = String(++this.#picture).padStart(2, "0");
    await this.#page.screenshot({ path: `${ARTIFACTS}${this.#film}-${number}.png` });
  }

  /** Keeps what is seen in the end, and fails if it was too much work. */
  async isDone(): Promise<void> {
    await this.look();
    assert.ok(this.#clicks <= CLICKS_MAX, `${this.#film}: ${this.#clicks} clicks`);
    assert.ok(this.#seconds < SECONDS_MAX, `${this.#film}: ${this.#seconds} s`);
  }
}
