/**
 * Reserves our ports, so that the kernel does not give them to outgoing connections.
 *
 * The kernel has one list for all programs, so entries of others are kept, and only ours are
 * removed.
 *
 * @module
 */

import {
  formatPortRanges,
  inPortRanges,
  parsePortRanges,
  type PortRange,
} from "../../../core/port_ranges.ts";

/** The kernel's list, as `sysctl` calls it. */
export const RESERVED_PORTS_NAME = "net.ipv4.ip_local_reserved_ports";

/** The range of outgoing connections, as `sysctl` calls it. */
export const OUTGOING_PORTS_NAME = "net.ipv4.ip_local_port_range";

/** What is known of ports before the file is written. */
export interface PortFacts {
  /** Ports that outgoing connections get. */
  readonly outgoing: readonly PortRange[];
  /** What is reserved now, by whomever. */
  readonly reserved: readonly PortRange[];
  /** Our file of an earlier installation. */
  readonly former: string | undefined;
}

/** The text of the file; undefined if none of the ports needs it. */
export function reservedPortsFile(
  ports: readonly number[],
  { outgoing, reserved, former }: PortFacts,
): string | undefined {
  const ours = ports.filter((port) => inPortRanges(outgoing, port));
  if (ours.length === 0) return undefined;
  const mine = ours.map((port): PortRange => [port, port]);
  const others = withoutOurs(reserved, former);
  return [
    "# Ports of ours that no outgoing connection of another program may get:",
    `# ours=${formatPortRanges(mine)}`,
    "# What was reserved before, and stays so when ours are taken back:",
    `# others=${formatPortRanges(others)}`,
    `${RESERVED_PORTS_NAME}=${formatPortRanges([...others, ...mine])}`,
    "",
  ].join("\n");
}

/**
 * The ports that stay reserved without ours.
 *
 * @param reserved What is reserved now.
 * @param file Our file; undefined if there is none.
 */
export function withoutOurs(
  reserved: readonly PortRange[],
  file: string | undefined,
): readonly PortRange[] {
  if (file === undefined) return reserved;
  const rangesOf = (name: string) =>
    parsePortRanges(new RegExp(`^# ${name}=(.*)$`, "m").exec(file)?.[1] ?? "");
  const others = rangesOf("others");
  const ours = rangesOf("ours").flatMap(portsIn).filter((port) => !inPortRanges(others, port));
  return parsePortRanges(formatPortRanges(
    reserved.flatMap(portsIn).filter((port) => !ours.includes(port))
      .map((port): PortRange => [port, port]),
  ));
}

function portsIn([first, last]: PortRange): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
