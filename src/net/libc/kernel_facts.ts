/**
 * Facts about this machine, from the kernel and the C library.
 *
 * Needs `--allow-ffi` and `--allow-sys`; without FFI nothing is known.
 *
 * @module
 */

import { parsePortRanges, type PortRange } from "../../core/port_ranges.ts";
import { cString, Libc } from "./libc.ts";
import { listFolder, readLink, readTextFile } from "./files.ts";

/** Facts; a member is undefined where it cannot be found out. */
export interface KernelFacts {
  /** Bytes of a memory page. */
  readonly pageBytes: number;
  readonly libcVersion: string;
  /** What the kernel's clock runs on, `tsc` or `arch_sys_counter` for instance. */
  readonly clockSource: string | undefined;
  readonly isClockSynchronised: boolean;
  /** The most descriptors that a process may have open: the soft and the hard limit. */
  readonly filesSoftMax: number | undefined;
  readonly filesHardMax: number | undefined;
}

/** Who holds a port. */
export interface PortHolder {
  readonly pid: number;
  readonly program: string;
}

const CLOCK_SOURCE = "/sys/devices/system/clocksource/clocksource0/current_clocksource";
/** Larger than the kernel's `struct timex` on any machine. */
const TIMEX_BYTES = 256;
/** `adjtimex`: the clock is not synchronised. */
const TIME_ERROR = 5;
const PORT_SETTINGS = "/proc/sys/net/ipv4";
/** The range of outgoing ports that Linux comes with. */
export const OUTGOING_DEFAULT: readonly PortRange[] = [[32_768, 60_999]];
/** State of an unconnected socket in `/proc/net/tcp` and `/proc/net/udp`. */
const LISTENING = { tcp: "0A", udp: "07" } as const;
/** Bytes of a table of sockets in `/proc/net` that are read. */
const SOCKET_TABLE_BYTES_MAX = 4_194_304;
/** Processes that are looked at. */
const PROCESSES_MAX = 4_096;
/** `access`: reading and writing. */
const READ_AND_WRITE = 6;

/** Asks for the facts; undefined if the C library may not be called or is not GNU's. */
export function readKernelFacts(): KernelFacts | undefined {
  using libc = acquire();
  if (libc === undefined) return undefined;
  const { getpagesize, gnu_get_libc_version, adjtimex } = libc.symbols;
  const version = gnu_get_libc_version();
  const limits = readTextFile(libc, "/proc/self/limits") ?? "";
  const [, soft, hard] = /^Max open files\s+(\d+|unlimited)\s+(\d+|unlimited)/m.exec(limits) ?? [];
  return {
    pageBytes: getpagesize(),
    libcVersion: version === null ? "" : new Deno.UnsafePointerView(version).getCString(),
    clockSource: readTextFile(libc, CLOCK_SOURCE),
    isClockSynchronised: adjtimex(new Uint8Array(TIMEX_BYTES)) !== TIME_ERROR,
    filesSoftMax: countOf(soft),
    filesHardMax: countOf(hard),
  };
}

/** Whether this process may open a device. */
export function mayOpen(path: string): boolean {
  using libc = acquire();
  return libc !== undefined && libc.symbols.access(cString(path), READ_AND_WRITE) === 0;
}

/**
 * Finds the process that listens on a port; undefined if it is not to be found, which takes root for
 * the processes of others.
 *
 * @param protocol `tcp` or `udp`.
 */
export function findPortHolder(protocol: "tcp" | "udp", port: number): PortHolder | undefined {
  using libc = acquire();
  if (libc === undefined) return undefined;
  const sockets = new Set(
    [protocol, `${protocol}6`].flatMap((table) =>
      socketsOf(readTextFile(libc, `/proc/net/${table}`, SOCKET_TABLE_BYTES_MAX) ?? "", port)
    ),
  );
  if (sockets.size === 0) return undefined;
  const pids = listFolder(libc, "/proc").filter((name) => /^\d+$/.test(name));
  for (const pid of pids.slice(0, PROCESSES_MAX)) {
    const folder = `/proc/${pid}/fd`;
    for (const descriptor of listFolder(libc, folder)) {
      if (!sockets.has(readLink(libc, `${folder}/${descriptor}`) ?? "")) continue;
      return { pid: Number(pid), program: readTextFile(libc, `/proc/${pid}/comm`) ?? "" };
    }
  }
  return undefined;
}

/** Which ports Linux gives to outgoing connections. */
export interface PortRanges {
  readonly outgoing: readonly PortRange[];
  /** Those in it that are kept for programs that ask for them. */
  readonly reserved: readonly PortRange[];
}

/** Reads the ranges from the kernel, or returns the usual defaults if that fails. */
export function readPortRanges(): PortRanges {
  using libc = acquire();
  const read = (name: string) =>
    libc === undefined ? undefined : readTextFile(libc, `${PORT_SETTINGS}/${name}`, 65_536);
  const outgoing = parsePortRanges(read("ip_local_port_range") ?? "");
  return {
    outgoing: outgoing.length === 0 ? OUTGOING_DEFAULT : outgoing,
    reserved: parsePortRanges(read("ip_local_reserved_ports") ?? ""),
  };
}

/**
 * Whether a program listens on a port. For UDP, that means a socket without a peer.
 *
 * @return False also if the kernel cannot be asked.
 */
export function hasListener(protocol: "tcp" | "udp", port: number): boolean {
  using libc = acquire();
  if (libc === undefined) return false;
  const local = localEnd(port);
  return [protocol, `${protocol}6`].some((table) =>
    (readTextFile(libc, `/proc/net/${table}`, SOCKET_TABLE_BYTES_MAX) ?? "").split("\n")
      .some((line) => {
        const fields = line.trim().split(/\s+/);
        return fields[1]?.endsWith(local) && fields[3] === LISTENING[protocol];
      })
  );
}

/** The sockets in a table of `/proc/net` that are bound to a port and have no peer. */
function socketsOf(table: string, port: number): string[] {
  const local = localEnd(port);
  return table.split("\n").slice(1).flatMap((line) => {
    const fields = line.trim().split(/\s+/);
    const isOurs = fields[1]?.endsWith(local) && /:0000$/.test(fields[2] ?? "");
    return isOurs ? [`socket:[${fields[9]}]`] : [];
  });
}

/** How a table of `/proc/net` writes a port behind its address. */
function localEnd(port: number): string {
  return `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
}

function countOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  return text === "unlimited" ? Infinity : Number(text);
}

function acquire(): Libc | undefined {
  if (Deno.permissions.querySync({ name: "ffi" }).state !== "granted") return undefined;
  try {
    return Libc.acquire();
  } catch {
    // Another C library than GNU's.
    return undefined;
  }
}
