/**
 * The ports that a host with some settings listens on.
 *
 * @module
 */

import type { WantedPort } from "../../appliance/doctor/ports.ts";
import { type OptionKey, optionOf, type Settings } from "../options.ts";

/** Each port of the roles that are turned on, and of the console. */
export function wantedPorts(settings: Settings): WantedPort[] {
  const port = (
    role: "heartbeat" | "trigger" | "hev" | "state" | "console",
    hostname: string,
    key: OptionKey & `${string}Port`,
    protocol: "tcp" | "udp" = "tcp",
  ): WantedPort[] =>
    settings[role]
      ? [{
        role,
        hostname,
        protocol,
        port: Number(settings[key]),
        option: `--${optionOf(key).flag}`,
      }]
      : [];
  return [
    ...port("heartbeat", settings.heartbeatHost, "heartbeatPort"),
    ...settings.triggerHost.flatMap((host) => port("trigger", host, "triggerPort", "udp")),
    ...port("hev", settings.hevHost, "hevWebPort"),
    ...port("hev", settings.hevHost, "hevQueryPort"),
    ...port("hev", settings.hevHost, "hevNativePort"),
    ...port("state", settings.stateHost, "statePort"),
    ...port("state", settings.stateHost, "statePublisherPort"),
    ...port("state", settings.stateHost, "stateSubscriberPort"),
    ...port("console", settings.consoleHost, "consolePort"),
  ];
}
