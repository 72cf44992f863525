/**
 * A certificate for this machine, made anew by OpenSSL.
 *
 * @module
 */

/** Paths of a certificate and its key. */
export interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
}

/** Whether OpenSSL is there; it is part of nearly every system. */
export function hasOpenssl(): boolean {
  try {
    return new Deno.Command("openssl", { args: ["version"], stdout: "null", stderr: "null" })
      .outputSync().success;
  } catch {
    return false;
  }
}

/**
 * Makes a certificate of its own authority.
 *
 * @param options How many days it is valid, and variables for OpenSSL, such as another time.
 */
export function makeCertificate(
  directory: string,
  name: string,
  { days = "30", env = {} }: { days?: string; env?: Record<string, string> } = {},
): CertificateFiles {
  const files = { cert: `${directory}/${name}.crt`, key: `${directory}/${name}.key` };
  const { success, stderr } = new Deno.Command("openssl", {
    args: [
      "req",
      "-x509",
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:prime256v1",
      "-nodes",
      "-days",
      days,
      "-subj",
      `/CN=${name}`,
      "-addext",
      "subjectAltName=IP:127.0.0.1,DNS:localhost",
      "-addext",
      "basicConstraints=critical,CA:FALSE",
      "-keyout",
      files.key,
      "-out",
      files.cert,
    ],
    env,
    stdout: "null",
    stderr: "piped",
  }).outputSync();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return files;
}
