/**
 * Ranges of ports as the kernel writes them.
 *
 * @module
 */

/** The first and the last port. */
export type PortRange = readonly [first: number, last: number];

/** The last port number. */
const PORT_MAX = 65_535;

/**
 * Reads a list such as `8080,54320-54322`; what is no range is left out.
 *
 * The separator between the two ends is a hyphen (`ip_local_reserved_ports`) or a blank
 * (`ip_local_port_range`).
 */
export function parsePortRanges(text: string): PortRange[] {
  return text.split(",").flatMap((part): PortRange[] => {
    const [, first, last = first] = /^\s*(\d{1,5})(?:[-\s]+(\d{1,5}))?\s*$/.exec(part) ?? [];
    const range: PortRange = [Number(first), Number(last)];
    return range[0] <= range[1] && range[1] <= PORT_MAX ? [range] : [];
  });
}

/** Writes ranges in ascending order, each port once, with neighbours joined. */
export function formatPortRanges(ranges: readonly PortRange[]): string {
  const joined: [number, number][] = [];
  for (const [first, last] of ranges.toSorted((a, b) => a[0] - b[0])) {
    const before = joined.at(-1);
    if (before !== undefined && first <= before[1] + 1) before[1] = Math.max(before[1], last);
    else joined.push([first, last]);
  }
  return joined.map(([first, last]) => first === last ? `${first}` : `${first}-${last}`).join(",");
}

/** Whether a port lies in one of the ranges. */
export function inPortRanges(ranges: readonly PortRange[], port: number): boolean {
  return ranges.some(([first, last]) => port >= first && port <= last);
}
