/**
 * Commands of the protocol itself, the same over TCP and WebSocket.
 *
 * A command consists of its name, prefixed by the length, and data in a form of its own (ZMTP 3.1,
 * RFC 37). Each transport frames commands in its own way.
 *
 * @module
 */

import { concatenate } from "../bytes/concatenate.ts";
import { sameBytes } from "../bytes/same_bytes.ts";

const UTF8 = new TextEncoder();

/** A parsed command. */
export interface Command {
  /** Such as `READY`; case matters. */
  readonly name: string;
  /** The data after the name; a view of the given bytes. */
  readonly data: Uint8Array;
}

/** Properties of a peer from READY or INITIATE; names in lower case. */
export type Properties = ReadonlyMap<string, Uint8Array>;

/** The longest name of a property, user or password, in bytes. */
const SHORT_BYTES_MAX = 255;
/** Longest context of a PING that the PONG returns, in bytes. */
const PING_CONTEXT_BYTES_MAX = 16;
const TENTH_MS = 100;

/** Writes a command. */
export function encodeCommand(name: string, data: Uint8Array = new Uint8Array(0)): Uint8Array {
  return concatenate([short(UTF8.encode(name)), data]);
}

/** Parses a command; undefined if its name is incomplete. */
export function parseCommand(body: Uint8Array): Command | undefined {
  const nameEnd = 1 + (body[0] ?? 0);
  if (nameEnd === 1 || nameEnd > body.length) return undefined;
  let name = "";
  for (let at = 1; at < nameEnd; at++) name += String.fromCharCode(body[at] as number);
  return { name, data: body.subarray(nameEnd) };
}

/** Writes the properties of READY or INITIATE. */
export function encodeProperties(
  properties: readonly (readonly [name: string, value: Uint8Array])[],
): Uint8Array {
  return concatenate(properties.flatMap(([name, value]) => {
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, value.length);
    return [short(UTF8.encode(name)), length, value];
  }));
}

/** Reads properties, or returns undefined if one is cut off or has no name. */
export function parseProperties(data: Uint8Array): Properties | undefined {
  const properties = new Map<string, Uint8Array>();
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  for (let at = 0; at < data.length;) {
    const nameBytes = view.getUint8(at);
    const valueAt = at + 1 + nameBytes + 4;
    if (nameBytes === 0 || valueAt > data.length) return undefined;
    const valueEnd = valueAt + view.getUint32(valueAt - 4);
    if (valueEnd > data.length) return undefined;
    const name = new TextDecoder().decode(data.subarray(at + 1, at + 1 + nameBytes));
    properties.set(name.toLowerCase(), data.slice(valueAt, valueEnd));
    at = valueEnd;
  }
  return properties;
}

/**
 * Writes the data of HELLO (RFC 24).
 *
 * @throws {RangeError} if a word has more than 255 bytes.
 */
export function encodeCredentials(username: string, password: string): Uint8Array {
  return concatenate([short(UTF8.encode(username)), short(UTF8.encode(password))]);
}

/** Reads the data of HELLO, or returns undefined if it is not exactly two words. */
export function parseCredentials(
  data: Uint8Array,
): { username: string; password: string } | undefined {
  const passwordAt = 1 + (data[0] ?? 0);
  const end = passwordAt + 1 + (data[passwordAt] ?? 0);
  if (passwordAt >= data.length || end !== data.length) return undefined;
  const decoder = new TextDecoder();
  return {
    username: decoder.decode(data.subarray(1, passwordAt)),
    password: decoder.decode(data.subarray(passwordAt + 1)),
  };
}

/** Writes an ERROR as the RFC spells it. */
export function encodeError(reason: string): Uint8Array {
  return encodeCommand("ERROR", short(UTF8.encode(reason)));
}

/** The start of the ERROR that libzmq writes under PLAIN: its length swallowed the E. */
const SWALLOWED_ERROR = UTF8.encode("^RROR");

/** The reason of an ERROR in either spelling; undefined for any other command. */
export function parseError(body: Uint8Array): string | undefined {
  const isSwallowed = sameBytes(SWALLOWED_ERROR, body, 0);
  const command = isSwallowed ? undefined : parseCommand(body);
  if (!isSwallowed && command?.name !== "ERROR") return undefined;
  const data = command?.data ?? body.subarray(SWALLOWED_ERROR.length);
  return new TextDecoder().decode(data.subarray(1, 1 + (data[0] ?? 0)));
}

/**
 * Writes a PING.
 *
 * @param ttlMs How long the peer may wait for the next sign of life, in milliseconds, 0 for no
 * limit; sent in tenths of a second, at most 6 553.5 s.
 */
export function encodePing(ttlMs: number): Uint8Array {
  const tenths = Math.min(Math.ceil(ttlMs / TENTH_MS), 0xffff);
  return encodeCommand("PING", Uint8Array.of(tenths >> 8, tenths & 0xff));
}

/** What a PING asks for. */
export interface Ping {
  /** How long silence may last from now on, in milliseconds; 0 if not given. */
  readonly ttlMs: number;
  /** The context that the PONG must return. */
  readonly context: Uint8Array;
}

/** Reads the data of a PING, or returns undefined if it lacks the time. */
export function parsePing(data: Uint8Array): Ping | undefined {
  if (data.length < 2) return undefined;
  const ttlMs = (((data[0] as number) << 8) | (data[1] as number)) * TENTH_MS;
  return { ttlMs, context: data.subarray(2, 2 + PING_CONTEXT_BYTES_MAX) };
}

function short(bytes: Uint8Array): Uint8Array {
  if (bytes.length > SHORT_BYTES_MAX) {
    throw new RangeError(
      `Cannot write word: it has ${bytes.length} bytes, must be <= ${SHORT_BYTES_MAX}`,
    );
  }
  const word = new Uint8Array(1 + bytes.length);
  word[0] = bytes.length;
  word.set(bytes, 1);
  return word;
}
