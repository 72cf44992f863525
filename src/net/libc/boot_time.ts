/**
 * The machine's boot clock: it ignores changes of the wall clock and restarts of the program.
 *
 * @module
 */

import type { BootTime } from "../../core/clock.ts";
import { readTextFile } from "./files.ts";
import { Libc } from "./libc.ts";

const BOOT_ID = "/proc/sys/kernel/random/boot_id";
const UPTIME = "/proc/uptime";

/** Reads the boot clock, even after the permission to call the C library was given back. */
export class BootTimeReader implements Disposable {
  readonly #libc: Libc | undefined;

  constructor() {
    try {
      this.#libc = Libc.acquire();
    } catch {
      // Without `--allow-ffi` there is only the wall clock.
      this.#libc = undefined;
    }
  }

  /** What it shows; `undefined` if it cannot be read. */
  read(): BootTime | undefined {
    if (this.#libc === undefined) return undefined;
    const bootId = readTextFile(this.#libc, BOOT_ID);
    const seconds = Number(readTextFile(this.#libc, UPTIME)?.split(" ")[0]);
    return bootId !== undefined && seconds > 0
      ? { bootId, sinceBootMs: 1_000 * seconds }
      : undefined;
  }

  [Symbol.dispose](): void {
    this.#libc?.[Symbol.dispose]();
  }
}
