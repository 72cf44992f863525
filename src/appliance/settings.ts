/**
 * What a running host can be told.
 *
 * @module
 */

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
  readonly heartbeatApplicationsMax: number;
  readonly heartbeatApplicationsPerAddressMax: number;
  readonly heartbeatGraceMs: number;
  readonly heartbeatSelfTuning: boolean;
  readonly heartbeatSeconds: boolean;
  readonly heartbeatStations: readonly { readonly address: string; readonly name: string }[];
  readonly heartbeatExpect: readonly { readonly name: string; readonly address: string }[];
  readonly rememberGoneMs: number;
}

/** Settings of the operator's console. */
export interface ConsoleSettings {
  /** Whether there is one. */
  readonly console: boolean;
  readonly consoleHost: string;
  readonly consolePort: number;
}

/** Settings of the storage. */
export interface StorageSettings {
  /** The data directory; `undefined` keeps everything in memory. */
  readonly data: string | undefined;
}

/** All settings of a host. */
export interface ApplianceSettings
  extends ConnectionSettings, HeartbeatSettings, ConsoleSettings, StorageSettings {}
