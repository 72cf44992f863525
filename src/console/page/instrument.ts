/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * An instrument: its curves by the controller's own clock, and its alarms.
 *
 * @module
 */

import type { WaveBatch } from "../live/wave_feed.ts";
import type { StandingAlarm, Wave } from "../panels.ts";
import { AlarmRows } from "./alarm_rows.ts";
import { element, setText } from "./dom.ts";
import { speech, text } from "./say.ts";
import type { Reading } from "./tiles.ts";
import { WaveBuffer } from "./wave_buffer.ts";
import { WavePlot } from "./wave_plot.ts";

const WAVES: readonly Wave[] = ["pressure", "flow", "volume"];
/** The most alarms that are marked on the curves. */
const MARKS_MAX = 50;
/** After this long without samples, the window advances by itself, in milliseconds. */
const SILENT_MS = 500;
const TICK_MS = 250;

interface Curve {
  readonly plot: WavePlot;
  readonly value: HTMLElement;
  readonly unit: HTMLElement;
  readonly note: HTMLElement;
}

/** The curves and alarms of the instrument. */
export class Instrument {
  readonly section: HTMLElement;
  readonly #curves = new Map<Wave, Curve>();
  readonly #alarms: AlarmRows;
  readonly #freeze = element(
    "button",
    { type: "button", "aria-pressed": "false" },
    text("instrument.freeze"),
  );
  #live = new WaveBuffer();
  #frozen: WaveBuffer | undefined;
  #heardAt = performance.now();
  /** Timestamps of alarms, and which of the listed alarms have theirs. */
  #marks: number[] = [];
  readonly #marked = new Set<string>();
  /** Position of the pointer, in seconds before the end. */
  #pointed: number | undefined;
  #frame = 0;
  #lag = 0;

  constructor(right: "read" | "write") {
    this.#alarms = new AlarmRows(right);
    const csv = element("button", { type: "button" }, text("instrument.csv"));
    csv.addEventListener("click", () => this.#save());
    this.#freeze.addEventListener("click", () => this.#toggle());
    this.section = element(
      "section",
      { "aria-labelledby": "hev-title", class: "instrument" },
      element("h2", { id: "hev-title" }, text("bar.instrument")),
      element("div", { role: "alert" }, this.#alarms.none),
      this.#alarms.list,
      element("p", { class: "buttons" }, this.#freeze, csv),
      element("div", { class: "plots" }, ...WAVES.map((wave) => this.#build(wave))),
    );
    // Without samples, the window still advances, so that a curve that stands still looks old.
    setInterval(() => {
      if (performance.now() - this.#heardAt > SILENT_MS) this.#drawSoon();
    }, TICK_MS);
  }

  /** Adds samples to the curves. */
  add(batch: WaveBatch): void {
    this.#live.add(batch);
    this.#heardAt = performance.now();
    this.#drawSoon();
  }

  /** A curve and its newest value, if samples come. */
  read(wave: Wave): Reading | undefined {
    const end = this.#live.newest;
    if (end === undefined || performance.now() - this.#heardAt > SILENT_MS) return undefined;
    const delivery = this.#live.delivery(wave);
    return {
      value: delivery.kind === "missing" ? undefined : delivery.value,
      unit: this.#live.units[wave] ?? "",
      curve: this.#live.drawn(wave, end).values,
    };
  }

  /** Shows the listed alarms, and marks new ones on the curves. */
  showAlarms(alarms: readonly StandingAlarm[]): void {
    this.#alarms.show(alarms);
    const newest = this.#live.newest;
    const keys = new Set(alarms.map(({ priority, name }) => `${priority} ${name}`));
    for (const key of this.#marked) if (!keys.has(key)) this.#marked.delete(key);
    for (const { priority, name, stampMs } of alarms) {
      const key = `${priority} ${name}`;
      if (this.#marked.has(key)) continue;
      this.#marked.add(key);
      // Alarms from before the first sample lie left of the curves.
      if (newest === undefined) continue;
      // A timestamp far from the curves is from another clock, for instance that of a recording.
      const isNear = stampMs !== null && Math.abs(stampMs - newest) < 60_000;
      this.#marks = [...this.#marks, isNear ? stampMs : newest].slice(-MARKS_MAX);
    }
  }

  #build(wave: Wave): HTMLElement {
    const place = element("div", { class: "plot" });
    const value = element("span", { class: "value" }, "–");
    const unit = element("span", { class: "unit" });
    const note = element("p", { class: "note" }, text("instrument.waiting"));
    const figure = element(
      "figure",
      { class: wave },
      element("figcaption", {}, text(`instrument.${wave}`), element("span", {}, value, unit)),
      place,
      note,
    );
    const plot = new WavePlot({
      place,
      marks: () => {
        const end = this.#end();
        return this.#marks.map((stamp) => (stamp - end) / 1000);
      },
      onPoint: (seconds) => {
        this.#pointed = seconds;
        this.#sayValues();
      },
    });
    this.#curves.set(wave, { plot, value, unit, note });
    return figure;
  }

  /** The timestamp at the right edge. */
  #end(): number {
    return (this.#shown.newest ?? 0) + this.#lag;
  }

  get #shown(): WaveBuffer {
    return this.#frozen ?? this.#live;
  }

  #drawSoon(): void {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#draw();
    });
  }

  #draw(): void {
    if (this.#frozen === undefined) {
      const silentMs = performance.now() - this.#heardAt;
      this.#lag = silentMs > SILENT_MS ? silentMs : 0;
    }
    const end = this.#end();
    for (const [wave, { plot }] of this.#curves) plot.draw(this.#shown.drawn(wave, end));
    this.#sayValues();
  }

  #sayValues(): void {
    const end = this.#end();
    const isOld = this.#lag > 0;
    for (const [wave, { value, unit, note }] of this.#curves) {
      const delivery = this.#shown.delivery(wave);
      const own = this.#shown.units[wave] ?? "";
      const at = this.#pointed === undefined
        ? isOld || delivery.kind === "missing" ? undefined : delivery.value
        : this.#shown.near(wave, end + this.#pointed * 1000);
      setText(value, at === undefined ? "–" : speech.number(at, 1));
      setText(unit, at === undefined ? "" : own);
      setText(note, this.#noteOn(wave));
    }
  }

  #noteOn(wave: Wave): string {
    const delivery = this.#shown.delivery(wave);
    if (this.#shown.newest === undefined) return text("instrument.waiting");
    if (this.#lag > 0) return text("instrument.silent");
    if (delivery.kind === "missing") return text("instrument.missing");
    if (delivery.kind === "alive") return "";
    return text("instrument.constant", { value: speech.number(delivery.value, 1) });
  }

  #toggle(): void {
    this.#frozen = this.#frozen === undefined ? this.#live.freeze() : undefined;
    const isFrozen = this.#frozen !== undefined;
    this.#freeze.setAttribute("aria-pressed", String(isFrozen));
    setText(this.#freeze, text(isFrozen ? "instrument.go-on" : "instrument.freeze"));
    this.section.classList.toggle("frozen", isFrozen);
    this.#draw();
  }

  #save(): void {
    const url = URL.createObjectURL(new Blob([this.#shown.csv()], { type: "text/csv" }));
    element("a", { href: url, download: "pulsebox-instrument.csv" }).click();
    setTimeout(() => URL.revokeObjectURL(url));
  }
}
