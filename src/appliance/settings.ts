/**
 * What a running host can be told.
 *
 * @module
 */

import type { LostAfterEntry } from "../roles/heartbeat/lost_after_choice.ts";
import type { Cidr } from "../core/cidr.ts";
import type { NoticeKind } from "../core/notices.ts";

/** Settings of every listening port. Times are milliseconds. */
export interface ConnectionSettings {
  readonly connectionsMax: number;
  readonly connectionsPerAddressMax: number;
  readonly firstByteTimeoutMs: number;
  readonly headTimeoutMs: number;
  readonly bodyTimeoutMs: number;
  readonly idleTimeoutMs: number;
  readonly writeTimeoutMs: number;
  readonly headBytesMax: number;
  readonly targetBytesMax: number;
  readonly bodyBytesMax: number;
}

/** Settings of the heartbeat role. */
export interface HeartbeatSettings {
  /** Whether the role runs. */
  readonly heartbeat: boolean;
  readonly heartbeatHost: string;
  readonly heartbeatPort: number;
  /** Whether the port speaks HTTPS. */
  readonly heartbeatTls: boolean;
  readonly heartbeatApplicationsMax: number;
  readonly heartbeatApplicationsPerAddressMax: number;
  readonly heartbeatGraceMs: number;
  readonly heartbeatSelfTuning: boolean;
  readonly heartbeatSeconds: boolean;
  readonly heartbeatStations: readonly { readonly address: string; readonly name: string }[];
  readonly heartbeatExpect: readonly { readonly name: string; readonly address: string }[];
  /** Silence after which a program is lost; without a `program` that of all others. */
  readonly lostAfter: readonly LostAfterEntry[];
  readonly rememberGoneMs: number;
}

/** Settings of the trigger role. */
export interface TriggerSettings {
  /** Whether the role runs. */
  readonly trigger: boolean;
  readonly triggerHost: readonly string[];
  readonly triggerPort: number;
  readonly triggerExpirationMs: number;
  readonly triggerWorkers: number | undefined;
  readonly triggerClientsMax: number;
  readonly triggerClientsPerAddressMax: number;
  readonly triggerNewPerSecondMax: number;
  readonly triggerUnconfirmedPingsMax: number;
  readonly triggerAnyLength: boolean;
  readonly triggerSpread: boolean;
  readonly triggerAllow: readonly Cidr[];
  readonly triggerDeny: readonly Cidr[];
  readonly triggerLowPorts: boolean;
  readonly triggerOwnPort: boolean;
}

/** Settings of the HEV role. */
export interface HevSettings {
  /** Whether the role runs. */
  readonly hev: boolean;
  /** As in the option's help; `undefined` leaves it to the original's flags. */
  readonly hevSource: string | undefined;
  readonly hevHost: string;
  readonly hevWebPort: number;
  readonly hevQueryPort: number;
  readonly hevNativePort: number;
  readonly hevWebDialect: "seed" | "nul";
  readonly hevNativeDialect: "seed" | "nul";
  readonly hevIntervalMs: number;
  readonly hevPacketBytesMax: number;
  readonly hevSilenceMs: number;
  readonly hevQueryTimeoutMs: number;
  readonly hevController: "a0" | "a1" | "a1-packed" | "aa" | "b6";
  readonly hevSpeed: number;
  readonly hevAlarmIntervalMs: number;
  readonly hevAlarmSeed: number;
  readonly hevBigEndian: boolean;
  readonly useDumpData: boolean;
  readonly useDumpFile: boolean;
  readonly inputFile: string | undefined;
  /** Without another source, a demonstration plays a recording. */
  readonly demo: boolean;
}

/** Settings of the state role. */
export interface StateSettings {
  /** Whether the role runs. */
  readonly state: boolean;
  readonly stateHost: string;
  readonly statePort: number;
  /** Whether the port speaks HTTPS. */
  readonly stateTls: boolean;
  readonly statePublisherPort: number;
  readonly stateSubscriberPort: number;
  readonly stateTimebombMs: number;
  readonly stateCalibration: string | undefined;
  /** The client's ID or address behind each headset's name. */
  readonly stateHeadsets: readonly { readonly name: string; readonly client: string }[];
  readonly stateClientsMax: number;
  readonly stateNewPerSecondMax: number;
  /** Origins of pages that may operate, and of those that may use the channel. */
  readonly stateOperatorOrigins: readonly string[];
  readonly stateOrigins: readonly string[];
  /** Addresses that may operate without a token, and those that may report states. */
  readonly stateOperators: readonly Cidr[];
  readonly statePublishers: readonly Cidr[];
  /** Whether publishers need a token as the password of PLAIN. */
  readonly statePlain: boolean;
  /** Whether publishers may speak on the server's own topics. */
  readonly stateRelayOwnTopics: boolean;
  readonly rememberGoneMs: number;
}

/** Settings of the operator's console. */
export interface ConsoleSettings {
  /** Whether there is one. */
  readonly console: boolean;
  readonly consoleHost: string;
  readonly consolePort: number;
  /** Names of this host besides those that the machine knows. */
  readonly consoleName: readonly string[];
  /** Tags of members by name; a name may come several times. */
  readonly tag: readonly { readonly name: string; readonly tags: readonly string[] }[];
}

/** Settings of the storage. */
export interface StorageSettings {
  /** The data directory; `undefined` keeps everything in memory. */
  readonly data: string | undefined;
}

/** Where tokens, certificate and secrets are. */
export interface SecretSettings {
  readonly tokenFile: string | undefined;
  readonly tlsCert: string | undefined;
  readonly tlsKey: string | undefined;
  readonly webhookSecretFile: string | undefined;
  /** A file with URLs that are told when somebody is lost. */
  readonly webhookFile: string | undefined;
}

/** Whose TCP connections are taken. */
export interface AddressSettings {
  readonly allow: readonly Cidr[];
  readonly deny: readonly Cidr[];
}

/** Settings of what is done when somebody is lost. */
export interface NotificationSettings {
  readonly webhook: readonly string[];
  readonly webhookEvent: readonly NoticeKind[];
  readonly webhookReminderMs: number;
  /** A command of the shell. */
  readonly onLost: string | undefined;
  /** Outages within an hour that make a member flap. */
  readonly flapOutages: number;
}

/** What can be told otherwise while the host runs. */
export type TellingSettings = Omit<NotificationSettings, "flapOutages">;
/** Settings of a host's fleet. */
export interface FleetSettings {
  /** The brokers; none means no fleet. */
  readonly fleet: readonly {
    readonly hostname: string;
    readonly port: number;
    readonly tls: boolean;
  }[];
  readonly fleetName: string;
  readonly fleetHost: string | undefined;
  readonly fleetLabel: string | undefined;
  readonly fleetKey: string | undefined;
  readonly fleetCa: string | undefined;
  readonly fleetView: boolean;
  /** Whether this host tells of lost hosts. */
  readonly fleetTell: boolean;
}

/** All settings of a host. */
export interface ApplianceSettings
  extends
    ConnectionSettings,
    HeartbeatSettings,
    TriggerSettings,
    HevSettings,
    StateSettings,
    ConsoleSettings,
    StorageSettings,
    SecretSettings,
    AddressSettings,
    NotificationSettings,
    FleetSettings {}
