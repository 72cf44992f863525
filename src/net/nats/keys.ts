/**
 * The keys by which brokers recognize their clients.
 *
 * @see https://docs.nats.io/running-a-nats-service/configuration/securing_nats/auth_intro/nkey_auth
 * @module
 */

import { nkeys } from "@nats-io/nats-core";

/** The key of one client. */
export interface UserKey {
  /** `U…`: the part that the brokers know. */
  readonly publicKey: string;
  /** `SU…`: the part that only the client knows. */
  readonly seed: string;
}

/** Makes a key. */
export function makeUserKey(): UserKey {
  const pair = nkeys.createUser();
  return { publicKey: pair.getPublicKey(), seed: new TextDecoder().decode(pair.getSeed()) };
}

/**
 * The public part of a key.
 *
 * @throws {Error} if the text is not the secret part of a key.
 */
export function publicKeyOf(seed: string): string {
  return nkeys.fromSeed(new TextEncoder().encode(seed.trim())).getPublicKey();
}
