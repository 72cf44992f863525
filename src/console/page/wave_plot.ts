/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * One curve on a canvas, drawn by uPlot, which only pages with an instrument load.
 *
 * @module
 */

import { element } from "./dom.ts";
import type { Drawn } from "./wave_buffer.ts";

/** The part of uPlot that the page uses. */
interface Plot {
  readonly ctx: CanvasRenderingContext2D;
  readonly bbox: { left: number; top: number; width: number; height: number };
  readonly cursor: { readonly left?: number };
  setData(data: (number | null)[][]): void;
  setSize(size: { width: number; height: number }): void;
  posToVal(at: number, scale: string): number;
  valToPos(value: number, scale: string, inCanvas: boolean): number;
  destroy(): void;
}
type PlotClass = new (options: object, data: (number | null)[][], place: HTMLElement) => Plot;

const WINDOW_SECONDS = 15;
const HEIGHT = 150;
/** All plots of this name share their crosshair. */
const CURSOR = { y: false, drag: { x: false, y: false }, sync: { key: "instrument" } } as const;

let loading: Promise<void> | undefined;

/** Loads uPlot once. */
function load(): Promise<void> {
  return loading ??= new Promise((done, fail) => {
    const script = element("script", { src: "assets/uplot.js" });
    script.addEventListener("load", () => done());
    script.addEventListener("error", () => {
      loading = undefined;
      fail(new Error("Cannot load assets/uplot.js"));
    });
    document.head.append(element("link", { rel: "stylesheet", href: "assets/uplot.css" }), script);
  });
}

/** Options of {@linkcode WavePlot}. */
export interface WavePlotOptions {
  readonly place: HTMLElement;
  /** Seconds before the end at which alarms were raised. */
  readonly marks: () => readonly number[];
  /** Called with the second under the pointer; `undefined` when it leaves. */
  readonly onPoint: (seconds: number | undefined) => void;
}

/** The plot of a curve. */
export class WavePlot {
  readonly #options: WavePlotOptions;
  #plot: Plot | undefined;
  #drawn: Drawn = { seconds: [], values: [] };

  constructor(options: WavePlotOptions) {
    this.#options = options;
    const resize = new ResizeObserver(() =>
      this.#plot?.setSize({ width: options.place.clientWidth, height: HEIGHT })
    );
    resize.observe(options.place);
    // The canvas has no style sheet: other colours need another plot.
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#restart());
    load().then(() => this.#restart(), () => {});
  }

  /** Draws the curve's current points. */
  draw(drawn: Drawn): void {
    this.#drawn = drawn;
    this.#plot?.setData([drawn.seconds, drawn.values]);
  }

  #restart(): void {
    this.#plot?.destroy();
    const { uPlot } = globalThis as unknown as { uPlot?: PlotClass };
    if (uPlot === undefined) return;
    const { place, onPoint } = this.#options;
    const style = getComputedStyle(place);
    const axis = {
      stroke: style.getPropertyValue("--soft"),
      grid: { stroke: style.getPropertyValue("--line"), width: 1 },
      ticks: { show: false },
      font: `12px ${style.fontFamily}`,
    };
    this.#plot = new uPlot(
      {
        width: place.clientWidth,
        height: HEIGHT,
        legend: { show: false },
        cursor: CURSOR,
        scales: { x: { time: false, range: [-WINDOW_SECONDS, 0] } },
        axes: [{ ...axis, size: 24, incrs: [5] }, { ...axis, size: 48 }],
        series: [{}, {
          stroke: style.getPropertyValue("--curve"),
          width: 1.5,
          points: { show: false },
        }],
        hooks: {
          draw: [(plot: Plot) => this.#mark(plot, style.getPropertyValue("--bad"))],
          setCursor: [(plot: Plot) => {
            const { left = -1 } = plot.cursor;
            onPoint(left < 0 ? undefined : plot.posToVal(left, "x"));
          }],
        },
      },
      [this.#drawn.seconds, this.#drawn.values],
      place,
    );
  }

  /** Alarms as vertical lines with a triangle, so that colour is not the only cue. */
  #mark({ ctx, bbox, valToPos }: Plot, colour: string): void {
    ctx.save();
    ctx.strokeStyle = ctx.fillStyle = colour;
    ctx.lineWidth = devicePixelRatio;
    for (const seconds of this.#options.marks()) {
      if (seconds < -WINDOW_SECONDS || seconds > 0) continue;
      const x = valToPos(seconds, "x", true);
      const side = 5 * devicePixelRatio;
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
      ctx.beginPath();
      ctx.moveTo(x - side, bbox.top);
      ctx.lineTo(x + side, bbox.top);
      ctx.lineTo(x, bbox.top + 2 * side);
      ctx.fill();
    }
    ctx.restore();
  }
}
