/**
 * Adds a new token to the token file.
 *
 * @module
 */

import { type TokenKind, TokenTable } from "../console/tokens.ts";
import { messageOf } from "../core/message_of.ts";
import { appendSecretLine, readSecretIfThere } from "../store/secret_files.ts";

/** 192 bits: nobody can guess it, and it still fits on a label. */
const TOKEN_BYTES = 24;

/**
 * Makes a token and adds it to a token file, which only its owner can read from then on. Creates
 * the file if it does not exist.
 *
 * @return The token.
 * @throws {Error} if the file cannot be written, or is not a token file; the message is one sentence.
 */
export function addToken(path: string, kind: TokenKind): string {
  const token = crypto.getRandomValues(new Uint8Array(TOKEN_BYTES))
    .toBase64({ alphabet: "base64url" });
  const line = `${kind} ${token}`;
  const before = readSecretIfThere(path);
  try {
    TokenTable.parse(`${before ?? ""}\n${line}`);
  } catch (cause) {
    const reason = messageOf(cause);
    throw new Error(`Cannot add a token to "${path}": ${reason}`, { cause });
  }
  appendSecretLine(path, before === undefined || /(^|\n)$/.test(before) ? line : `\n${line}`);
  return token;
}
