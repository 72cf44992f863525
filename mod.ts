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

export { GameClient } from "./src/clients/game.ts";
export type { GameClientOptions, StateListener } from "./src/clients/game.ts";
export { CLIENT_STATES } from "./src/core/client_state.ts";
export type { ClientState } from "./src/core/client_state.ts";
export type { GameCommand } from "./src/wire/mlf/topics.ts";
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
export { ZmqDealer } from "./src/clients/zmq_dealer.ts";
export type { ZmqDealerOptions } from "./src/clients/zmq_dealer.ts";
export { ZmqError } from "./src/clients/zmq_error.ts";
export type { ZmqFailure } from "./src/clients/zmq_error.ts";
export type { ZmqOutgoing } from "./src/clients/zmq_frames.ts";
export type { ZmqInboxOptions, ZmqInboxPolicy } from "./src/clients/zmq_inbox.ts";
export { ZmqPub } from "./src/clients/zmq_pub.ts";
export type { ZmqPublishResult } from "./src/clients/zmq_pub.ts";
export { ZmqReq } from "./src/clients/zmq_req.ts";
export type { ZmqRequestOptions } from "./src/clients/zmq_req.ts";
export { ZmqSub } from "./src/clients/zmq_sub.ts";
export type { ZmqSubOptions } from "./src/clients/zmq_sub.ts";
export type { ZmqConnectOptions, ZmqReconnectLimits } from "./src/net/zmq_link.ts";
export { ZmqRouter } from "./src/net/zmq_router.ts";
export type { ZmqReply, ZmqRequestInfo, ZmqRouterOptions } from "./src/net/zmq_router.ts";
export { ZmqServer } from "./src/net/zmq_server.ts";
export type { ZmqBindable, ZmqServerOptions } from "./src/net/zmq_server.ts";
export { ZmqXPub } from "./src/net/zmq_xpub.ts";
export type { ZmqSubscriptionLimits, ZmqXPubOptions } from "./src/net/zmq_xpub.ts";
export { ZmqXSub } from "./src/net/zmq_xsub.ts";
export type { ZmqXSubOptions } from "./src/net/zmq_xsub.ts";
export type { ZmqCounters, ZmqSocketOptions } from "./src/net/zmq_hub.ts";
export type { ZmqOverflow, ZmqPeerLimits, ZmqRemote, ZmqSendResult } from "./src/net/zmq_peer.ts";
export type { Peer } from "./src/net/address.ts";
export type { TcpServerLimits } from "./src/net/tcp_server.ts";
export type { Mechanism, ZmqPeerInfo } from "./src/wire/zmq/handshake.ts";
export type { ZmqMessage, ZmqMessageLimits } from "./src/wire/zmq/message.ts";
