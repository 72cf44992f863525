/**
 * A log that keeps its lines for a test.
 *
 * @module
 */

import { configureSync, getLogger, type Logger, resetSync } from "@logtape/logtape";

/** Lines of a log, as people would read them. */
export interface KeptLog extends Disposable {
  readonly log: Logger;
  /** `level message`, oldest first. */
  readonly lines: readonly string[];
}

/** Keeps what is logged until the end of the block. */
export function keepLog(): KeptLog {
  const lines: string[] = [];
  configureSync({
    reset: true,
    sinks: {
      kept: ({ level, message }) =>
        void lines.push(`${level} ${message.map((part) => String(part)).join("")}`),
    },
    loggers: [
      { category: "test", lowestLevel: "debug", sinks: ["kept"] },
      { category: ["logtape", "meta"], lowestLevel: "error", sinks: [] },
    ],
  });
  return { log: getLogger("test"), lines, [Symbol.dispose]: () => resetSync() };
}
