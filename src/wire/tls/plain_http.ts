/**
 * HTTP on a port that speaks TLS, from both ends.
 *
 * @module
 */

import { HELLO_BYTES_MAX } from "./hello.ts";

/** Whether bytes are an HTTP request: not at all, its beginning, or enough of its head. */
export type PlainHttpState = "no-http" | "partial" | "complete";

/** A method and a blank: no record of TLS and no greeting of a binary protocol begins so. */
const BEGINNING = /^[A-Z]{1,7}(?: |$)/;
/** Bytes that are read to recognise a request without TLS. */
const METHOD_BYTES_MAX = 8;
const LATIN1 = new TextDecoder("latin1");

/** Looks at the first bytes of a peer that does not speak TLS. */
export function plainHttpState(bytes: Uint8Array): PlainHttpState {
  if (!BEGINNING.test(LATIN1.decode(bytes.subarray(0, METHOD_BYTES_MAX)))) return "no-http";
  const isWhole = bytes.length >= HELLO_BYTES_MAX || /\n\r?\n/.test(LATIN1.decode(bytes));
  return isWhole ? "complete" : "partial";
}

const TEXT =
  "The plain HTTP request was sent to an HTTPS port: write https:// instead of http://\n";

/** What such a peer is told. */
export const PLAIN_HTTP_REPLY: Uint8Array<ArrayBuffer> = new TextEncoder().encode(
  "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\n" +
    `Content-Length: ${TEXT.length}\r\nConnection: close\r\n\r\n${TEXT}`,
);

/** As we say it, and as nginx and Apache do. */
const SAID_SO = /plain HTTP request was sent to (?:an )?HTTPS port|speaking plain HTTP to an SSL/i;
const ALERT_RECORD = 21;
const VERSION_MAJOR = 3;

/**
 * Whether the answer to plain HTTP means that the server speaks TLS there: an alert of TLS, or a reply
 * that says so.
 *
 * @param answer The beginning of the answer.
 */
export function speaksTls(answer: Uint8Array): boolean {
  if (answer[0] === ALERT_RECORD && answer[1] === VERSION_MAJOR) return true;
  return SAID_SO.test(LATIN1.decode(answer));
}
