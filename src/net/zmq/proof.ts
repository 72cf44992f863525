/**
 * The proof of a WebSocket handshake. It is no security; it only shows that the server speaks
 * WebSocket.
 *
 * @module
 */

import { provenBytes } from "../../wire/websocket/upgrade.ts";

/** The value of `Sec-WebSocket-Accept` for a key (RFC 6455 section 4.2.2). */
export async function proofOf(key: string): Promise<string> {
  // Web Crypto, because node:crypto costs an idle host 2 to 10 MB.
  return new Uint8Array(await crypto.subtle.digest("SHA-1", provenBytes(key))).toBase64();
}
