/**
 * The certificate by which every HTTP port of a host proves who it is.
 *
 * @module
 */

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
  #pem: TlsPem;
  readonly #listeners = new Set<() => void>();

  /** @throws {TlsError} if the certificate or its key cannot be used, or are not of each other. */
  constructor(pem: TlsPem) {
    this.#pem = checked(pem);
  }

  /** What new connections are shown. */
  get pem(): TlsPem {
    return this.#pem;
  }

  /**
   * Shows new connections another certificate; those that are open keep the one that they have.
   *
   * @throws {TlsError} if it cannot be used; then the former one stays.
   */
  replace(pem: TlsPem): void {
    this.#pem = checked(pem);
    for (const listener of this.#listeners) listener();
  }

  /** Tells of each other certificate until it is disposed of. */
  onReplace(listener: () => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }
}

/** Tries it on a port that nobody knows: what the real ports would stumble over shows here. */
function checked(pem: TlsPem): TlsPem {
  try {
    Deno.listenTls({ hostname: "127.0.0.1", port: 0, ...pem }).close();
  } catch (cause) {
    if (
      cause instanceof Deno.errors.InvalidData || !(cause instanceof Error) || isMismatch(cause)
    ) {
      throw new TlsError(cause instanceof Error ? cause.message : String(cause), { cause });
    }
    throw cause;
  }
  return pem;
}

function isMismatch(error: Error): boolean {
  return error.constructor === Error;
}
