/**
 * The certificate with which the HTTP ports of a host prove its identity.
 *
 * @module
 */

import { createSecureContext, type SecureContext } from "node:tls";
import { messageOf } from "../../core/message_of.ts";
import type { NetListener } from "./net_conn.ts";
import { TlsConn } from "./tls_conn.ts";

/** A certificate chain and its key, as PEM. */
export interface TlsPem {
  readonly cert: string;
  readonly key: string;
}

/** The certificate or its key cannot be used; the message is part of a sentence. */
export class TlsError extends Error {
  override readonly name = "TlsError";
}

/** A certificate that can be replaced while servers use it. */
export class TlsIdentity {
  #context: SecureContext;

  /**
   * @throws {TlsError} if the certificate or its key cannot be used, or they do not belong
   * together.
   */
  constructor(pem: TlsPem) {
    this.#context = contextOf(pem);
  }

  /**
   * Replaces the certificate for new connections; open connections keep theirs.
   *
   * @throws {TlsError} if the new certificate cannot be used; the old one then stays.
   */
  replace(pem: TlsPem): void {
    this.#context = contextOf(pem);
  }

  /** Wraps a listener so that its connections speak TLS. */
  listenOn(listener: Deno.TcpListener): NetListener {
    return {
      addr: listener.addr as Deno.NetAddr,
      accept: async () => {
        const conn = await listener.accept();
        try {
          return new TlsConn(conn, this.#context);
        } catch (error) {
          conn.close();
          throw error;
        }
      },
      close: () => listener.close(),
    };
  }
}

function contextOf(pem: TlsPem): SecureContext {
  const { cert, key } = checked(pem);
  return createSecureContext({ cert, key });
}

/**
 * Tries the certificate on a temporary port, where it fails exactly as it would on the real ports.
 */
function checked(pem: TlsPem): TlsPem {
  try {
    Deno.listenTls({ hostname: "127.0.0.1", port: 0, ...pem }).close();
  } catch (cause) {
    if (
      cause instanceof Deno.errors.InvalidData || !(cause instanceof Error) || isMismatch(cause)
    ) {
      throw new TlsError(messageOf(cause), { cause });
    }
    throw cause;
  }
  return pem;
}

function isMismatch(error: Error): boolean {
  return error.constructor === Error;
}
