/**
 * A disk that fails when the simulation says so.
 *
 * @module
 */

import { DatabaseSync, StatementSync } from "node:sqlite";
import type { Ordeal } from "./ordeal.ts";

/** How the disk is. */
export type DiskManner = "works" | "full" | "broken";

const ERRORS: Readonly<Record<Exclude<DiskManner, "works">, [errcode: number, text: string]>> = {
  full: [13, "database or disk is full"],
  broken: [10, "disk I/O error"],
};
/** What a full disk refuses. A commit that writes nothing passes. */
const WRITES = /^\s*(?:BEGIN IMMEDIATE|INSERT|UPDATE|DELETE|REPLACE|CREATE|COMMIT)/i;

type Method = (this: StatementSync, ...args: unknown[]) => unknown;

/** Makes the calls of SQLite fail in place of the machine's disk. */
export class Disk {
  manner: DiskManner = "works";
  readonly #ordeal: Ordeal;
  /** Calls that have failed. */
  failures = 0;

  constructor(ordeal: Ordeal) {
    this.#ordeal = ordeal;
  }

  /** Takes the place of the machine's disk until disposed of. */
  install(): Disposable {
    const statement = StatementSync.prototype as unknown as Record<string, Method>;
    const database = DatabaseSync.prototype as unknown as Record<string, Method>;
    const real = {
      exec: database["exec"],
      run: statement["run"],
      all: statement["all"],
      get: statement["get"],
    };
    // deno-lint-ignore no-this-alias
    const disk = this;
    const wrap = (
      method: Method | undefined,
      textOf: (self: StatementSync, args: unknown[]) => string,
    ) =>
      function (this: StatementSync, ...args: unknown[]): unknown {
        disk.#allow(textOf(this, args));
        return method?.apply(this, args);
      };
    database["exec"] = wrap(real.exec, (_, [sql]) => String(sql));
    for (const name of ["run", "all", "get"] as const) {
      statement[name] = wrap(real[name], (self) => self.sourceSQL);
    }
    return {
      [Symbol.dispose]: () => {
        const { exec, ...others } = real;
        Object.assign(database, { exec });
        Object.assign(statement, others);
      },
    };
  }

  #allow(sql: string): void {
    if (this.#ordeal.strikes("disk")) throw errorOf("broken");
    if (this.manner === "works" || this.manner === "full" && !WRITES.test(sql)) return;
    this.failures++;
    throw errorOf(this.manner);
  }
}

function errorOf(manner: Exclude<DiskManner, "works">): Error {
  const [errcode, text] = ERRORS[manner];
  return Object.assign(new Error(text), { code: "ERR_SQLITE_ERROR", errcode, errstr: text });
}
