/**
 * The opening handshake of RFC 6455, section 4, as a list of cases: what differs from a good request,
 * and what the server has to answer.
 *
 * @module
 */

import type { Deviation, ListedCase } from "./listed.ts";

/** A request to upgrade. `DOOR` in its texts stands for the last part of the path. */
export interface HandshakeCase extends ListedCase {
  /** The first line, if it is another. */
  readonly line?: string;
  /** Fields that are other, several, or missing. */
  readonly fields?: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** What is sent before and after the request. */
  readonly before?: string;
  readonly after?: string;
  readonly pieceBytes?: number;
  readonly status: number;
  /** Fields that the answer has, and those that it must not have. */
  readonly has?: Readonly<Record<string, string>>;
}

/** The fields of a good request; the key is that of the RFC. */
export const GOOD_FIELDS: Readonly<Record<string, string>> = {
  "Host": "127.0.0.1",
  "Upgrade": "websocket",
  "Connection": "Upgrade",
  "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
  "Sec-WebSocket-Protocol": "ZWS2.0",
  "Sec-WebSocket-Version": "13",
};

const NEEDS_ZWS: Deviation = {
  does: "refuses with 400 who offers no subprotocol that is served",
  why:
    "without one the peer would not know what the messages mean (zws.md 2.2); the RFC would allow it",
};

type Rest = Omit<HandshakeCase, "group" | "name" | "clause" | "status">;

/** The answer to somebody who should have asked for an upgrade to version 13. */
const UPGRADE_REQUIRED = { "upgrade": "websocket", "sec-websocket-version": "13" };

function taken(name: string, clause: string, rest: Rest = {}): HandshakeCase {
  return { group: "opening handshake", name, clause: `RFC 6455 ${clause}`, status: 101, ...rest };
}

function refused(name: string, clause: string, status: number, rest: Rest): HandshakeCase {
  return { ...taken(name, clause, rest), status };
}

function version(value: string | readonly string[] | undefined, name = `version ${value}`) {
  return refused(name, "4.4", 426, {
    fields: { "Sec-WebSocket-Version": value },
    has: UPGRADE_REQUIRED,
  });
}

function key(name: string, value: string | readonly string[] | undefined): HandshakeCase {
  return refused(`key ${name}`, "4.2.1", 400, { fields: { "Sec-WebSocket-Key": value } });
}

