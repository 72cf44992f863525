/**
 * A HEV ventilator's values, alarms and commands.
 *
 * ```ts
 * import { HevClient } from "@pulsebox/pulsebox/hev";
 *
 * await using client = new HevClient({ hostname: "127.0.0.1" });
 * console.log(client.isConnected); // false: it connects in the background
 * ```
 *
 * @module
 */

export { HevClient } from "../src/clients/hev/client.ts";
export type {
  HevAlarm,
  HevClientOptions,
  HevPackets,
  HevValues,
} from "../src/clients/hev/client.ts";
export type { HevPacket, PacketAlarm } from "../src/wire/hev/packet_reader.ts";
export { HevError } from "../src/clients/hev/error.ts";
export type { HevFailure } from "../src/clients/hev/error.ts";
export { ClientError } from "../src/core/client_error.ts";
export type { ClientStatus, StatusListener } from "../src/net/client_status.ts";
