/**
 * The keys by which brokers recognize their clients.
 *
 * @see https://docs.nats.io/running-a-nats-service/configuration/securing_nats/auth_intro/nkey_auth
 * @module
 */

import { Buffer } from "node:buffer";
import { createPrivateKey, type KeyObject, sign } from "node:crypto";
import { type Authenticator, nkeys } from "@nats-io/nats-core";

/** The digits of base32 (RFC 4648, section 6). */
const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/** A seed is two bytes that say what kind of key it is, these, and two of a checksum. */
const KIND_BYTES = 2;
const SECRET_BYTES = 32;
/** What stands before the secret of an Ed25519 key in PKCS #8 (RFC 8410, section 7). */
const PKCS8_HEAD = Uint8Array.fromHex("302e020100300506032b657004220420");

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

/** Whether a text is the secret part of a key, with the right checksum. */
export function isSeed(text: string): boolean {
  try {
    nkeys.fromSeed(new TextEncoder().encode(text));
    return true;
  } catch {
    return false;
  }
}

/**
 * Answers the challenges of brokers with a key, which is read at the first one.
 *
 * The client's own authenticator computes in JavaScript: 16 ms on a desktop, at each reconnection, in which
 * the host does nothing else. The platform signs in 0.02 ms.
 *
 * @param seed The secret part of a key.
 */
export function keyAuthenticator(seed: string): Authenticator {
  let pair: { readonly nkey: string; readonly key: KeyObject } | undefined;
  return (nonce = "") => {
    pair ??= { nkey: publicKeyOf(seed), key: privateKeyOf(seed) };
    return {
      nkey: pair.nkey,
      sig: sign(null, new TextEncoder().encode(nonce), pair.key).toBase64(),
    };
  };
}

/** @param seed Its checksum is right. */
function privateKeyOf(seed: string): KeyObject {
  const bits = [...seed.trim()]
    .map((digit) => DIGITS.indexOf(digit).toString(2).padStart(5, "0")).join("");
  const secret = Array.from({ length: SECRET_BYTES }, (_, index) => {
    const start = 8 * (KIND_BYTES + index);
    return parseInt(bits.slice(start, start + 8), 2);
  });
  const key = Buffer.from([...PKCS8_HEAD, ...secret]);
  return createPrivateKey({ key, format: "der", type: "pkcs8" });
}
