/**
 * The secret by which the brokers of a fleet know a host.
 *
 * @module
 */

import { isSeed } from "../net/nats/keys.ts";
import { readSecretFile } from "../store/secret_files.ts";
import { NO_SECRET } from "./no_secret.ts";

/**
 * Reads the key of `--fleet-key`; undefined if there is none.
 *
 * @param onOpen Told of a file that everybody on this machine can read.
 * @throws {Error} if the file holds no key; the message is one sentence.
 */
export function readFleetKey(
  path: string | undefined,
  onOpen: (path: string) => void = () => {},
): string | undefined {
  if (path === undefined) return undefined;
  const { text, isOpenToAll } = readSecretFile(path);
  // The service of a package, on a host that has got no key.
  if (text.trim() === NO_SECRET) return undefined;
  if (isOpenToAll) onOpen(path);
  const [seed] = /^SU[A-Z2-7]{56}$/m.exec(text) ?? [];
  if (seed !== undefined && isSeed(seed)) return seed;
  const fault = seed === undefined
    ? "it holds no nkey of a user (SU…)"
    : "its checksum is wrong: a letter of it is not as it was made";
  throw new Error(`Cannot use "${path}" of --fleet-key: ${fault}`);
}
