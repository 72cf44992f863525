/**
 * Where the console of a running host is, and what it wants to see.
 *
 * @module
 */

import { ConsoleClient, ConsoleError } from "../clients/console.ts";
import { fileReason } from "../store/file_error.ts";
import { hostAndPort, parseHost, reachableHost } from "../wire/url/place.ts";
import { readTrusted } from "./ca_file.ts";
import type { Surroundings } from "./command.ts";
import type { SettingSet } from "./settings/setting_sets.ts";

/** The environment variable that holds a token. */
export const TOKEN_VARIABLE = "PULSEBOX_TOKEN";

/** The flags of a tool that concern the console. */
export interface ConsoleFlags {
  readonly host?: string | undefined;
  readonly consoleUrl?: string | undefined;
  readonly ca?: string | undefined;
}

/**
 * The console that options and settings name.
 *
 * @throws {ConsoleError} if it is not the URL of a console, or a file that is named cannot be used.
 */
export async function consoleClientOf(
  { host, consoleUrl: url, ca }: ConsoleFlags,
  settings: Omit<SettingSet<"console">, "tlsKey">,
  surroundings: Pick<Surroundings, "environment" | "readTextFile">,
): Promise<ConsoleClient> {
  const { consoleHost, consolePort, tlsCert, tokenFile } = settings;
  const token = await tokenOf({ tokenFile }, surroundings);
  const caCerts = await readTrusted(ca, tlsCert, surroundings).catch((error: Error) => {
    throw new ConsoleError(error.message, { cause: error });
  });
  const scheme = tlsCert === undefined ? "http" : "https";
  const hostname = host === undefined ? reachableHost(consoleHost) : parseHost(host);
  if (hostname === undefined) {
    throw new ConsoleError(`--host is "${host}": must be the name or address of a host`);
  }
  const place = hostAndPort({ hostname, port: consolePort });
  return new ConsoleClient(url ?? `${scheme}://${place}`, { token, caCerts });
}

/**
 * The token that a tool presents: from the environment, or else the most powerful one in the token
 * file.
 *
 * @throws {ConsoleError} if the file cannot be read.
 */
export async function tokenOf(
  { tokenFile }: Pick<SettingSet<"token">, "tokenFile">,
  surroundings: Pick<Surroundings, "environment" | "readTextFile">,
): Promise<string | undefined> {
  const variable = surroundings.environment.get(TOKEN_VARIABLE);
  if (variable !== undefined && variable !== "") return variable;
  return tokenFile === undefined ? undefined : bestTokenIn(await read(tokenFile, surroundings));
}

async function read(
  path: string,
  { readTextFile }: Pick<Surroundings, "readTextFile">,
): Promise<string> {
  try {
    return await readTextFile(path);
  } catch (cause) {
    throw new ConsoleError(`Cannot read "${path}": ${fileReason(cause, path)}`, { cause });
  }
}

/** The first write token, or else the first read token. */
function bestTokenIn(text: string): string | undefined {
  const find = (right: string) =>
    new RegExp(`^\\s*${right}[ \\t]+(\\S+)\\s*$`, "m").exec(text)?.[1];
  return find("write") ?? find("read") ?? find("wall");
}
