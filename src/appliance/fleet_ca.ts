/**
 * The certificates by which a host knows the brokers of its fleet.
 *
 * @module
 */

import { readSecretFile } from "../store/secret_files.ts";

/**
 * Reads the file of `--fleet-ca`.
 *
 * @return The certificates; none if no file is named.
 * @throws {Error} if the file cannot be used; the message is one sentence.
 */
export function readFleetCa(path: string | undefined): string[] {
  if (path === undefined) return [];
  const { text } = readSecretFile(path);
  if (text.includes("-----BEGIN CERTIFICATE-----")) return [text];
  throw new Error(`Cannot use "${path}" of --fleet-ca: it holds no certificate (PEM)`);
}
