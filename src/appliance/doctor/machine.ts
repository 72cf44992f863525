/**
 * Checks the machine: processor, kernel, C library, clock, limits.
 *
 * @module
 */

import { readKernelFacts } from "../../net/libc/kernel_facts.ts";
import { type Finding, ok, warn } from "./finding.ts";

const ARCHITECTURES: readonly string[] = ["x86_64", "aarch64"];
/** The page size that every build of the runtime supports. */
const PAGE_BYTES = 4_096;
/** Half of these are for the connections of one port; the rest are spare. */
const FILES_MIN = 1_024;
/** The oldest C library with which the runtime's binaries start. */
const GLIBC_MIN: readonly [number, number] = [2, 27];

/** Checks the machine. */
export function examineMachine(): Finding[] {
  const { arch } = Deno.build;
  const findings = [
    ARCHITECTURES.includes(arch)
      ? ok("architecture", arch)
      : warn("architecture", arch, "use a 64-bit PC or Raspberry Pi"),
    ok("kernel", Deno.osRelease()),
  ];
  const facts = readKernelFacts();
  if (facts === undefined) {
    return [
      ...findings,
      warn("C library", "it cannot be called", "use a system with glibc, such as Debian"),
    ];
  }
  return [
    ...findings,
    facts.pageBytes === PAGE_BYTES ? ok("page size", `${PAGE_BYTES} bytes`) : warn(
      "page size",
      `${facts.pageBytes} bytes`,
      "if the program crashes, boot with kernel=kernel8.img in config.txt (Raspberry Pi 5)",
    ),
    examineGlibc(facts.libcVersion),
    ok("clock source", facts.clockSource ?? "unknown"),
    facts.isClockSynchronised ? ok("clock", "synchronised") : warn(
      "clock",
      "not synchronised: times on the page and in the history may be wrong; deadlines are not affected",
      "timedatectl set-ntp true",
    ),
    examineFiles(facts.filesSoftMax, facts.filesHardMax),
  ];
}

function examineGlibc(version: string): Finding {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const isNew = major > GLIBC_MIN[0] || (major === GLIBC_MIN[0] && minor >= GLIBC_MIN[1]);
  return isNew
    ? ok("glibc", version)
    : warn("glibc", version, `${GLIBC_MIN.join(".")} or newer is needed: update the system`);
}

function examineFiles(soft: number | undefined, hard: number | undefined): Finding {
  if (soft === undefined || hard === undefined) {
    return warn("file limit", "unknown", "ulimit -n tells it");
  }
  const text = `${soft} open files, ${hard} at the most`;
  return hard >= FILES_MIN
    ? ok("file limit", text)
    : warn("file limit", text, "raise it: LimitNOFILE= in the unit, or ulimit -n 65536");
}
