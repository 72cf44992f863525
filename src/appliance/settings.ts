/**
 * The settings of a running host: parts of the one table of settings.
 *
 * @module
 */

import type { OptionTable, OptionValue } from "./settings/option.ts";
import type { SettingsOf } from "./settings/options.ts";
import type { ACCESS_OPTIONS } from "./settings/options/access.ts";
import type { CONNECTION_OPTIONS } from "./settings/options/connections.ts";
import type { CONSOLE_OPTIONS } from "./settings/options/console.ts";
import type { FLEET_OPTIONS } from "./settings/options/fleet.ts";
import type { HEARTBEAT_OPTIONS } from "./settings/options/heartbeat.ts";
import type { HEV_OPTIONS } from "./settings/options/hev.ts";
import type { NOTIFICATION_OPTIONS } from "./settings/options/notifications.ts";
import type { STATE_OPTIONS } from "./settings/options/state.ts";
import type { TRIGGER_OPTIONS } from "./settings/options/trigger.ts";

type SettingsIn<T extends OptionTable> = { readonly [K in keyof T]: OptionValue<T[K]> };

/** Settings of every listening port. */
export type ConnectionSettings = SettingsIn<typeof CONNECTION_OPTIONS>;

/** Settings of the heartbeat role. */
export type HeartbeatSettings = SettingsIn<typeof HEARTBEAT_OPTIONS> & SettingsOf<"heartbeat">;

/** Settings of the trigger role. */
export type TriggerSettings = SettingsIn<typeof TRIGGER_OPTIONS> & SettingsOf<"trigger">;

/** Settings of the HEV role. Without another source, a demonstration plays a recording. */
export type HevSettings = SettingsIn<typeof HEV_OPTIONS> & SettingsOf<"hev" | "demo">;

/** Settings of the state role. */
export type StateSettings =
  & SettingsIn<typeof STATE_OPTIONS>
  & SettingsOf<"state" | "rememberGoneMs">;

/** Settings of the operator's console. */
export type ConsoleSettings = SettingsIn<typeof CONSOLE_OPTIONS>;

/** Settings of the storage. */
export type StorageSettings = SettingsOf<"data">;

/** The files of tokens, certificate and secrets. */
export type SecretSettings = SettingsOf<
  "tokenFile" | "tlsCert" | "tlsKey" | "webhookSecretFile" | "webhookFile"
>;

/** Settings that restrict TCP connections by address. */
export type AddressSettings = Pick<SettingsIn<typeof ACCESS_OPTIONS>, "allow" | "deny">;

/** Settings of the reactions to lost members. */
export type NotificationSettings = Omit<
  SettingsIn<typeof NOTIFICATION_OPTIONS>,
  keyof SecretSettings
>;

/** Settings that can change while the host runs. */
export type TellingSettings = Omit<NotificationSettings, "flapOutages">;

/** Settings of a host's fleet. */
export type FleetSettings = SettingsIn<typeof FLEET_OPTIONS>;

/** All settings of a host. */
export type ApplianceSettings =
  & ConnectionSettings
  & HeartbeatSettings
  & TriggerSettings
  & HevSettings
  & StateSettings
  & ConsoleSettings
  & StorageSettings
  & SecretSettings
  & AddressSettings
  & NotificationSettings
  & FleetSettings;
