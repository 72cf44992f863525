/**
 * The types of the fleet's settings.
 *
 * @module
 */

import { NATS_PORT_DEFAULT } from "../../wire/fleet/broker_port.ts";
import { isFleetToken } from "../../wire/fleet/subjects.ts";
import { parsePlace } from "../../wire/url/place.ts";
import { textType, type ValueType } from "./value_types.ts";

/** A broker. */
export interface BrokerPlace {
  readonly hostname: string;
  readonly port: number;
  /** Whether to refuse a connection without TLS. */
  readonly tls: boolean;
}

/** The form of a name in a fleet, for error messages. */
export const FLEET_HOST_FORM = "must be 1 to 63 letters, digits, - or _";

/** The name of a fleet, or of a host in it. */
export function fleetTokenType(message: string): ValueType<string> {
  return textType(message, (text) => isFleetToken(text) ? text : undefined);
}

/** `nats://HOST:PORT`, or `tls://HOST:PORT`. */
export const natsUrlType: ValueType<BrokerPlace> = textType(
  "must be a broker such as nats://pi1:4222, or tls://pi1:4222",
  (text) => {
    const place = parsePlace(text);
    if (typeof place === "string" || !/^\/?$/.test(place.target)) return undefined;
    const { scheme = "nats", hostname, port = NATS_PORT_DEFAULT } = place;
    if (scheme !== "nats" && scheme !== "tls") return undefined;
    return port === 0 ? undefined : { hostname, port, tls: scheme === "tls" };
  },
);
