/**
 * The opening handshake of WebSocket (RFC 6455 section 4).
 *
 * @module
 */

/** The text that servers append to the key (RFC 6455 section 1.3). */
const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const VERSION = "13";
/** A key is 16 bytes in base64. */
const KEY = /^[A-Za-z0-9+/]{22}==$/;

/** The bytes whose SHA-1, in base64, proves that a server read the key (RFC 6455 section 4.2.2). */
export function provenBytes(key: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(key + GUID);
}

/** Reads a header field by its name in lower case; several lines are joined by commas. */
export type ReadField = (name: string) => string | undefined;

/** A server's judgement of a request to upgrade. */
export type UpgradeJudgement =
  /** The request can be accepted with one of the subprotocols that it offers. */
  | { readonly key: string; readonly subprotocols: readonly string[] }
  /** Why it is refused, as a sentence, with the status of the reply. */
  | { readonly status: 400 | 426; readonly reason: string };

/**
 * Judges a request with `Connection: Upgrade` (RFC 6455 section 4.2.1).
 *
 * @param method Such as `GET`.
 * @param field Reads a header field of the request.
 */
export function judgeUpgrade(method: string, field: ReadField): UpgradeJudgement {
  const refuse = (reason: string) => ({ status: 400 as const, reason });
  if (method !== "GET") return refuse(`Cannot upgrade: method is ${method}, must be GET`);
  if (!listOf(field("upgrade")).some((word) => word.toLowerCase() === "websocket")) {
    return refuse("Cannot upgrade: Upgrade must be websocket");
  }
  const version = field("sec-websocket-version");
  if (version !== VERSION) {
    return { status: 426, reason: `Cannot upgrade: Sec-WebSocket-Version must be ${VERSION}` };
  }
  const key = field("sec-websocket-key") ?? "";
  if (!KEY.test(key)) return refuse("Cannot upgrade: Sec-WebSocket-Key is not 16 bytes in base64");
  return { key, subprotocols: listOf(field("sec-websocket-protocol")) };
}

/**
 * Writes the reply of a server that accepts, in the form that libzmq reads: single values, the
 * subprotocol once, no extensions (zws.md section 2.3).
 *
 * @param proof Shows that the server read the key: see {@linkcode provenBytes}.
 */
export function encodeAccepted(proof: string, subprotocol: string): Uint8Array {
  return new TextEncoder().encode(
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
      `Sec-WebSocket-Accept: ${proof}\r\nSec-WebSocket-Protocol: ${subprotocol}\r\n\r\n`,
  );
}

/** What an answer with status 426 has to say (RFC 9110 section 15.5.22, RFC 6455 section 4.4). */
export const UPGRADE_REQUIRED_FIELDS: Readonly<Record<string, string>> = {
  "Upgrade": "websocket",
  "Sec-WebSocket-Version": VERSION,
};

/** What a client asks for. */
export interface UpgradeRequest {
  /** `HOST:PORT`, for the field `Host`. */
  readonly host: string;
  /** Path and query in printable ASCII. */
  readonly target: string;
  /** 16 random bytes. */
  readonly nonce: Uint8Array;
  /** The subprotocols that the client speaks, the best first. */
  readonly subprotocols: readonly string[];
}

/** Encodes a nonce of 16 bytes as a key. */
export function keyOf(nonce: Uint8Array): string {
  return nonce.toBase64();
}

/** Writes the request of a client. */
export function encodeUpgradeRequest(request: UpgradeRequest): Uint8Array {
  return new TextEncoder().encode(
    `GET ${request.target} HTTP/1.1\r\nHost: ${request.host}\r\nUpgrade: websocket\r\n` +
      `Connection: Upgrade\r\nSec-WebSocket-Key: ${keyOf(request.nonce)}\r\n` +
      `Sec-WebSocket-Protocol: ${request.subprotocols.join(",")}\r\n` +
      `Sec-WebSocket-Version: ${VERSION}\r\n\r\n`,
  );
}

/** A client's judgement of a reply's head: the chosen subprotocol, or what is wrong. */
export type UpgradeOutcome = { readonly subprotocol: string } | { readonly fault: string };

/**
 * Reads the head of the reply to an upgrade (RFC 6455 section 4.1).
 *
 * @param head Up to and including the empty line, one character per byte.
 * @param request The request that was sent.
 * @param proof The proof that the server must send for the request's key.
 */
export function parseUpgradeReply(
  head: string,
  request: UpgradeRequest,
  proof: string,
): UpgradeOutcome {
  const [statusLine = "", ...lines] = head.split("\r\n");
  const fault = (detail: string) => ({ fault: `Cannot connect: ${detail}` });
  if (!/^HTTP\/1\.1 101( |$)/.test(statusLine)) {
    return fault(`server answered ${JSON.stringify(statusLine.slice(0, 80))}, must be 101`);
  }
  const fields = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(":");
    if (colon <= 0) continue;
    const name = line.slice(0, colon).toLowerCase();
    const earlier = fields.get(name);
    const value = line.slice(colon + 1).trim();
    fields.set(name, earlier === undefined ? value : `${earlier}, ${value}`);
  }
  const words = (name: string) => listOf(fields.get(name)).map((word) => word.toLowerCase());
  if (!words("upgrade").includes("websocket")) return fault("server upgrades to something else");
  if (!words("connection").includes("upgrade")) return fault("server sent no Connection: Upgrade");
  if (fields.get("sec-websocket-accept") !== proof) {
    return fault("Sec-WebSocket-Accept does not fit the key");
  }
  if (fields.has("sec-websocket-extensions")) return fault("server uses an extension");
  const subprotocol = fields.get("sec-websocket-protocol") ?? "";
  if (!request.subprotocols.includes(subprotocol)) {
    return fault(`server chose ${JSON.stringify(subprotocol)}, which was not offered`);
  }
  return { subprotocol };
}

/** The words of a field that is a list. */
function listOf(value: string | undefined): string[] {
  return (value ?? "").split(",").map((word) => word.trim()).filter((word) => word !== "");
}
