/**
 * What an engine makes of bytes, as lines that can be compared.
 *
 * @module
 */

import { parseFrameHead, unmask } from "../../../src/wire/websocket/frame.ts";
import type { ZmqEngine, ZmqEvent } from "../../../src/wire/zmq/engine.ts";

/** Bytes written as pairs of digits, blanks anywhere. */
export function hex(text: string): Uint8Array {
  const digits = text.replaceAll(/\s/g, "");
  return Uint8Array.from(
    { length: digits.length / 2 },
    (_, index) => Number.parseInt(digits.slice(index * 2, index * 2 + 2), 16),
  );
}

/** Bytes as pairs of digits. */
export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
}

/** Bytes as text, each byte one character. */
export function latin(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
}

/** One event as a line. */
export function lineOf(event: ZmqEvent): string {
  switch (event.kind) {
    case "send":
      return `send ${toHex(event.bytes)}`;
    case "ready":
      return `ready ${event.peer.socketType ?? "?"} "${latin(event.peer.routingId)}"`;
    case "message":
      return `message ${JSON.stringify(event.message.map(latin))}`;
    case "subscribe":
    case "cancel":
      return `${event.kind} "${latin(event.topic)}"`;
    case "ttl":
      return `ttl ${event.ms}`;
    case "goodbye":
      return `goodbye ${toHex(event.reply)}`;
    case "violation":
      return `violation ${event.message}${codeIn(event.reply, event.message)}`;
  }
}

/**
 * The code of a close frame, masked or not, as ` (1002)`; nothing if there is none. A frame that does not
 * tell its peer why, as far as there is room for it, is ` (1002 alone)`.
 */
function codeIn(reply: Uint8Array, message: string): string {
  const head = parseFrameHead(reply, 0, reply.length);
  if (head === undefined) return "";
  const payload = reply.slice(head.headBytes);
  if (head.isMasked) unmask(payload, reply.subarray(head.headBytes - 4, head.headBytes));
  const reason = new TextDecoder().decode(payload.subarray(2));
  const isTold = reason !== "" && message.startsWith(reason);
  return ` (${new DataView(payload.buffer).getUint16(0)}${isTold ? "" : " alone"})`;
}

/**
 * Feeds an engine with bytes in pieces and gives all events as lines.
 *
 * @param lengths Of the pieces, over and over; whole if there are none.
 */
export function transcriptOf(
  engine: ZmqEngine,
  bytes: Uint8Array,
  lengths: readonly number[] = [],
): string[] {
  const lines: string[] = [];
  let piece = 0;
  for (let at = 0; at < bytes.length;) {
    const wanted = lengths.length === 0 ? Infinity : lengths[piece++ % lengths.length] ?? 1;
    const space = engine.space();
    const count = Math.min(space.length, wanted, bytes.length - at);
    space.set(bytes.subarray(at, at + count));
    engine.commit(count);
    at += count;
    for (let event = engine.next(); event !== undefined; event = engine.next()) {
      lines.push(lineOf(event));
      if (event.kind === "violation" || event.kind === "goodbye") return lines;
    }
  }
  return lines;
}
