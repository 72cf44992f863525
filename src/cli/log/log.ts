/**
 * The log of a running host: one line per event on standard error.
 *
 * @module
 */

import {
  configureSync,
  getLogger,
  type Logger,
  type LogLevel,
  type LogRecord,
  resetSync,
} from "@logtape/logtape";
import type { Clock } from "../../core/clock.ts";
import { Timer } from "../../net/timer.ts";
import { LineWriter } from "./line_writer.ts";
import {
  formatJournalLine,
  formatJson,
  formatLine,
  type LineFormatter,
  textOfRecord,
} from "./format.ts";
import { RepeatFilter, type Repetition } from "./repeat_filter.ts";

/** Options of {@linkcode Log}. */
export interface LogOptions {
  readonly level: LogLevel;
  readonly format: "auto" | "line" | "json";
  readonly clock: Clock;
  /** Whether a journal reads the lines; it then gets priorities instead of times. */
  readonly journal: "journal" | "none";
  /** Where lines go; standard error if not given. */
  readonly target?: { write(bytes: Uint8Array): Promise<number> };
}

/** Sets up the process's log. There is one at a time; closing it writes the last lines. */
export class Log implements AsyncDisposable {
  /** Where the program's own events go. */
  readonly logger: Logger = getLogger(["pulsebox"]);
  readonly #lines: LineWriter;
  readonly #repeats = new RepeatFilter<LogRecord>();
  readonly #clock: Clock;
  readonly #format: LineFormatter;
  #timer: Timer | undefined;

  constructor(options: LogOptions) {
    this.#lines = new LineWriter(options.target ?? Deno.stderr);
    this.#clock = options.clock;
    this.#format = formatterOf(options);
    configureSync({
      reset: true,
      sinks: { lines: (record) => this.#take(record) },
      loggers: [
        { category: ["pulsebox"], lowestLevel: options.level, sinks: ["lines"] },
        { category: ["logtape", "meta"], lowestLevel: "error", sinks: ["lines"] },
      ],
    });
  }

  /** Writes the waiting lines, bounded in time, and closes the log. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#timer?.stop();
    for (const repetition of this.#repeats.close()) this.#writeRepetition(repetition);
    resetSync();
    await this.#lines.flush();
  }

  #take(record: LogRecord): void {
    // Filter failures only, which repeat themselves; never hold back news.
    const failure = record.level === "warning" || record.level === "error";
    if (failure) {
      const kind = `${record.level} ${record.category.join(".")} ${textOfRecord(record)}`;
      if (!this.#repeats.admits(kind, record, this.#clock.now())) return;
      this.#arm();
    }
    this.#lines.write(this.#format(record));
  }

  #arm(): void {
    const wake = this.#repeats.nextWake();
    if (this.#timer !== undefined || wake === undefined) return;
    const waitMs = Math.max(1, wake - this.#clock.now());
    // A summary that is due in a minute must not keep a stopped program alive.
    this.#timer = Timer.after(waitMs, () => {
      this.#timer = undefined;
      for (const repetition of this.#repeats.advance(this.#clock.now())) {
        this.#writeRepetition(repetition);
      }
      this.#arm();
    }).unref();
  }

  #writeRepetition({ last, count }: Repetition<LogRecord>): void {
    const properties = { ...last.properties, repeated: count };
    this.#lines.write(this.#format({ ...last, properties }));
  }
}

function formatterOf({ format, journal }: LogOptions): LineFormatter {
  if (format === "json") return formatJson;
  return journal === "journal" && format === "auto" ? formatJournalLine : formatLine;
}
