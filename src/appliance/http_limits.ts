/**
 * The limits of HTTP ports, from the settings.
 *
 * @module
 */

import type { HttpServerOptions } from "../net/http/server.ts";
import type { Logger } from "@logtape/logtape";
import { tellingSources } from "./telling_sources.ts";
import type { AddressSettings, ConnectionSettings } from "./settings.ts";

/** Translates settings into limits of the server. */
export function httpLimits(
  settings: ConnectionSettings & AddressSettings,
  log: Logger,
): NonNullable<HttpServerOptions["limits"]> {
  return {
    connectionsMax: settings.connectionsMax,
    connectionsPerAddressMax: settings.connectionsPerAddressMax,
    firstByteMs: settings.firstByteTimeoutMs,
    headMs: settings.headTimeoutMs,
    bodyMs: settings.bodyTimeoutMs,
    idleMs: settings.idleTimeoutMs,
    writeStallMs: settings.writeTimeoutMs,
    headBytesMax: settings.headBytesMax,
    targetBytesMax: settings.targetBytesMax,
    bodyBytesMax: settings.bodyBytesMax,
    sources: tellingSources(settings, log),
  };
}
