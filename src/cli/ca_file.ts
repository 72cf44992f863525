/**
 * The certificate authorities that a tool trusts for TLS.
 *
 * @module
 */

import { fileReason } from "../store/file_error.ts";
import type { Surroundings } from "./command.ts";

/** `--ca`, the same wherever a tool connects to a server that may speak TLS. */
export const CA_FLAG = {
  ca: {
    flag: "ca",
    argument: "FILE",
    completes: "file",
    help: "Trust the certificates in this file (PEM) beside those of the system (also PULSEBOX_CA)",
  },
} as const;

/** The environment variable that names the file. */
export const CA_VARIABLE = "PULSEBOX_CA";

/**
 * Reads the file that the flag names, or else the variable.
 *
 * @return The certificates; none if no file is named.
 * @throws {Error} if the file cannot be used; the message is one sentence.
 */
export async function readCa(
  flag: string | undefined,
  { environment, readTextFile }: Pick<Surroundings, "environment" | "readTextFile">,
): Promise<string[]> {
  const path = flag ?? (environment.get(CA_VARIABLE) || undefined);
  if (path === undefined) return [];
  const source = flag === undefined ? CA_VARIABLE : "--ca";
  let text: string;
  try {
    text = await readTextFile(path);
  } catch (cause) {
    throw new Error(`Cannot read "${path}" of ${source}: ${fileReason(cause, path)}`, { cause });
  }
  if (!text.includes("-----BEGIN CERTIFICATE-----")) {
    throw new Error(`Cannot use "${path}" of ${source}: it holds no certificate (PEM)`);
  }
  return [text];
}

/**
 * Reads what a tool trusts beside the system's authorities: the file of `--ca`, and the certificate of
 * the host's own setting, so that a host's settings are enough to reach it.
 *
 * @param flag The value of `--ca`.
 * @param tlsCert The value of `--tls-cert`.
 * @throws {Error} if a file cannot be used; the message is one sentence.
 */
export async function readTrusted(
  flag: string | undefined,
  tlsCert: string | undefined,
  surroundings: Pick<Surroundings, "environment" | "readTextFile">,
): Promise<string[]> {
  const trusted = await readCa(flag, surroundings);
  if (tlsCert === undefined) return trusted;
  try {
    return [...trusted, await surroundings.readTextFile(tlsCert)];
  } catch (cause) {
    throw new Error(`Cannot read "${tlsCert}": ${fileReason(cause, tlsCert)}`, { cause });
  }
}
