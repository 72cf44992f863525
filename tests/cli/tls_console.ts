/**
 * The program with a certificate and tokens.
 *
 * @module
 */

import { makeCertificate } from "../support/certificate.ts";
import { PulseboxProcess } from "./pulsebox_process.ts";

/** A running host whose console wants tokens and speaks HTTPS. */
export interface TlsConsole extends AsyncDisposable {
  readonly process: PulseboxProcess;
  readonly port: number;
  readonly heartbeatPort: number;
  readonly cert: string;
  readonly key: string;
  readonly tokens: string;
  readonly readToken: string;
  readonly writeToken: string;
}

/** Starts it; its files are in the directory. */
export async function startTls(
  directory: string,
  args: readonly string[] = [],
): Promise<TlsConsole> {
  const { cert, key } = makeCertificate(directory, "host");
  const tokens = `${directory}/tokens`;
  const readToken = "read-0123456789abcdef";
  const writeToken = "write-0123456789abcdef";
  await Deno.writeTextFile(tokens, `read ${readToken}\nwrite ${writeToken}\n`, { mode: 0o600 });
  const process = new PulseboxProcess([
    "--heartbeat",
    "--heartbeat-port=0",
    "--console-port=0",
    `--tls-cert=${cert}`,
    `--tls-key=${key}`,
    "--heartbeat-tls",
    `--token-file=${tokens}`,
    ...args,
  ]);
  const portOf = async (role: string) => {
    const pattern = new RegExp(`Listening on https://127\\.0\\.0\\.1:(\\d+) role=${role}`);
    return Number((await process.stderrHas(pattern))[1]);
  };
  const heartbeatPort = await portOf("heartbeat");
  const port = await portOf("console");
  return {
    process,
    port,
    heartbeatPort,
    cert,
    key,
    tokens,
    readToken,
    writeToken,
    [Symbol.asyncDispose]: () => process[Symbol.asyncDispose](),
  };
}
