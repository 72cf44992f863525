/**
 * The protocols of Pulsebox as a library.
 *
 * An application of an exhibit tells that it is alive:
 *
 * ```ts
 * import { HilbertClient } from "@pulsebox/pulsebox";
 *
 * const client = new HilbertClient({ appId: "tetris" });
 * await using beat = client.beat({ delayMs: 5_000 });
 * // … the application runs; heartbeats are sent until the end of this block
 * ```
 *
 * @module
 */

export { HevClient } from "./src/clients/hev.ts";
export type { HevAlarm, HevClientOptions, HevValues } from "./src/clients/hev.ts";
export { HevPackets } from "./src/clients/hev_packets.ts";
export type { HevPacket, PacketAlarm } from "./src/wire/hev/packet_reader.ts";
export { HilbertClient } from "./src/clients/hilbert.ts";
export type { HilbertCallOptions, HilbertClientOptions } from "./src/clients/hilbert.ts";
export { Beat } from "./src/clients/hilbert_beat.ts";
export type { BeatOptions } from "./src/clients/hilbert_beat.ts";
export { HilbertError } from "./src/clients/hilbert_error.ts";
export type { HilbertFailure } from "./src/clients/hilbert_error.ts";
export type { HilbertSettings } from "./src/clients/hilbert_settings.ts";
export type { ExchangeFailure } from "./src/net/http_request.ts";
export { TriggerClient } from "./src/clients/trigger.ts";
export type { TriggerClientOptions, TriggerPing } from "./src/clients/trigger.ts";
export { Cadence } from "./src/clients/trigger_cadence.ts";
export type { CadenceFigures } from "./src/clients/trigger_cadence.ts";
export { parseList, parseStatus, parseWait } from "./src/wire/hilbert/answers.ts";
export type { StatusLine, StatusWord } from "./src/wire/hilbert/answers.ts";
export { formatIdentity, parseIdentity } from "./src/wire/hilbert/identity.ts";
export type { HilbertIdentity } from "./src/wire/hilbert/identity.ts";
export { Intermediary } from "./src/roles/state/intermediary.ts";
export type {
  IntermediaryCounters,
  IntermediaryOptions,
  LastValueReply,
  TopicListener,
} from "./src/roles/state/intermediary.ts";