/** How the connection is opened, or not. */
export const HANDSHAKE_CASES: readonly HandshakeCase[] = [
  taken("the example of the RFC", "1.3", {
    has: { "sec-websocket-accept": "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" },
  }),
  taken("byte by byte", "4.2.1", { pieceBytes: 1 }),
  taken("names of fields in capitals", "4.2.1", {
    fields: { "Upgrade": undefined, "UPGRADE": "websocket" },
  }),
  taken("names of fields in small letters", "4.2.1", {
    fields: {
      "Sec-WebSocket-Key": undefined,
      "sec-websocket-key": GOOD_FIELDS["Sec-WebSocket-Key"],
    },
  }),
  taken("Upgrade: WebSocket", "4.2.1", { fields: { "Upgrade": "WebSocket" } }),
  taken("Upgrade as a list", "4.2.1", { fields: { "Upgrade": "h2c, websocket" } }),
  taken("Connection: upgrade", "4.2.1", { fields: { "Connection": "upgrade" } }),
  taken("Connection as a list", "4.2.1", { fields: { "Connection": "keep-alive, Upgrade" } }),
  taken("Connection in two lines", "4.2.1", {
    fields: { "Connection": ["keep-alive", "Upgrade"] },
  }),
  taken("blanks around the values", "4.2.1", {
    fields: { "Upgrade": "  websocket \t", "Sec-WebSocket-Version": " 13 " },
  }),
  taken("an extension is offered, and not taken", "9.1", {
    fields: { "Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits" },
  }),
  taken("two extensions in two lines are not taken", "9.1", {
    fields: { "Sec-WebSocket-Extensions": ["x-a", "x-b; c=d"] },
  }),
  taken("a subprotocol among others", "4.2.2", {
    fields: { "Sec-WebSocket-Protocol": "chat, ZWS2.0 ,superchat" },
  }),
  taken("subprotocols in two lines", "11.3.4", {
    fields: { "Sec-WebSocket-Protocol": ["chat", "ZWS2.0"] },
  }),
  taken("a query", "3", { line: "GET /zmq/DOOR?a=b HTTP/1.1" }),
  taken("an absolute target", "4.1", { line: "GET http://127.0.0.1/zmq/DOOR HTTP/1.1" }),
  taken("Content-Length of nothing", "4.2.1", { fields: { "Content-Length": "0" } }),
  taken("fields that nobody knows", "4.2.1", { fields: { "X-Any": "thing", "Cookie": "a=b" } }),
  taken("a page of this host", "10.2", { fields: { "Origin": "http://127.0.0.1" } }),
  taken("a frame in the same segment", "4.1", { after: "\x89\x81\0\0\0\0x" }),
  taken("another request before it on the connection", "4.1", {
    before: "GET /State/Clients HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
  }),
  version(undefined, "no version"),
  ...["0", "7", "8", "12", "14", "25", "255", "013", "+13", "13.0", "13, 8", "x", ""].map((value) =>
    version(value, `version "${value}"`)
  ),
  version(["13", "8"], "version in two lines"),
  key("missing", undefined),
  key("empty", ""),
  key("of 15 bytes", "AAAAAAAAAAAAAAAAAAAA"),
  key("of 17 bytes", "AAAAAAAAAAAAAAAAAAAAAAA="),
  key("of 24 bytes", "A".repeat(32)),
  key("without padding", "dGhlIHNhbXBsZSBub25jZQ"),
  key("in another alphabet", "dGhlIHNhbXBsZSBub25j-_=="),
  key("that is no base64", "not base64 at all, no!=="),
  key("twice", [GOOD_FIELDS["Sec-WebSocket-Key"] ?? "", GOOD_FIELDS["Sec-WebSocket-Key"] ?? ""]),
  refused("no Upgrade", "4.2.1", 426, { fields: { "Upgrade": undefined }, has: UPGRADE_REQUIRED }),
  refused("no Connection", "4.2.1", 426, {
    fields: { "Connection": undefined },
    has: UPGRADE_REQUIRED,
  }),
  refused("Connection without Upgrade", "4.2.1", 426, {
    fields: { "Connection": "keep-alive" },
    has: UPGRADE_REQUIRED,
  }),
  refused("Upgrade to something else", "4.2.1", 400, { fields: { "Upgrade": "h2c" } }),
  refused("HTTP/1.0", "4.2.1", 426, { line: "GET /zmq/DOOR HTTP/1.0", has: UPGRADE_REQUIRED }),
  refused("HTTP/0.9", "4.2.1", 505, { line: "GET /zmq/DOOR HTTP/0.9" }),
  ...["POST", "PUT", "DELETE", "OPTIONS", "HEAD"].map((method) =>
    refused(`method ${method}`, "4.2.1", 400, { line: `${method} /zmq/DOOR HTTP/1.1` })
  ),
  refused("a body", "4.2.1", 426, {
    fields: { "Content-Length": "5" },
    after: "hello",
    has: UPGRADE_REQUIRED,
  }),
  refused("no Host", "4.2.1", 400, { fields: { "Host": undefined } }),
  refused("two Hosts", "4.2.1", 400, { fields: { "Host": ["127.0.0.1", "127.0.0.1"] } }),
  refused("a page of another host", "10.2", 403, { fields: { "Origin": "http://evil.example" } }),
  refused("no such door", "4.2.2", 404, { line: "GET /zmq/none HTTP/1.1" }),
  refused("no subprotocol", "4.2.2", 400, {
    fields: { "Sec-WebSocket-Protocol": undefined },
    deviates: NEEDS_ZWS,
  }),
  refused("only subprotocols that nobody serves", "4.2.2", 400, {
    fields: { "Sec-WebSocket-Protocol": "chat, ZWS1.0, WSNetMQ" },
    deviates: NEEDS_ZWS,
  }),
  refused("a subprotocol in other letters", "4.2.2", 400, {
    fields: { "Sec-WebSocket-Protocol": "zws2.0" },
    deviates: NEEDS_ZWS,
  }),
];
