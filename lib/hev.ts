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
export type { ConnectionListener } from "../src/net/connection_news.ts";
