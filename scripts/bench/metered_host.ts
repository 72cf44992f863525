/**
 * A host that measures itself: every {@linkcode REPORT_MS} it prints how long its longest turn was. Time
 * in which the system ran other programs does not count.
 *
 * Usage: metered_host.ts ARGUMENTS OF PULSEBOX
 *
 * @module
 */

import { run } from "../../src/cli/run.ts";
import { ProcessTerminal } from "../../src/cli/terminal.ts";

/** How often the longest turn since the last report is printed, in milliseconds. */
const REPORT_MS = 100;
/** The shortest wait of a timer, in milliseconds: a longer gap between two calls is a turn. */
const STEP_MS = 1;

/** The times of this thread; opened before Pulsebox gives up the right to read such files. */
const schedstat = Deno.openSync("/proc/thread-self/schedstat");
const buffer = new Uint8Array(64);

/** How long this thread could have run while the processor was given to others, in milliseconds. */
function waitedMs(): number {
  schedstat.seekSync(0, Deno.SeekMode.Start);
  const count = schedstat.readSync(buffer) ?? 0;
  return Number(new TextDecoder().decode(buffer.subarray(0, count)).split(" ")[1]) / 1e6;
}

function measureTurns(): void {
  let last = performance.now() - waitedMs();
  let longest = 0;
  let reportAt = performance.now() + REPORT_MS;
  setInterval(() => {
    const now = performance.now();
    const own = now - waitedMs();
    longest = Math.max(longest, own - last - STEP_MS);
    last = own;
    if (now < reportAt) return;
    console.log(`turn ${longest.toFixed(2)}`);
    longest = 0;
    reportAt = now + REPORT_MS;
  }, STEP_MS);
}

if (import.meta.main) {
  measureTurns();
  Deno.exit(
    await run(Deno.args, {
      terminal: new ProcessTerminal(),
      environment: Deno.env,
      readTextFile: (path) => Deno.readTextFile(path),
    }),
  );
}
