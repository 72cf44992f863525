/**
 * A technician who has not seen the page before: presses only what can be seen, by its name, and each
 * step is kept as a picture.
 *
 * @module
 */

import { strict as assert } from "node:assert";
import { sleep } from "../../src/net/sleep.ts";
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

/** How fast the technician is: a test waits for nobody, a film takes the time that people take. */
export type Pace = "test" | "human";

/** The pace that the environment asks for. */
export const PACE: Pace = Deno.env.get("TECHNICIAN_PACE") === "human" ? "human" : "test";

/** How one job went. */
export interface JobReport {
  readonly job: string;
  readonly clicks: number;
  /** What a person takes, by the model, in seconds. */
  readonly humanSeconds: number;
  /** From each act until its effect could be seen, as measured, in seconds; the browser's driver included. */
  readonly pageSeconds: number;
  /** Everything as it went by, in seconds, without the pictures; only at human pace. */
  readonly elapsedSeconds: number | undefined;
}

/** A technician at one job. */
export class Technician {
  readonly #page: Page;
  readonly #film: string;
  readonly #beganAt = performance.now();
  #clicks = 0;
  #humanSeconds = 0;
  #pageMs = 0;
  #picturesMs = 0;
  #picture = 0;

  /** @param film The beginning of the pictures' names. */
  constructor(page: Page, film: string) {
    this.#page = page;
    this.#film = film;
  }

  /** Presses what can be seen, and waits until the effect can be seen. */
  async click(what: Locator, effect: Locator): Promise<void> {
    await what.waitFor();
    await what.scrollIntoViewIfNeeded();
    await what.hover();
    const box = await what.boundingBox();
    assert.ok(box !== null, "it can be seen");
    const middle = [box.x + box.width / 2, box.y + box.height / 2];
    await this.#page.evaluate(`(${SHOW_POINTER})(${JSON.stringify(middle)})`);
    await this.look();
    await this.#page.evaluate(`document.getElementById("pointer")?.remove()`);
    await this.#take(SECONDS.decide + SECONDS.point + SECONDS.press);
    this.#clicks++;
    await this.#act(() => what.click(), effect);
  }

  /** Types where the focus is. */
  async type(words: string): Promise<void> {
    const field = this.#page.locator("input:focus");
    await field.waitFor();
    await this.#take(SECONDS.decide + words.length * SECONDS.key);
    await this.#act(() => this.#page.keyboard.type(words), field);
    await this.look();
  }

  /** Presses one key, and waits until the effect can be seen. */
  async press(key: string, effect: Locator): Promise<void> {
    await this.#take(SECONDS.key);
    await this.#act(() => this.#page.keyboard.press(key), effect);
  }

  /** Keeps what is seen now. */
  async look(): Promise<void> {
    const at = performance.now();
    await Deno.mkdir(ARTIFACTS, { recursive: true });
    const number = String(++this.#picture).padStart(2, "0");
    await this.#page.screenshot({ path: `${ARTIFACTS}${this.#film}-${number}.png` });
    this.#picturesMs += performance.now() - at;
  }

  /** Keeps what is seen in the end, and fails if it was too much work. */
  async isDone(): Promise<JobReport> {
    const elapsedMs = performance.now() - this.#beganAt - this.#picturesMs;
    await this.look();
    const report = {
      job: this.#film,
      clicks: this.#clicks,
      humanSeconds: this.#humanSeconds,
      pageSeconds: this.#pageMs / 1_000,
      elapsedSeconds: PACE === "human" ? elapsedMs / 1_000 : undefined,
    };
    assert.ok(this.#clicks <= CLICKS_MAX, `${this.#film}: ${this.#clicks} clicks`);
    // On a machine that does other things too, the page's time says little: the film counts it.
    const seconds = report.elapsedSeconds ?? report.humanSeconds;
    assert.ok(seconds < SECONDS_MAX, `${this.#film}: ${seconds} s`);
    return report;
  }

  async #take(seconds: number): Promise<void> {
    this.#humanSeconds += seconds;
    if (PACE === "human") await sleep(seconds * 1_000);
  }

  async #act(act: () => Promise<unknown>, effect: Locator): Promise<void> {
    const at = performance.now();
    await act();
    await effect.waitFor();
    this.#pageMs += performance.now() - at;
  }
}

/** Keeps how all jobs went, beside their pictures. */
export async function keepReport(reports: readonly JobReport[]): Promise<void> {
  const rows = reports.map(({ job, clicks, humanSeconds, pageSeconds, elapsedSeconds }) =>
    [
      job,
      clicks,
      humanSeconds.toFixed(1),
      pageSeconds.toFixed(2),
      (humanSeconds + pageSeconds).toFixed(1),
      elapsedSeconds?.toFixed(1) ?? "-",
    ].join(" | ")
  );
  const text = `# The jobs of a technician

A person's time is that of the keystroke-level model of Card, Moran and Newell: ${SECONDS.decide} s to
decide, ${SECONDS.point} s to point, ${SECONDS.press} s to press, ${SECONDS.key} s for a key. The page's time is
measured in Chromium, from each act until its effect can be seen. "elapsed" is a run at a person's pace.

| job | clicks | person, s | page, s | sum, s | elapsed, s |
| --- | --- | --- | --- | --- | --- |
${rows.map((row) => `| ${row} |`).join("\n")}
`;
  await Deno.writeTextFile(`${ARTIFACTS}technician.md`, text);
}
