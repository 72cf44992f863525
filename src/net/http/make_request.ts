/**
 * Makes standard requests from request heads.
 *
 * @module
 */

import type { RequestHead } from "../../wire/http1/request_head.ts";
import { type Violation, violation } from "../../wire/http1/violation.ts";
import { hostAndPort, type Peer } from "../address.ts";

/** The methods that a standard `Request` accepts unchanged and that applications use. */
const METHODS: ReadonlySet<string> = new Set([
  "GET",
  "HEAD",
  "POST",
  "PUT",
  "PATCH",
  "DELETE",
  "OPTIONS",
]);

/** An IPv6 address in brackets with its zone. */
const ZONE = /^(\[[0-9a-f:.]+)%[^\]]*(?=\])/i;

const UTF8 = new TextDecoder();

/** What a request has besides its head. */
export interface RequestExtras {
  /** The address that the client connected to; it is the host if the client names none. */
  readonly local: Peer;
  /** The body, whole or as a stream; undefined if there is none. */
  readonly body: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array<ArrayBuffer>> | undefined;
  /** Aborted when the peer leaves. */
  readonly signal: AbortSignal;
}

/** Makes a standard `Request`, or says why that is impossible. */
export function makeRequest(head: RequestHead, extras: RequestExtras): Request | Violation {
  if (!METHODS.has(head.method)) {
    return violation(
      501,
      "Cannot serve method: it is not one of GET, HEAD, POST, PUT, PATCH, DELETE",
    );
  }
  // A zone means something only on the client's machine, and a standard URL rejects it.
  const host = head.header("host")?.replace(ZONE, "$1");
  const url = urlOf(
    head.target,
    host === undefined || host === "" ? undefined : host,
    extras.local,
  );
  if (!URL.canParse(url)) {
    return violation(400, "Cannot serve request: Host and target do not form a URL");
  }
  if (!head.target.startsWith("/") && host !== undefined && !isAt(url, host)) {
    return violation(400, "Cannot serve request: Host and target name different hosts");
  }
  const init: RequestInit = { method: head.method, headers: head.headers(), signal: extras.signal };
  // A standard GET has no body; if a peer sends one all the same, it has no meaning (RFC 9110
  // 9.3.1).
  const mayHaveBody = head.method !== "GET" && head.method !== "HEAD";
  if (extras.body !== undefined && mayHaveBody) init.body = extras.body;
  return new Request(url, init);
}

/** Whether the host of an absolute target (RFC 9112 section 3.2.2) agrees with `Host`. */
function isAt(url: string, host: string): boolean {
  const { host: named, protocol } = new URL(url);
  return URL.parse(`${protocol}//${host}`)?.host === named;
}

function urlOf(target: string, host: string | undefined, local: Peer): string {
  // A fragment is never sent: this number sign belongs to the path or the query.
  const text = utf8(target).replaceAll("#", "%23");
  if (!text.startsWith("/") && text !== "*") return text;
  const origin = `http://${host ?? hostAndPort(local)}`;
  return text === "*" ? `${origin}/*` : origin + text;
}

/** Decodes a target from clients that send UTF-8 without percent-encoding. */
function utf8(target: string): string {
  let isAscii = true;
  const bytes = new Uint8Array(target.length);
  for (let index = 0; index < target.length; index++) {
    const byte = target.charCodeAt(index);
    if (byte > 0x7f) isAscii = false;
    bytes[index] = byte;
  }
  return isAscii ? target : UTF8.decode(bytes);
}
