/**
 * What a suite needs of the machine, said once.
 *
 * @module
 */

/** The file in which the test command gathers what was skipped: it prints the lines at its end. */
export const SKIPS_VARIABLE = "PULSEBOX_TEST_SKIPS";
/** Set to `all`, a requirement that is not met fails instead of skipping its suite. */
const REQUIRE_VARIABLE = "PULSEBOX_TEST_REQUIRE";

/**
 * Says what a suite needs. If it is missing, one line tells how to get it and the suite registers no
 * test; with `PULSEBOX_TEST_REQUIRE=all` it registers one that fails.
 *
 * @param suite What is not tested without it.
 * @param needs Its name, whether it is there, how to get it, and whether it cannot be had everywhere: then
 * the suite is skipped even where everything is required.
 * @return Whether the suite can run.
 */
export function requirement(
  suite: string,
  needs: { name: string; available: boolean; howToGet: string; isRare?: boolean },
): boolean {
  if (needs.available) return true;
  const line = `skipped: ${suite}: needs ${needs.name}; get it with ${needs.howToGet}`;
  if (Deno.env.get(REQUIRE_VARIABLE) === "all" && needs.isRare !== true) {
    Deno.test(`${suite} finds what it needs`, () => {
      throw new Error(line);
    });
  } else {
    report(line);
  }
  return false;
}

/** The test runner hides what a module prints while it loads, so the line goes to a file. */
function report(line: string): void {
  const path = Deno.env.get(SKIPS_VARIABLE);
  if (path === undefined) console.error(line);
  else Deno.writeTextFileSync(path, `${line}\n`, { append: true });
}
