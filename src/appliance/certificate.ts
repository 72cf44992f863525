/**
 * Looking at a certificate and its key before they are used, so that a sentence names the right file.
 *
 * @module
 */

import { createPrivateKey, X509Certificate } from "node:crypto";
import type { TlsPem } from "../net/tcp/tls_identity.ts";

/** The files, as the settings name them. */
export interface CertificatePaths {
  readonly cert: string;
  readonly key: string;
}

/** The option that makes a certificate one of a server. */
const SERVER_OPTION = "-addext basicConstraints=critical,CA:FALSE";

/**
 * Checks that both can be used, and together.
 *
 * @return What is worth a warning, if anything is.
 * @throws {Error} if one cannot; the message names the file.
 */
export function checkCertificate(paths: CertificatePaths, pem: TlsPem): string | undefined {
  const certificate = attempt(
    () => new X509Certificate(pem.cert),
    `Cannot use "${paths.cert}": it holds no certificate (PEM)`,
  );
  const key = attempt(
    () => createPrivateKey(pem.key),
    `Cannot use "${paths.key}": it holds no private key without a password (PEM)`,
  );
  if (!certificate.checkPrivateKey(key)) {
    throw new Error(
      `Cannot use "${paths.key}": it is not the key of the certificate in "${paths.cert}"`,
    );
  }
  if (!certificate.ca) return undefined;
  return `"${paths.cert}" is the certificate of an authority, as plain openssl req -x509 makes it: ` +
    `our own tools and other strict clients refuse it; make one with ${SERVER_OPTION}`;
}

function attempt<T>(act: () => T, sentence: string): T {
  try {
    return act();
  } catch (cause) {
    throw new Error(sentence, { cause });
  }
}
