/**
 * The systemd unit of a host, which permits no more than its roles need.
 *
 * @module
 */

import { NO_SECRET } from "../../../appliance/no_secret.ts";
import { listWord, restOfLine } from "./systemd_syntax.ts";

/** What the unit depends on. */
export interface UnitPlan {
  /** What the host does, for `systemctl status`. */
  readonly description: string;
  /** The executable. */
  readonly program: string;
  /** The environment file. */
  readonly environmentFile: string;
  /** Serial devices that the host opens, in the words of `DeviceAllow`. */
  readonly devices: readonly string[];
  /** Whether a port below 1024 is listened on. */
  readonly bindsLowPort: boolean;
  /** Folders outside of the state directory that are written. */
  readonly writablePaths: readonly string[];
  /** Files that only root reads, by the variable that tells the host where they are. */
  readonly credentials: ReadonlyMap<string, string>;
  /** The same of files that may be missing; see {@linkcode NO_SECRET}. */
  readonly optionalCredentials?: ReadonlyMap<string, string>;
  /** A manual page, such as `man:pulsebox(1)`. */
  readonly manual?: string;
  /** Whether something below `/home` is read. */
  readonly readsHome: boolean;
}

/** Names the folders below `/var/lib` and `/var/cache`, and the unit. */
export const SERVICE_NAME = "pulsebox";

/** The service's user cannot read what only root reads: systemd hands it a copy at each start. */
function credentialLines(credentials: UnitPlan["credentials"], fallback?: string): string[] {
  return [...credentials].flatMap(([variable, path]) => {
    const name = variable.toLowerCase();
    return [
      `LoadCredential=${name}:${restOfLine(path)}`,
      // Without it, a missing file would keep the service from starting.
      ...fallback === undefined ? [] : [`SetCredential=${name}:${fallback}`],
      `Environment=${variable}=%d/${name}`,
    ];
  });
}

/**
 * Writes the unit. `MemoryDenyWriteExecute` is left out: V8 makes machine code of JavaScript, and
 * would be killed for it.
 */
export function systemdUnit(plan: UnitPlan): string {
  const isSerial = plan.devices.length > 0;
  const lines: (string | undefined)[] = [
    "[Unit]",
    `Description=${restOfLine(plan.description)}`,
    plan.manual === undefined ? undefined : `Documentation=${plan.manual}`,
    "# What keeps this host from its fleet, if it has one: pulsebox doctor --fleet URL",
    "Wants=network-online.target",
    "After=network-online.target",
    "# Whatever happens, it is started again.",
    "StartLimitIntervalSec=0",
    "",
    "[Service]",
    "Type=notify",
    "NotifyAccess=main",
    `EnvironmentFile=${plan.environmentFile}`,
    ...credentialLines(plan.credentials),
    ...credentialLines(plan.optionalCredentials ?? new Map(), NO_SECRET),
    `ExecStart=${plan.program}`,
    "Restart=always",
    "RestartSec=1",
    "# Longer than a start waits for a port that an outgoing connection holds.",
    "TimeoutStartSec=120",
    "TimeoutStopSec=5",
    "WatchdogSec=20",
    "LimitNOFILE=65536",
    "",
    "# A user of its own for as long as it runs; what it keeps is in /var/lib and /var/cache.",
    "DynamicUser=yes",
    `StateDirectory=${SERVICE_NAME}`,
    "StateDirectoryMode=0750",
    `CacheDirectory=${SERVICE_NAME}`,
    "UMask=0077",
    isSerial ? "SupplementaryGroups=dialout" : undefined,
    "",
    "# What it cannot do. No MemoryDenyWriteExecute: V8 makes machine code and would be killed.",
    "ProtectSystem=strict",
    `ProtectHome=${plan.readsHome ? "read-only" : "yes"}`,
    ...plan.writablePaths.map((path) => `ReadWritePaths=${listWord(path)}`),
    "PrivateTmp=yes",
    isSerial ? "DevicePolicy=closed" : "PrivateDevices=yes",
    ...plan.devices.map((device) => `DeviceAllow=${listWord(device)} rw`),
    "PrivateMounts=yes",
    "ProtectClock=yes",
    "ProtectControlGroups=yes",
    "ProtectHostname=yes",
    "ProtectKernelLogs=yes",
    "ProtectKernelModules=yes",
    "ProtectKernelTunables=yes",
    "ProtectProc=invisible",
    "LockPersonality=yes",
    "NoNewPrivileges=yes",
    "RemoveIPC=yes",
    "RestrictNamespaces=yes",
    "RestrictRealtime=yes",
    "RestrictSUIDSGID=yes",
    "KeyringMode=private",
    // Netlink lists the addresses of this machine.
    "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK",
    `CapabilityBoundingSet=${plan.bindsLowPort ? "CAP_NET_BIND_SERVICE" : ""}`,
    `AmbientCapabilities=${plan.bindsLowPort ? "CAP_NET_BIND_SERVICE" : ""}`,
    "SystemCallArchitectures=native",
    "SystemCallFilter=@system-service",
    "SystemCallFilter=~@privileged @resources",
    "# A refused call is an error that a program can deal with, not its end.",
    "SystemCallErrorNumber=EPERM",
    "",
    "[Install]",
    "WantedBy=multi-user.target",
  ];
  return `${lines.filter((line) => line !== undefined).join("\n")}\n`;
}
