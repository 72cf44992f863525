/**
 * Connects to a server, over TLS if that is wanted.
 *
 * @module
 */

import { messageOf } from "../../core/message_of.ts";
import { type HostPort, withoutZone } from "../../wire/url/place.ts";

/** The server to connect to, and how. */
export interface TlsDialOptions extends HostPort {
  /** Speaks TLS, and trusts these certificates (PEM) besides the system's. */
  readonly tls?: { readonly caCerts: readonly string[] } | undefined;
  /** Gives up when aborted. */
  readonly signal: AbortSignal;
}

/**
 * Connects; tries all addresses of a name.
 *
 * @throws {Error} the system's error, or a sentence about the certificate.
 */
export async function dialServer(
  { hostname, port, tls, signal }: TlsDialOptions,
): Promise<Deno.Conn<Deno.NetAddr>> {
  const plain = await Deno.connect({ hostname, port, signal });
  if (tls === undefined) return plain;
  plain.setNoDelay(true);
  let conn: Deno.Conn = plain;
  const giveUp = () => closeQuietly(conn);
  signal.addEventListener("abort", giveUp, { once: true });
  try {
    // Not `connectTls`: it cannot be aborted, and does not understand zones.
    const secured = await Deno.startTls(plain, {
      hostname: withoutZone(hostname),
      caCerts: [...tls.caCerts],
      alpnProtocols: ["http/1.1"],
    });
    conn = secured;
    signal.throwIfAborted();
    await secured.handshake();
    signal.throwIfAborted();
    return secured;
  } catch (error) {
    closeQuietly(conn);
    throw explainTls(error);
  } finally {
    signal.removeEventListener("abort", giveUp);
  }
}

/** How a tool is told what to trust. */
const TRUSTED_BY = "--ca FILE or PULSEBOX_CA";
/** Translates errors of the TLS library for the person who set up the server. */
const REASONS: readonly (readonly [pattern: RegExp, sentence: string])[] = [
  [
    /CaUsedAsEndEntity/,
    "the server's certificate is one of an authority, as plain `openssl req -x509` makes it; " +
    "make one with -addext basicConstraints=critical,CA:FALSE (docs/security.md)",
  ],
  [
    /UnknownIssuer/,
    "this machine does not trust the server's certificate; give the certificate of its authority, " +
    "or itself if it has none, with {trusted by}",
  ],
  [
    /NotValidForName|not valid for name/,
    "the server's certificate is for other names or addresses than this one",
  ],
  [
    /certificate expired/i,
    "the server's certificate has expired, or the clock of this machine is wrong",
  ],
  [
    /NotValidYet|not valid yet/,
    "the server's certificate is not valid yet, or the clock of this machine is wrong",
  ],
  [
    /InvalidContentType|corrupt message/i,
    "the server speaks no TLS on this port; try http:// or ws://",
  ],
  [
    /handshake eof|unexpected end of file|connection reset|broken pipe/i,
    "the server ended the TLS handshake; if it speaks no TLS on this port, try http:// or ws://",
  ],
];

/** Closes a connection that may be closed already, or has become the other end of TLS. */
export function closeQuietly(conn: Deno.Conn): void {
  try {
    conn.close();
  } catch {
    // It was closed already, or has become the other end of TLS.
  }
}

/**
 * Says what an error of the TLS library means to the person who set up the server.
 *
 * @param trustedBy How that person names another certificate to trust.
 */
export function explainTls(error: unknown, trustedBy: string = TRUSTED_BY): unknown {
  const message = messageOf(error);
  const [, sentence] = REASONS.find(([pattern]) => pattern.test(message)) ?? [];
  if (sentence === undefined) return error;
  return new Error(sentence.replace("{trusted by}", trustedBy), { cause: error });
}
