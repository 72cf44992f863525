/**
 * Checks a certificate and its key before they are used, so that an error names the right file.
 *
 * @module
 */

import { createPrivateKey, X509Certificate } from "node:crypto";
import type { CheckedCertificate } from "./certificate_dates.ts";
import type { TlsPem } from "../net/tcp/tls_identity.ts";

/** The files, as the settings name them. */
export interface CertificatePaths {
  readonly cert: string;
  readonly key: string;
}

/** The option that makes a server's certificate. */
const SERVER_OPTION = "-addext basicConstraints=critical,CA:FALSE";

/**
 * Checks that both can be used, and belong together.
 *
 * @throws {Error} if one cannot be used; the message names the file.
 */
export function checkCertificate(paths: CertificatePaths, pem: TlsPem): CheckedCertificate {
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
  return {
    path: paths.cert,
    fromMs: Date.parse(certificate.validFrom),
    toMs: Date.parse(certificate.validTo),
    warning: certificate.ca ? authorityWarning(paths.cert) : undefined,
  };
}

function authorityWarning(path: string): string {
  return `"${path}" is the certificate of an authority, as plain openssl req -x509 makes it: ` +
    `our own tools and other strict clients refuse it; make one with ${SERVER_OPTION}`;
}

function attempt<T>(act: () => T, sentence: string): T {
  try {
    return act();
  } catch (cause) {
    throw new Error(sentence, { cause });
  }
}
