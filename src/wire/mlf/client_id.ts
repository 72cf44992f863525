/**
 * Identities of game clients (mlf.md sections 3.1 and 3.2).
 *
 * @module
 */

const CLIENT_ID = /^[A-Za-z0-9._:-]{1,64}$/;

/**
 * The identity that a JSON value means: text, or a whole number as early clients sent it. Addresses
 * are identities too. It may name files and topics, so it holds no other characters.
 *
 * @return `undefined` if it is not an ID.
 */
export function parseClientId(value: unknown): string | undefined {
  if (typeof value === "number") {
    return Number.isSafeInteger(value) && value >= 0 ? String(value) : undefined;
  }
  return typeof value === "string" && CLIENT_ID.test(value) ? value : undefined;
}
