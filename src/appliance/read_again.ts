/**
 * Settings that are read again while the host runs.
 *
 * @module
 */

import type { Logger } from "@logtape/logtape";
import type { MemberTags } from "../core/member_tags.ts";
import { messageOf } from "../core/message_of.ts";
import { HeartbeatRole } from "../roles/heartbeat/role.ts";
import type { RunningConsole } from "./console.ts";
import type { AnyRole } from "./roles.ts";
import type { Secrets } from "./secrets.ts";
import type { ApplianceSettings, SecretSettings, TellingSettings } from "./settings.ts";
import type { Telling } from "./telling.ts";

/** Settings that take effect without a restart. */
export type ReadAgainSettings =
  & TellingSettings
  & Pick<
    ApplianceSettings,
    "heartbeatStations" | "heartbeatExpect" | "tag" | "webhookFile" | "webhookSecretFile"
  >;

/** The parts of a running host that follow its settings. */
export interface ReadAgainParts {
  /** The settings at the start. */
  readonly settings: ApplianceSettings;
  readonly roles: readonly AnyRole[];
  readonly secrets: Secrets;
  readonly stations: Map<string, string>;
  readonly tags: MemberTags;
  readonly telling: Telling;
  readonly console: RunningConsole | undefined;
  readonly log: Logger;
  /** Call it when deadlines may have moved. */
  readonly wake: () => void;
}

/** Reads settings kept in files. Loading this code takes 50 ms of a start, if it is needed. */
export async function loadSecrets(settings: SecretSettings, log: Logger): Promise<Secrets> {
  if (!hasSecrets(settings)) {
    const none = { tokens: undefined, tls: undefined, certificate: undefined };
    return { ...none, webhookSecret: undefined, webhooks: [] };
  }
  const { readSecrets } = await import("./secrets.ts");
  return readSecrets(settings, log);
}

/** Changes the names of stations in place, because whoever shows them holds this map. */
export function nameStations(
  stations: Map<string, string>,
  settings: Pick<ReadAgainSettings, "heartbeatStations">,
): void {
  stations.clear();
  for (const { address, name } of settings.heartbeatStations) stations.set(address, name);
}

/**
 * Applies the current settings.
 *
 * @throws {Error} if some of them cannot be used; the message is one line, and they stay as they
 * were.
 */
export async function readAgain(parts: ReadAgainParts, now: ReadAgainSettings): Promise<void> {
  const { settings, roles, secrets, stations, tags, telling, console, log, wake } = parts;
  nameStations(stations, now);
  tags.configure(now.tag);
  for (const role of roles) {
    if (role instanceof HeartbeatRole) tellFull(role.expectInstead(now.heartbeatExpect), log);
  }
  wake();
  console?.startOver();
  // Apply each separately: a wrong command must not keep a withdrawn token valid.
  const problems: string[] = [];
  const attempt = async (act: () => Promise<void>) => {
    try {
      await act();
    } catch (error) {
      problems.push(messageOf(error));
    }
  };
  const { webhookFile, webhookSecretFile } = now;
  await attempt(async () => {
    const files = { ...settings, webhookFile, webhookSecretFile };
    const { readSecretsAgain } = await import("./secrets.ts");
    readSecretsAgain(files, secrets, log);
  });
  await attempt(() => telling.apply(now));
  if (secrets.tokens !== undefined) console?.replaceTokens(secrets.tokens);
  for (const role of roles) if (role.name === "state") role.tokensChanged();
  if (problems.length > 0) throw new Error(problems.join("; "));
}

function hasSecrets(settings: SecretSettings): boolean {
  const { tokenFile, tlsCert, tlsKey, webhookFile, webhookSecretFile } = settings;
  return [tokenFile, tlsCert, tlsKey, webhookFile, webhookSecretFile]
    .some((path) => path !== undefined);
}

/** Logs the applications that found no room. */
function tellFull(ids: readonly string[], log: Logger): void {
  for (const id of ids) log.error("Cannot watch expected application {id}: no room", { id });
}
