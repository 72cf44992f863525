/**
 * Tokens and certificate of a host, read at its start and again on request.
 *
 * @module
 */

import type { Logger } from "@logtape/logtape";
import { TokenTable } from "../console/tokens.ts";
import { messageOf } from "../core/message_of.ts";
import { TlsIdentity, type TlsPem } from "../net/tcp/tls_identity.ts";
import { readSecretFile } from "../store/secret_files.ts";
import { checkCertificate } from "./certificate.ts";
import { type CheckedCertificate, dateWarning } from "./certificate_dates.ts";
import type { SecretSettings } from "./settings.ts";
import { problemOfWebhook, WEBHOOKS_MAX } from "../wire/url/webhook.ts";

/** The content of the files. */
export interface Secrets {
  tokens: TokenTable | undefined;
  readonly tls: TlsIdentity | undefined;
  /** The host's certificate. */
  certificate: CheckedCertificate | undefined;
  /** Signs notifications; they are unsigned if `undefined`. */
  webhookSecret: string | undefined;
  /** URLs of webhooks, in addition to those in the settings. */
  webhooks: readonly string[];
}

/**
 * Reads the files that the settings name.
 *
 * @throws {Error} if one of them cannot be used; the message is one sentence.
 */
export function readSecrets(settings: SecretSettings, log: Logger): Secrets {
  const { pem, certificate } = readPem(settings, log) ?? {};
  return {
    certificate,
    tokens: readTokens(settings, log),
    tls: pem === undefined ? undefined : explained(settings.tlsCert, () => new TlsIdentity(pem)),
    webhookSecret: readWebhookSecret(settings, log),
    webhooks: readWebhooks(settings, log),
  };
}

/**
 * Reads the files again. A file that cannot be used leaves the earlier content in place.
 *
 * @throws {Error} as {@linkcode readSecrets} does.
 */
export function readSecretsAgain(settings: SecretSettings, secrets: Secrets, log: Logger): void {
  // Read each separately: a wrong certificate must not keep a withdrawn token valid.
  const problems: string[] = [];
  const attempt = (act: () => void) => {
    try {
      act();
    } catch (error) {
      problems.push(messageOf(error));
    }
  };
  attempt(() => secrets.tokens = readTokens(settings, log));
  attempt(() => secrets.webhookSecret = readWebhookSecret(settings, log));
  attempt(() => secrets.webhooks = readWebhooks(settings, log));
  attempt(() => replaceCertificate(settings, secrets, log));
  if (problems.length > 0) throw new Error(problems.join("; "));
}

function replaceCertificate(settings: SecretSettings, secrets: Secrets, log: Logger): void {
  const { pem, certificate } = readPem(settings, log) ?? {};
  const { tls } = secrets;
  if (pem === undefined || tls === undefined) return;
  explained(settings.tlsCert, () => tls.replace(pem));
  secrets.certificate = certificate;
}

function readTokens({ tokenFile }: SecretSettings, log: Logger): TokenTable | undefined {
  if (tokenFile === undefined) return undefined;
  const text = readPrivately(tokenFile, log);
  return explained(tokenFile, () => TokenTable.parse(text));
}

function readPem(
  { tlsCert, tlsKey }: SecretSettings,
  log: Logger,
): { readonly pem: TlsPem; readonly certificate: CheckedCertificate } | undefined {
  if (tlsCert === undefined && tlsKey === undefined) return undefined;
  if (tlsCert === undefined || tlsKey === undefined) {
    throw new Error(
      `Cannot speak TLS: --tls-${
        tlsCert === undefined ? "cert" : "key"
      } is missing, both are needed`,
    );
  }
  const pem = { cert: readSecretFile(tlsCert).text, key: readPrivately(tlsKey, log) };
  const certificate = checkCertificate({ cert: tlsCert, key: tlsKey }, pem);
  for (const warning of [certificate.warning, dateWarning(certificate, Date.now())]) {
    if (warning !== undefined) log.warning("{warning}", { warning });
  }
  return { pem, certificate };
}

function readWebhookSecret({ webhookSecretFile }: SecretSettings, log: Logger) {
  if (webhookSecretFile === undefined) return undefined;
  const secret = readPrivately(webhookSecretFile, log).trim();
  if (secret === "") throw new Error(`Cannot use "${webhookSecretFile}": it is empty`);
  return secret;
}

/** One URL per line; empty lines and lines that begin with # are skipped. */
function readWebhooks({ webhookFile }: SecretSettings, log: Logger): readonly string[] {
  if (webhookFile === undefined) return [];
  const refuse = (reason: string) => new Error(`Cannot use "${webhookFile}": ${reason}`);
  const urls: string[] = [];
  for (const [index, line] of readPrivately(webhookFile, log).split("\n").entries()) {
    const text = line.trim();
    if (text === "" || text.startsWith("#")) continue;
    const problem = problemOfWebhook(text);
    // The line may hold a secret, but this message goes to the log.
    if (problem !== undefined) throw refuse(`line ${index + 1} ${problem}`);
    urls.push(text);
  }
  if (urls.length === 0) throw refuse("it holds no URL");
  if (urls.length > WEBHOOKS_MAX) {
    throw refuse(`it holds ${urls.length} URLs, must be <= ${WEBHOOKS_MAX}`);
  }
  return urls;
}

function readPrivately(path: string, log: Logger): string {
  const { text, isOpenToAll } = readSecretFile(path);
  if (isOpenToAll) {
    log.warning("Every user of this machine can read {path}: chmod 600 it", { path });
  }
  return text;
}

function explained<T>(path: string | undefined, act: () => T): T {
  try {
    return act();
  } catch (cause) {
    const reason = messageOf(cause);
    throw new Error(`Cannot use "${path}": ${reason}`, { cause });
  }
}
