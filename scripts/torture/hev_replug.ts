/**
 * Unplugs and plugs in a microcontroller again and again while clients stay connected: the test of the
 * serial source with as many cycles as the first argument says, 1000 if it is not given.
 *
 * @module
 */

const CYCLES_DEFAULT = "1000";
const TEST = "tests/roles/hev/serial_source_test.ts";

if (import.meta.main) {
  const startedAt = performance.now();
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: ["test", "--quiet", "--no-check", "--allow-all", "--filter", "each plugging in", TEST],
    env: { PULSEBOX_REPLUG_CYCLES: Deno.args[0] ?? CYCLES_DEFAULT },
    stdin: "null",
  }).spawn().status;
  console.error(`took ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
  Deno.exitCode = code;
}
