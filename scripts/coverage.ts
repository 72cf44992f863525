/**
 * Line coverage by layer, from what `deno test --coverage` left.
 *
 * @module
 */

/** How much of a layer the tests reached. */
export interface Coverage {
  layer: string;
  /** Lines reached in percent of lines that hold code; 0 if nothing was measured. */
  percent: number;
  /** `FILE:LINE` of each line that was not reached. */
  missed: string[];
}

/** Reads the coverage of some folders of `src`. */
export async function readCoverage(
  directory: string,
  layers: readonly string[],
): Promise<Coverage[]> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["coverage", "--lcov", directory],
    stdin: "null",
    stderr: "null",
  }).output();
  return parseLcov(new TextDecoder().decode(stdout), layers);
}

/** Sums an lcov report by layer. */
export function parseLcov(lcov: string, layers: readonly string[]): Coverage[] {
  const counts = new Map(layers.map((layer) => [layer, { found: 0, missed: [] as string[] }]));
  let path = "";
  for (const line of lcov.split("\n")) {
    if (line.startsWith("SF:")) path = line.slice(line.lastIndexOf("/src/") + 1);
    const hit = /^DA:(\d+),(\d+)/.exec(line);
    const count = counts.get(path.split("/")[1] ?? "");
    if (hit === null || count === undefined) continue;
    count.found++;
    if (hit[2] === "0") count.missed.push(`${path}:${hit[1]}`);
  }
  return [...counts].map(([layer, { found, missed }]) => ({
    layer,
    percent: found === 0 ? 0 : 100 * (found - missed.length) / found,
    missed,
  }));
}
