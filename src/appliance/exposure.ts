/**
 * A warning where others than this machine can reach a port.
 *
 * @module
 */

import type { Logger } from "@logtape/logtape";
import { isLoopback } from "../net/address.ts";
import type {
  ConsoleSettings,
  HeartbeatSettings,
  HevSettings,
  SecretSettings,
  StateSettings,
  TriggerSettings,
} from "./settings.ts";

/** Warns of each port that listens beyond loopback, and names the option that decides it. */
export function warnOfExposure(
  settings:
    & ConsoleSettings
    & HeartbeatSettings
    & TriggerSettings
    & HevSettings
    & StateSettings
    & SecretSettings,
  log: Logger,
): void {
  const ports = [
    { on: settings.heartbeat, option: "--heartbeat-host", host: settings.heartbeatHost },
    // Who may register is what an allow list says; without one it is everybody.
    ...settings.triggerHost.map((host) => ({
      on: settings.trigger && settings.triggerAllow.length === 0,
      option: "--trigger-host or --trigger-allow",
      host,
    })),
    { on: settings.hev, option: "--hev-host", host: settings.hevHost },
    { on: settings.state, option: "--state-host", host: settings.stateHost },
    {
      on: settings.console && settings.tokenFile === undefined,
      option: "--console-host or --token-file",
      host: settings.consoleHost,
    },
  ];
  for (const { on, option, host } of ports) {
    if (!on || isLoopback(host)) continue;
    log.warning("Everybody who can reach {host} can use this port without a password: {option}", {
      host,
      option,
    });
  }
}
