/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * Sound and notifications of this screen, for users who want them.
 *
 * @module
 */

import type { HostSummary } from "../live/snapshot.ts";
import { complainOf } from "./api.ts";
import { element, setText } from "./dom.ts";
import { speech, text } from "./say.ts";
import { TwoTones } from "./two_tones.ts";
import { tabIcon, troubleWords } from "./words.ts";

/** How often the tones are repeated until somebody looks after it, in milliseconds. */
const REPEAT_MS = 60_000;
/** What the browser remembers for its own screen. */
const SOUND_KEY = "pulsebox.sound";
const NOTICES_KEY = "pulsebox.notices";
const TAG = "pulsebox";

/** The switches, and the alerts that they control. */
export class PageAlerts {
  readonly #tones = new TwoTones();
  readonly #sound = new Switch("alerts.sound", SOUND_KEY, () => this.#onSwitch());
  readonly #notices = new Switch("alerts.notices", NOTICES_KEY, () => this.#onSwitch());
  readonly #soundNote = element("p", { class: "soft", id: "sound-note" });
  readonly #noticesNote = element("p", { class: "soft", id: "notices-note" });
  /** The last reason for an alert that was told; empty while there is none. */
  #told = "";
  #toldAt = 0;
  #body = "";
  #unhandled = 0;
  #timer: ReturnType<typeof setInterval> | undefined;
  #notice: Notification | undefined;

  constructor() {
    this.#sound.button.setAttribute("aria-describedby", this.#soundNote.id);
    this.#notices.button.setAttribute("aria-describedby", this.#noticesNote.id);
    const section = element(
      "section",
      { "aria-labelledby": "alerts-title", class: "alerts" },
      element("h2", { id: "alerts-title" }, text("alerts.title")),
      element("div", {}, this.#sound.button, this.#soundNote),
      element("div", {}, this.#notices.button, this.#noticesNote),
    );
    document.querySelector("footer")?.before(section);
    // Browsers do not let a page play sound before somebody has touched it.
    for (const name of ["pointerdown", "keydown"]) {
      addEventListener(name, () => {
        if (this.#sound.isOn) this.#prepare().catch(complainOf);
      });
    }
    if (this.#sound.isOn) this.#prepare().catch(complainOf);
    this.#explain();
  }

  /** Takes the host's verdict; alerts if it needs attention that nobody gives yet. */
  tell(host: HostSummary): void {
    const { verdict, saying, headline, troubles, unhandled } = host;
    const needsSomebody = verdict === "problem" || verdict === "alarm" || unhandled > 0;
    this.#body = troubleWords(troubles, speech);
    this.#begin(needsSomebody ? speech.say(saying, headline) : "", unhandled);
  }

  /** Nothing is known about the host. */
  silence(headline: string): void {
    if (this.#notices.isOn) this.#notify(headline, text("alerts.silent"));
  }

  #begin(need: string, unhandled: number): void {
    const now = performance.now();
    // A sentence may change as often as brokers fail in different ways.
    const isNew = this.#told === "" || unhandled > this.#unhandled ||
      need !== this.#told && now - this.#toldAt >= REPEAT_MS;
    this.#unhandled = unhandled;
    if (need === "") {
      this.#told = "";
      clearInterval(this.#timer);
      this.#timer = undefined;
      this.#notice?.close();
      return;
    }
    if (isNew) {
      this.#told = need;
      this.#toldAt = now;
      if (this.#notices.isOn) this.#notify(need, this.#body);
    }
    if (this.#timer !== undefined) return;
    this.#play();
    this.#timer = setInterval(() => this.#play(), REPEAT_MS);
  }

  #play(): void {
    if (this.#sound.isOn) this.#tones.play();
  }

  #notify(title: string, body: string): void {
    if (obstacle() !== undefined) return;
    const icon = tabIcon("lost");
    // A newer notification replaces the last one.
    this.#notice = new Notification(title, { body, icon, tag: TAG, lang: speech.language });
  }

  async #onSwitch(): Promise<void> {
    if (this.#sound.isOn) {
      await this.#prepare();
      // Play it once, so that the user knows how it sounds.
      this.#tones.play();
    }
    if (this.#notices.isOn && obstacle() === "ask") await Notification.requestPermission();
    this.#explain();
  }

  #prepare(): Promise<void> {
    return this.#tones.prepare().then(() => this.#explain(), () => this.#explain());
  }

  #explain(): void {
    const isWaiting = this.#sound.isOn && this.#tones.isWaiting;
    setText(this.#soundNote, text(isWaiting ? "alerts.sound-waits" : "alerts.sound-note"));
    const reason = obstacle();
    const isAllowed = reason === undefined || reason === "ask";
    this.#notices.button.disabled = !isAllowed;
    setText(this.#noticesNote, text(isAllowed ? "alerts.notices-note" : `alerts.${reason}`));
  }
}

/** What keeps this page from notifying; `ask` if the user was not asked yet. */
function obstacle(): "insecure" | "missing" | "denied" | "ask" | undefined {
  if (!isSecureContext) return "insecure";
  if (typeof Notification === "undefined") return "missing";
  if (Notification.permission === "granted") return undefined;
  return Notification.permission === "denied" ? "denied" : "ask";
}

/** A switch that the browser remembers. */
class Switch {
  readonly button: HTMLButtonElement;
  readonly #key: string;

  constructor(key: "alerts.sound" | "alerts.notices", storageKey: string, onSwitch: () => unknown) {
    this.#key = storageKey;
    this.button = element("button", { type: "button", role: "switch" }, text(key));
    this.button.setAttribute("aria-checked", String(this.isOn));
    this.button.addEventListener("click", () => {
      localStorage.setItem(storageKey, this.isOn ? "off" : "on");
      this.button.setAttribute("aria-checked", String(this.isOn));
      return onSwitch();
    });
  }

  /** Whether it is switched on. */
  get isOn(): boolean {
    return localStorage.getItem(this.#key) === "on";
  }
}
