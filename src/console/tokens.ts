/**
 * The tokens with which people and programs prove their right to read or write.
 *
 * @module
 */

import { createHash, timingSafeEqual } from "node:crypto";
import { Buffer } from "node:buffer";

/** The right of a token; `write` includes `read`. */
export type Right = "read" | "write";

/** The most tokens of one host. */
export const TOKENS_MAX = 100;
/** Characters of a token; a shorter one could be guessed. */
export const TOKEN_LENGTH_MIN = 16;
/** Characters of a token; a longer one is a mistake. */
export const TOKEN_LENGTH_MAX = 512;

/** What can precede a token in its line; `wall` may read, in a session that does not end. */
export type TokenKind = Right | "wall";

interface Entry {
  readonly kind: TokenKind;
  readonly digest: Buffer;
}

/** The tokens of a token file. */
export class TokenTable {
  readonly #entries: readonly Entry[];

  private constructor(entries: readonly Entry[]) {
    this.#entries = entries;
  }

  /**
   * Reads the text of a token file: one token per line, `read TOKEN`, `write TOKEN` or `wall
   * TOKEN`; empty lines and lines that begin with `#` are skipped.
   *
   * @throws {TokenFileError} if a line is anything else, or there is no token at all; the message
   * never contains a token.
   */
  static parse(text: string): TokenTable {
    const entries: Entry[] = [];
    for (const [index, line] of text.split(/\r?\n/).entries()) {
      const content = line.trim();
      if (content === "" || content.startsWith("#")) continue;
      const [, kind, token] = /^(read|write|wall)[ \t]+(\S+)$/.exec(content) ?? [];
      if (kind === undefined || token === undefined) {
        throw new TokenFileError(
          `line ${index + 1} must be "read TOKEN", "write TOKEN" or "wall TOKEN"`,
        );
      }
      if (token.length < TOKEN_LENGTH_MIN || token.length > TOKEN_LENGTH_MAX) {
        throw new TokenFileError(
          `the token of line ${index + 1} has ${token.length} characters, ` +
            `must be ${TOKEN_LENGTH_MIN} to ${TOKEN_LENGTH_MAX}`,
        );
      }
      // HTTP fields can carry only these characters. A form could carry others, and then one of the
      // two would fail.
      if (!/^[!-~]+$/.test(token)) {
        throw new TokenFileError(
          `the token of line ${index + 1} has other characters than letters, digits and ` +
            "signs of ASCII",
        );
      }
      entries.push({ kind: kind as TokenKind, digest: digestOf(token) });
      if (entries.length > TOKENS_MAX) {
        throw new TokenFileError(`there are more than ${TOKENS_MAX} tokens`);
      }
    }
    if (entries.length === 0) throw new TokenFileError("there is no token in it");
    return new TokenTable(entries);
  }

  /**
   * The right of a token; `undefined` if it is unknown. The time does not reveal how similar the
   * text is to any token: all digests are compared, in constant time.
   */
  rightOf(token: string): Right | undefined {
    return this.identify(token)?.right;
  }

  /** The right of a token, and a key that identifies the token without storing it. */
  identify(token: string): KnownToken | undefined {
    if (token.length > TOKEN_LENGTH_MAX) return undefined;
    const digest = digestOf(token);
    const kind = this.#kindOfDigest(digest);
    if (kind === undefined) return undefined;
    const right = kind === "write" ? "write" : "read";
    return { right, isWall: kind === "wall", key: digest.toString("hex") };
  }

  /** The current right of the token with this key. */
  rightOfKey(key: string): Right | undefined {
    const kind = this.#kindOfDigest(Buffer.from(key, "hex"));
    return kind === "wall" ? "read" : kind;
  }

  #kindOfDigest(digest: Buffer): TokenKind | undefined {
    let kind: TokenKind | undefined;
    for (const entry of this.#entries) {
      const isSame = timingSafeEqual(digest, entry.digest);
      if (isSame && kind !== "write") kind = entry.kind;
    }
    return kind;
  }
}

/** A token of this host. */
export interface KnownToken {
  readonly right: Right;
  /** Whether its sessions do not end. */
  readonly isWall: boolean;
  /** Its digest as text. */
  readonly key: string;
}

/** A token file cannot be used; the message is part of a sentence. */
export class TokenFileError extends Error {
  override readonly name = "TokenFileError";
}

function digestOf(token: string): Buffer {
  return createHash("sha256").update(token, "utf8").digest();
}
